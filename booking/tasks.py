"""Jobs of booking."""

from booking.domain.calendar import epoch_of, window
from booking.services.feeds import end_feeds
from booking.services.touch import show_changes
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.jobs import task


@task("booking:show_changes")
def show_changes_of(user_id: int) -> None:
    now = utcnow()
    show_changes(db.session(), user_id, ending_after=window(epoch_of(now)).start, now=now)
    db.session.commit()


@task("booking:end_calendars")
def end_calendars_of(user_id: int) -> None:
    end_feeds(db.session(), user_id)
    db.session.commit()
