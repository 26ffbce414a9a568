"""A busy calendar is read in while somebody books or moves: whichever comes in between at whichever point, nobody is
booked at a time that was already known to be taken, and nobody sees half of what a calendar says.

The guard is the owner's lock on both sides. The control runs take it from the reading, and the harm must show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import delete, insert, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.domain.busy import Reading
from booking.domain.intervals import Interval
from booking.domain.states import OCCUPYING
from booking.models.bookings import Booking
from booking.models.busy import BusyCalendar, BusyTime
from booking.queries.busy import busy_times
from booking.services import busy_calendars, busy_readings
from booking.services.busy_readings import Claim, Tags
from marketplace.accounts.models import User
from marketplace.core.db import db
from tests.conftest import SECRET_KEY
from tests.payments.conftest import TEN
from tests.races import acts
from tests.races.acts import NOON, World
from tests.races.interrupting import interrupt, points_to_interrupt
from tests.races.later import move_to
from tests.races.worlds import begin_anew

pytestmark = pytest.mark.slow
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
BOOKED_TIMES = select(Booking.starts_at).where(Booking.status.in_(OCCUPYING))


def calendar_of_grace(world: World) -> Claim:
    """Added, and asked: what it says is to be written down."""
    with world.app.app_context():
        grace = db.session.scalars(select(User.id).where(User.name == "Grace Example")).one()
        added = busy_calendars.add(
            db.session(), grace, "https://calendar.example/a.ics", secret_key=SECRET_KEY, now=world.clock.now()
        )
        claimed = busy_readings.claim(db.session(), added.id, world.clock.now())
        db.session.commit()
    assert claimed is not None
    return claimed


class Reader:
    """Writes down that Grace is busy at a time; `came_first` if nobody was booked then when it was done."""

    def __init__(self, claimed: Claim, start: datetime) -> None:
        self.claimed, self.start, self.came_first = claimed, start, False

    def __call__(self, world: World) -> None:
        said = Reading((Interval(self.start, self.start + HOUR),))
        with world.app.app_context():
            now = world.clock.now()
            busy_readings.take(db.session(), self.claimed, said, Tags(None, None), now=now, every=QUARTER)
            db.session.commit()
            self.came_first = self.start not in db.session.scalars(BOOKED_TIMES).all()
            db.session.rollback()


@contextmanager
def without_the_lock(world: World) -> Iterator[None]:
    """And without the mark that the search sets, which is written by both and would make one wait for the other."""

    def no_lock(*_arguments: object) -> None:
        return

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(busy_readings, "lock_people", no_lock)
        marks(world, "DISABLE")
        yield
        marks(world, "ENABLE")


def marks(world: World, how: str) -> None:
    with world.app.app_context():
        db.session.execute(text(f"ALTER TABLE busy_time {how} TRIGGER USER"))
        db.session.commit()


ACTS = [
    pytest.param(acts.nothing, acts.hold_only, TEN, id="holding"),
    pytest.param(acts.sell, move_to(NOON), NOON, id="moving"),
]


def harm(world: World, before: Callable[[World], None], act: Callable[[World], None], start: datetime) -> int:
    """How often somebody was booked at a time that was known to be busy, over all points of the act."""
    here = begin_anew(world)
    before(here)
    found = 0
    for number in points_to_interrupt(here, act):
        here = begin_anew(world)
        before(here)
        reader = Reader(calendar_of_grace(here), start)
        interrupt(here, act, number, reader)
        with here.app.app_context():
            booked = start in db.session.scalars(BOOKED_TIMES).all()
            db.session.rollback()
        found += booked and reader.came_first
    return found


@pytest.mark.parametrize(("before", "act", "start"), ACTS)
def test_nobody_is_booked_at_a_time_that_is_known_to_be_busy(world, before, act, start):
    assert harm(world, before, act, start) == 0


@pytest.mark.parametrize(("before", "act", "start"), ACTS)
def test_control_without_the_lock_of_the_reading_somebody_is(world, before, act, start):
    with without_the_lock(world):
        assert harm(world, before, act, start) > 0


def spans(*hours: int) -> tuple[Interval, ...]:
    return tuple(Interval(TEN + hour * HOUR, TEN + (hour + 1) * HOUR) for hour in hours)


ODD, EVEN = spans(1, 3, 5, 7), spans(0, 2, 4, 6)
ROUNDS = 40


def seen_while(world: World, write: Callable[[Session, int, tuple[Interval, ...]], None]) -> set[tuple[Interval, ...]]:
    """What others see of a calendar while it says one and the other by turns."""
    claimed = calendar_of_grace(world)
    seen: set[tuple[Interval, ...]] = set()
    done = Event()

    def look() -> None:
        reach = Range(TEN - HOUR, TEN + 12 * HOUR)
        with world.app.app_context():
            owner = db.session.scalars(select(BusyCalendar.user_id)).one()
            while not done.is_set():
                seen.add(tuple(sorted(busy_times(db.session(), [owner], reach).get(owner, []))))
                db.session.rollback()

    with world.app.app_context():
        write(db.session(), claimed.calendar_id, ODD)
        looking = [Thread(target=look) for _ in range(2)]
        for each in looking:
            each.start()
        for number in range(ROUNDS):
            write(db.session(), claimed.calendar_id, ODD if number % 2 else EVEN)
        done.set()
        for each in looking:
            each.join()
    return seen


def in_one_transaction(session: Session, calendar_id: int, said: tuple[Interval, ...]) -> None:
    calendar = session.get_one(BusyCalendar, calendar_id)
    now = calendar.next_read_at
    claimed = busy_readings.claim(session, calendar_id, now)
    assert claimed is not None
    busy_readings.take(session, claimed, Reading(said), Tags(None, None), now=now, every=QUARTER)
    session.commit()


def in_two(session: Session, calendar_id: int, said: tuple[Interval, ...]) -> None:
    owner = session.get_one(BusyCalendar, calendar_id).user_id
    session.execute(delete(BusyTime))
    session.commit()
    rows = [{"calendar_id": calendar_id, "user_id": owner, "span": Range(each.start, each.end)} for each in said]
    session.execute(insert(BusyTime), rows)
    session.commit()


def test_nobody_sees_half_of_what_a_calendar_says(world):
    here = begin_anew(world)

    assert seen_while(here, in_one_transaction) <= {ODD, EVEN}


def test_control_in_two_transactions_somebody_does(world):
    here = begin_anew(world)

    assert not seen_while(here, in_two) <= {ODD, EVEN}
