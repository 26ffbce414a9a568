"""Jobs of mentorships."""

from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.jobs import sweep
from marketplace.mentorships.services.reviews import ask_for_reviews
from marketplace.mentorships.services.silence import look_at_due
from marketplace.mentorships.services.waiting import look_at_waiting


@sweep("mentorships:silence", cron="*/5 * * * * 25")
def look_at_silence() -> None:
    """Mentors who have not answered for some of their working days."""
    look_at_due(db.session(), utcnow())
    db.session.commit()


@sweep("mentorships:waiting", cron="*/15 * * * *")
def look_at_what_waits() -> None:
    """Weeks without a check-in, and agreements whose day has come."""
    look_at_waiting(db.session(), utcnow())
    db.session.commit()


@sweep("mentorships:reviews", cron="37 * * * *")
def ask_how_it_was() -> None:
    """Pairs that have met often enough."""
    ask_for_reviews(db.session(), utcnow())
    db.session.commit()
