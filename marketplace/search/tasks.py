"""The jobs of search."""

from booking.queries.bookings import envelope_of
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.core.jobs import sweep
from marketplace.search.services import forget_words, look_again
from payments.queries.fees import fee_rules


@sweep("search:look", cron="* * * * * 30")
def look() -> None:
    """At the free times of a sixtieth of all mentors, every minute."""
    session, now = db.session(), utcnow()
    look_again(session, now=now, envelope=envelope_of(settings()), rules=fee_rules(session, settings(), now))
    forget_words(session, now=now)
    session.commit()
