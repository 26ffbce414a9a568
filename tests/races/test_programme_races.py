"""Two at once about one programme: its sessions are used once, and what is unused goes back once or is booked.

At every point of the one, the other comes in between. Each race has a control run without locks and triggers, which
does harm.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from threading import get_ident
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.core.db import Json, db
from marketplace.mentorships.services import ending as ending_pairs
from payments.models.programmes import Programme, SessionBefore
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund
from payments.queries import settling as settle_queries
from payments.queries.ledger import violations
from payments.services import cancel, money_back, outcomes, programme_rows, refund, settle
from payments.services.commands import want
from payments.services.rows import SoldRows
from tests.payments.conftest import TEN
from tests.races import banks
from tests.races.acts import Act, World
from tests.races.guards import Guards, all_guards
from tests.races.interrupting import interrupt, points_to_interrupt
from tests.races.programmes import (
    WEEK,
    begin,
    book_at,
    book_what_is_left,
    buy,
    buy_and_call_off,
    complete,
    end,
    end_mentorship,
    hear_of_the_bank,
    take_the_money,
)
from tests.races.worlds import begin_anew

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@contextmanager
def no_locks_and_used_any_number_of_times(world: World) -> Iterator[None]:
    """Rows are read as they are, and the database lets a session be used again. For control runs only."""
    with world.app.app_context(), db.engine.begin() as connection:
        for trigger in ("session_is_used_once", "sold_is_frozen"):
            connection.execute(text(f"ALTER TABLE purchase_session DISABLE TRIGGER {trigger}"))
        connection.execute(text("ALTER TABLE purchase_session DROP CONSTRAINT IF EXISTS returned_was_to_book"))
        connection.execute(text("ALTER TABLE programme DROP CONSTRAINT IF EXISTS nobody_is_asked_after_the_end"))

    def nothing(*_arguments: object) -> None:
        return

    with pytest.MonkeyPatch.context() as patched:
        for module in (programme_rows, ending_pairs):
            patched.setattr(module, "lock_people", nothing)
        patched.setattr(programme_rows, "lock_purchase", lambda session, number: session.get_one(Purchase, number))
        patched.setattr(programme_rows, "lock_bookings_of", _bookings)
        patched.setattr(programme_rows, "lock_payment_that_bought", lambda session, _: _payment(session))
        for module in (cancel, money_back, outcomes):
            patched.setattr(module, "lock_sold", _sold)
        yield


@contextmanager
def no_locks_and_paid_by_what_was_read_first(world: World) -> Iterator[None]:
    """Besides, each gives back by what had gone back when it began, and the database takes any number of refunds."""
    with world.app.app_context(), db.engine.begin() as connection:
        for table, trigger in (("booking", "cancelled_is_final"), ("programme", "sold_is_frozen")):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}"))
        for index in ("one_refund_per_reason", "one_refund_per_session"):
            connection.execute(text(f"DROP INDEX IF EXISTS {index}"))
    known, numbers = dict[int, Any](), count()

    def want_anew(session: Session, kind: str, key: str, params: Json, *, now: datetime) -> int | None:
        return want(session, kind, f"{key}-{next(numbers)}", params, now=now)

    def payment_as_read(session: Session, _purchase_id: int) -> Payment:
        payment = _payment(session)
        known[get_ident()] = settle_queries.refunded(session, payment)
        return payment

    def sold_as_read(session: Session, booking_id: int) -> SoldRows:
        rows = _sold(session, booking_id)
        payment_as_read(session, rows.purchase.id)
        return rows

    with no_locks_and_used_any_number_of_times(world), pytest.MonkeyPatch.context() as patched:
        patched.setattr(programme_rows, "lock_payment_that_bought", payment_as_read)
        patched.setattr(money_back, "lock_sold", sold_as_read)
        patched.setattr(settle, "refunded", lambda _session, _payment: known[get_ident()])
        patched.setattr(
            refund, "want", lambda s, kind, key, *rest, **more: want(s, kind, f"{key}-{next(numbers)}", *rest, **more)
        )
        yield


def _bookings(session: Session, purchase_id: int) -> list[Booking]:
    its = select(PurchaseSession.booking_id).where(PurchaseSession.purchase_id == purchase_id)
    return list(session.scalars(select(Booking).where(Booking.id.in_(its)).order_by(Booking.id)))


def _payment(session: Session) -> Payment:
    return session.scalars(select(Payment)).one()


def _sold(session: Session, booking_id: int) -> SoldRows:
    return SoldRows(session.scalars(select(Purchase)).one(), session.get_one(Booking, booking_id), _payment(session))


def harm(world: World) -> list[str]:
    """What must not be true at any moment at which nobody acts; a line each."""
    with world.app.app_context():
        session = db.session()
        used = select(PurchaseSession.booking_id).where(~PurchaseSession.to_book)
        before = select(SessionBefore.booking_id)
        lost = Booking.id.not_in(used) & Booking.id.not_in(before) & (Booking.status == BookingStatus.CONFIRMED)
        ended = session.scalar(select(Programme.ended_at))
        found = {
            "booked out of nothing": session.scalar(select(func.count()).select_from(Booking).where(lost)),
            "more back than was paid": _too_much(session),
            "booked after the end": _ahead(session) if ended else 0,
        }
        told = [f"{what}: {number}" for what, number in found.items() if number]
        told += violations(session) + [
            f"session {name} is not settled" for _, name in settle_queries.unsettled(session)
        ]
        db.session.rollback()
    return told


def _too_much(session):
    back = session.scalar(select(func.coalesce(func.sum(Refund.amount_minor), 0)))
    return max(int(back) - int(session.scalar(select(Payment.paid_minor)) or 0), 0)


def _ahead(session):
    return session.scalar(
        select(func.count()).where(Booking.status == BookingStatus.CONFIRMED, Booking.starts_at > TEN)
    )


RACES = [
    pytest.param(buy, book_at(TEN + WEEK), book_at(TEN + 2 * WEEK), id="two book the same session"),
    pytest.param(buy, end, book_at(TEN + WEEK), id="ended while it is booked"),
    pytest.param(buy, book_at(TEN + WEEK), end, id="booked while it ends"),
    pytest.param(buy, end_mentorship, book_at(TEN + WEEK), id="booked while the mentorship ends"),
    pytest.param(buy, book_what_is_left(), book_what_is_left(2), id="two book what is left"),
    pytest.param(buy, book_what_is_left(), book_at(TEN + 7 * WEEK), id="one booked while all that is left is"),
    pytest.param(buy, book_at(TEN + 7 * WEEK), book_what_is_left(), id="what is left booked while one is"),
    pytest.param(buy, end, book_what_is_left(), id="ended while what is left is booked"),
    pytest.param(buy, book_what_is_left(), end, id="what is left booked while it ends"),
]
ABOUT_MONEY = [
    pytest.param(buy_and_call_off, end, take_the_money, id="ended while the money of one is taken"),
    pytest.param(buy_and_call_off, take_the_money, end, id="the money of one taken while it ends"),
    pytest.param(buy, end, end, id="both end it"),
    pytest.param(buy, end_mentorship, end_mentorship, id="both end the mentorship"),
    pytest.param(
        buy_and_call_off, end_mentorship, take_the_money, id="the mentorship ends while the money of one is taken"
    ),
]
HARMLESS = [
    pytest.param(buy, book_what_is_left(), book_what_is_left(), id="what is left booked by two presses of one page"),
    pytest.param(begin, end, complete, id="ended while a session is settled"),
    pytest.param(begin, complete, end, id="a session settled while it ends"),
    pytest.param(begin, end_mentorship, complete, id="the mentorship ends while a session is settled"),
    pytest.param(
        banks.dispute_of(buy_and_call_off),
        book_at(TEN + WEEK, 1),
        hear_of_the_bank,
        id="a bank asks while it is booked again",
    ),
]
"""Nothing that these decide by is changed by the other, or two of one time are refused anyhow, so without the locks no
harm is done either. The last one finds the booking of before and that in its place."""


def played(world: World, before: Act, one: Act, other: Act, guards: Guards) -> Iterator[list[str]]:
    """The harm at each point of the one."""
    begun = begin_anew(world)
    before(begun)
    points = points_to_interrupt(begun, one)
    for point in points:
        begun = begin_anew(world)
        before(begun)
        with guards(begun):
            interrupt(begun, one, point, other)
        yield harm(begun)


@pytest.mark.parametrize(("before", "one", "other"), [*RACES, *ABOUT_MONEY, *HARMLESS])
def test_whoever_comes_in_between_each_session_is_used_once(world: World, before: Act, one: Act, other: Act) -> None:
    assert [found for found in played(world, before, one, other, all_guards) if found] == []


@pytest.mark.parametrize(("before", "one", "other"), RACES)
def test_without_locks_and_triggers_harm_is_done(world: World, before: Act, one: Act, other: Act) -> None:
    assert any(played(world, before, one, other, no_locks_and_used_any_number_of_times))


@pytest.mark.parametrize(("before", "one", "other"), ABOUT_MONEY)
def test_without_locks_and_with_what_was_read_first_more_goes_back_than_was_paid(
    world: World, before: Act, one: Act, other: Act
) -> None:
    found = list(played(world, before, one, other, no_locks_and_paid_by_what_was_read_first))

    assert any("more back than was paid" in line for lines in found for line in lines), found
