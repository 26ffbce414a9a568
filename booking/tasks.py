"""Jobs of booking."""

from booking.services.touch import show_changes
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.jobs import task


@task("booking:show_changes")
def show_changes_of(user_id: int) -> None:
    show_changes(db.session(), user_id, now=utcnow())
    db.session.commit()
