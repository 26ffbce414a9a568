"""Jobs of booking."""

from booking.busy.reading import read_in
from booking.domain.calendar import epoch_of, window
from booking.queries.busy import to_read
from booking.services.busy_calendars import end_busy_calendars, enqueue_reading
from booking.services.feeds import end_feeds
from booking.services.holidays import extend, to_extend
from booking.services.remind import plan_anew, tell_due
from booking.services.touch import show_changes
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.core.jobs import sweep, task


@task("booking:show_changes")
def show_changes_of(user_id: int) -> None:
    now = utcnow()
    show_changes(db.session(), user_id, ending_after=window(epoch_of(now)).start, now=now)
    db.session.commit()


@sweep("booking:holidays", cron="17 * * * *")
def bring_in_holidays() -> None:
    """The days that have come in reach of somebody's calendar, each mentor in a transaction of its own."""
    now = utcnow()
    for mentor_id in to_extend(db.session(), now):
        extend(db.session(), mentor_id, now)
        db.session.commit()


@sweep("booking:remind", cron="* * * * * 15")
def remind() -> None:
    tell_due(db.session(), utcnow())
    db.session.commit()


@sweep("booking:busy_calendars", cron="* * * * * 45")
def find_busy_calendars() -> None:
    """Those whose time to be read has come; each is a job of its own."""
    for calendar_id in to_read(db.session(), utcnow()):
        enqueue_reading(db.session(), calendar_id)
    db.session.commit()


@task("booking:read_busy")
def read_busy_calendar(calendar_id: int) -> None:
    read_in(db.session(), calendar_id, settings())


@task("booking:plan_reminders")
def plan_reminders_of(user_id: int) -> None:
    plan_anew(db.session(), user_id, now=utcnow())
    db.session.commit()


@task("booking:end_calendars")
def end_calendars_of(user_id: int) -> None:
    end_feeds(db.session(), user_id)
    end_busy_calendars(db.session(), user_id)
    db.session.commit()
