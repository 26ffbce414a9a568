"""Jobs of mentorships."""

from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.jobs import sweep
from marketplace.mentorships.services.fit import ask_both


@sweep("mentorships:ask_fit", cron="*/5 * * * *")
def ask_whether_they_fit() -> None:
    ask_both(db.session(), utcnow())
    db.session.commit()
