"""What the page about a mentor's load shows: the weeks, drawn and in figures, and what is gently said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from booking.domain.load import LATE, WEEKS, Concern, LoadWeek, Seat, Warned, load_of, warnings
from booking.domain.readings import write_clock
from booking.domain.schedule import Schedule
from booking.domain.states import CANCELLED
from booking.queries.bookings import schedule_of
from booking.queries.hours import time_off_after
from booking.week import sessions_between
from marketplace.core import formats
from marketplace.core.charts.bars import Chart, bars
from marketplace.desk.showing.hours import Frame

_ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LoadPage:
    """`closed_until` is set while the rest of this week is closed in one press; `limit_y` is where the cap is drawn."""

    weeks: list[LoadWeek]
    chart: Chart
    limit_y: int
    sessions_a_week: int
    warned: list[str]
    late_from: str
    is_closed: bool

    @property
    def monday(self) -> date:
        return self.weeks[0].monday


def load_page(session: Session, frame: Frame) -> LoadPage:
    schedule = schedule_of(session, frame.mentor.id, frame.envelope)
    monday = frame.today - timedelta(days=frame.today.weekday())
    weeks = load_of(schedule, _seats(session, frame, monday), monday)
    limit = schedule.boundaries.sessions_a_week
    # The cap is drawn as one more bar, so that all are measured alike; the page leaves it out.
    chart = bars([*(week.sessions for week in weeks), limit])
    off = time_off_after(session, frame.mentor.id, frame.local_now)
    return LoadPage(
        weeks=weeks,
        chart=chart,
        limit_y=chart.bars[-1].y,
        sessions_a_week=limit,
        warned=[_said(each, schedule) for each in warnings(weeks, limit)],
        late_from=_late_from(schedule),
        is_closed=any(each.closes_week == monday for each in off),
    )


def _seats(session: Session, frame: Frame, monday: date) -> Iterator[Seat]:
    zones = frame.zones
    first, last = (datetime.fromtimestamp(zones.begins(day), UTC) for day in (monday, monday + WEEKS * _ONE_WEEK))
    for booking in sessions_between(session, frame.mentor.id, first, last):
        if booking.state not in CANCELLED:
            yield Seat(zones.clock(booking.starts_at), booking.ends_at - booking.starts_at)


def _late_from(schedule: Schedule) -> str:
    return write_clock(schedule.envelope.closes - LATE // timedelta(minutes=1))


def _said(warned: Warned, schedule: Schedule) -> str:
    weeks = formats.listed(formats.dated_day(monday) for monday in warned.mondays)
    match warned.concern:
        case Concern.FULL:
            return _("By your own limit nothing more fits into the weeks of %(weeks)s.", weeks=weeks)
        case Concern.HEAVY:
            return _("Half of your working time or more is with mentees in the weeks of %(weeks)s.", weeks=weeks)
        case Concern.UNBROKEN:
            return _("Four hours and more without half an hour’s break: in the weeks of %(weeks)s.", weeks=weeks)
        case Concern.LATE:
            late = _late_from(schedule)
            return _(
                "Three sessions or more begin at %(time)s or later in the weeks of %(weeks)s.", time=late, weeks=weeks
            )
        case Concern.NO_WEEK_OFF:
            return _("No week off is in sight until %(day)s. When is the next one?", day=weeks)
