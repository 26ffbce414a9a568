"""Jobs of mentorships."""

from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.jobs import sweep
from marketplace.mentorships.services.reviews import ask_for_reviews
from marketplace.mentorships.services.silence import look_at_due


@sweep("mentorships:silence", cron="*/5 * * * * 25")
def look_at_silence() -> None:
    """Mentors who have not answered for some of their working days."""
    look_at_due(db.session(), utcnow())
    db.session.commit()


@sweep("mentorships:reviews", cron="37 * * * *")
def ask_how_it_was() -> None:
    """Pairs that have met often enough."""
    ask_for_reviews(db.session(), utcnow())
    db.session.commit()
