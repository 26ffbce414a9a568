"""The jobs of search."""

from booking.queries import envelope_of
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.core.jobs import sweep
from marketplace.search.services import forget_words, look_again
from payments.queries import fee_rule


@sweep("search:look", cron="* * * * * 30")
def look() -> None:
    """At the free times of a sixtieth of all mentors, every minute."""
    session, now = db.session(), utcnow()
    look_again(session, now=now, envelope=envelope_of(settings()), rule=fee_rule(settings()))
    forget_words(session, now=now)
    session.commit()
