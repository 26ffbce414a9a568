"""Rule business_hours_only while hours are edited: whichever comes in between at whichever point, nobody is booked by
hours that are gone, and no mentor saves hours without having seen each session that they leave outside.

The guard is the mentor's lock, on both sides. The control runs take it from the edit, and the harm must show.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.domain.affected import outside
from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.states import OCCUPYING
from booking.models.bookings import Booking
from booking.queries.bookings import schedule_of
from booking.services import hours
from marketplace.accounts.models import User
from marketplace.core.db import db
from tests.desk.hours_steps import HOURS, day, hidden
from tests.payments.conftest import TEN
from tests.races import acts
from tests.races.acts import World
from tests.races.interrupting import interrupt, points_to_interrupt
from tests.races.worlds import begin_anew
from tests.web import csrf, sign_in

pytestmark = pytest.mark.slow

THE_DAY = str(TEN.date())
WITHOUT_TUESDAY = {name: text for weekday in (1, 3, 4, 5) for name, text in day(weekday, "9-17").items()}


@dataclass(frozen=True, slots=True)
class Edit:
    """Grace, on a page that she opened before the race, presses its button; she is never told, and never insists."""

    path: str
    fields: dict[str, str]
    seen: bool = True
    """It names the hours that its page began from."""

    def ready(self, world: World) -> Callable[[World], None]:
        client = world.app.test_client()
        with world.app.app_context():
            grace = db.session.scalars(select(User).where(User.name == "Grace Example")).one()
            db.session.commit()
        sign_in(client, grace)
        form = {
            "csrf_token": csrf(client, self.path),
            "instead_of": _seen(client) if self.seen else "",
            "action": "save",
            **self.fields,
        }

        def press(_world: World) -> None:
            assert client.post(self.path, data=form).status_code in {200, 303}

        return press


def _seen(client: FlaskClient) -> str:
    return hidden(client.get(HOURS), "instead_of")[0]


EDITS = [
    pytest.param(Edit(HOURS, WITHOUT_TUESDAY), id="no more Tuesdays"),
    pytest.param(Edit(f"{HOURS}/dates", {"first": THE_DAY, "kind": "closed"}), id="that date closed"),
    pytest.param(Edit(f"{HOURS}/time-off", {"first": THE_DAY}), id="time off"),
    pytest.param(Edit(f"{HOURS}/protected", {"listed": THE_DAY}, seen=False), id="that date protected"),
    pytest.param(Edit(f"{HOURS}/holidays", {"country": "ES"}, seen=False), id="the Immaculate Conception kept"),
    pytest.param(
        Edit(f"{HOURS}/travel", {"first": THE_DAY, "last": THE_DAY, "zone": "America/New_York"}, seen=False),
        id="elsewhere on that date",
    ),
]


def booked_outside(world: World) -> int:
    """Sessions that take up time outside the hours that are there now."""
    with world.app.app_context():
        bookings = db.session.scalars(select(Booking).where(Booking.status.in_(OCCUPYING))).all()
        spans = [Interval(booking.starts_at, booking.ends_at) for booking in bookings]
        mentor = db.session.scalars(select(User.id).where(User.name == "Grace Example")).one()
        found = outside(schedule_of(db.session(), mentor, Envelope()), spans)
        db.session.rollback()
    return len(found)


@contextmanager
def without_the_lock() -> Iterator[None]:
    def no_lock(*_arguments: object) -> None:
        return

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hours, "lock_people", no_lock)
        yield


def harm(world: World, edit: Edit) -> int:
    """How often a session ended up outside, over all points of both, each interrupted by the other."""
    found = 0
    for edit_is_first in (True, False):
        here = begin_anew(world)
        for number in points_to_interrupt(here, edit.ready(here) if edit_is_first else acts.hold_only):
            here = begin_anew(world)
            press = edit.ready(here)
            first, other = (press, acts.hold_only) if edit_is_first else (acts.hold_only, press)
            interrupt(here, first, number, other)
            found += booked_outside(here)
    return found


@pytest.mark.parametrize("edit", EDITS)
def test_nobody_is_booked_by_hours_that_are_gone(world: World, edit: Edit) -> None:
    assert harm(world, edit) == 0


@pytest.mark.parametrize("edit", EDITS)
def test_control_without_the_lock_of_the_edit_somebody_is(world: World, edit: Edit) -> None:
    with without_the_lock():
        assert harm(world, edit) > 0


def test_who_edits_after_a_hold_is_asked_and_nothing_is_saved(world: World) -> None:
    """Otherwise there would be nothing to race for."""
    here = begin_anew(world)
    press = Edit(HOURS, WITHOUT_TUESDAY).ready(here)
    acts.hold_only(here)

    press(here)

    assert booked_outside(here) == 0
    with here.app.app_context():
        assert db.session.scalars(select(Booking.starts_at)).all() == [TEN]
        db.session.rollback()
