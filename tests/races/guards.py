"""The guards of money, taken away one by one in the process of a test: control runs show that the races are real."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from booking.services import hold
from marketplace.core.db import Json, db
from payments.domain.checkout import CheckoutState
from payments.models.sales import Payment, Purchase, PurchaseSession
from payments.services import apply_checkout, buy, cancel, extend, move, outcomes, programme_rows, proposals
from payments.services.rows import SaleRows, SoldRows
from payments.stripe_api.gateway import StripeGateway
from tests.races.acts import World

SAYS_WHO = "cancelled_says_who_and_when"
Guards = Callable[[World], AbstractContextManager[None]]


@contextmanager
def all_guards(_world: World) -> Iterator[None]:
    yield


@contextmanager
def no_locks(_world: World) -> Iterator[None]:
    """Rows are read as they are, and nobody waits for anybody."""

    def no_lock(*_arguments: object) -> None:
        return

    with pytest.MonkeyPatch.context() as patched:
        for module in (apply_checkout, extend):
            patched.setattr(module, "lock_sale", _read_sale)
        for module in (hold, buy, programme_rows):
            patched.setattr(module, "lock_people", no_lock)
        for module in (cancel, move, outcomes, proposals):
            patched.setattr(module, "lock_sold", _read_sold)
        yield


def _read_sale(session: Session, payment_id: int) -> SaleRows:
    statement = (
        select(Payment, Purchase, Booking)
        .join(Purchase, Purchase.id == Payment.purchase_id)
        .join(PurchaseSession, PurchaseSession.purchase_id == Purchase.id)
        .join(Booking, Booking.id == PurchaseSession.booking_id)
        .where(Payment.id == payment_id)
        .order_by(PurchaseSession.position)
    )
    rows = session.execute(statement, execution_options={"populate_existing": True}).all()
    bookings = [row.Booking for row in rows]
    return SaleRows(rows[0].Purchase, bookings[0], rows[0].Payment, bookings)


def _read_sold(session: Session, booking_id: int) -> SoldRows:
    purchase, booking, payment = session.execute(
        select(Purchase, Booking, Payment)
        .join(Payment, Payment.purchase_id == Purchase.id)
        .join(PurchaseSession, PurchaseSession.purchase_id == Purchase.id)
        .join(Booking, Booking.id == PurchaseSession.booking_id)
        .where(Booking.id == booking_id),
        execution_options={"populate_existing": True},
    ).one()
    return SoldRows(purchase, booking, payment)


@contextmanager
def no_locks_and_nothing_final(world: World) -> Iterator[None]:
    """The database lets a cancelled session be cancelled again. A world for control runs only."""
    with world.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE booking DISABLE TRIGGER cancelled_is_final"))
    with no_locks(world):
        yield


@contextmanager
def no_locks_and_any_number_of_moves(world: World) -> Iterator[None]:
    """The database takes two moves under one SEQUENCE."""
    with world.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP INDEX IF EXISTS one_move_per_sequence"))
    with no_locks(world):
        yield


@contextmanager
def no_locks_and_any_number_of_answers(world: World) -> Iterator[None]:
    """The database lets a proposal be answered again, and a cancelled session be changed."""
    with world.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE move_proposal DISABLE TRIGGER answered_once"))
    with no_locks_and_nothing_final(world):
        yield


@contextmanager
def no_locks_and_no_outcome_kept(world: World) -> Iterator[None]:
    """The database lets what is over be cancelled, and what is settled be spoken of. For control runs only."""
    with world.app.app_context(), db.engine.begin() as connection:
        for trigger in ("cancelled_is_final", "outcome_is_final"):
            connection.execute(text(f"ALTER TABLE booking DISABLE TRIGGER {trigger}"))
        for check in (
            "over_says_when",
            "settled_waits_for_nothing",
            "missed_is_settled",
            "cancelled_says_who_and_when",
        ):
            connection.execute(text(f"ALTER TABLE booking DROP CONSTRAINT IF EXISTS {check}"))
        connection.execute(text("ALTER TABLE booking_claim DISABLE TRIGGER claims_are_kept"))
    with no_locks(world):
        yield


@contextmanager
def no_locks_and_no_constraint(world: World) -> Iterator[None]:
    """The database's own refusal is gone too. It does not come back: a world for control runs only."""
    with world.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE occupancy DROP CONSTRAINT IF EXISTS no_double_booking"))
    with no_locks(world):
        yield


@contextmanager
def expiry_is_taken_for_granted(_world: World) -> Iterator[None]:
    """Whoever asks Stripe to end a session believes that it has ended, whatever the answer."""

    def granted(gateway: StripeGateway, session_id: str) -> CheckoutState:
        return replace(gateway.fetch_checkout(session_id), status="expired", payment_status="unpaid")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(StripeGateway, "expire_checkout", granted)
        yield


def a_new_refund_each_time(_world: World) -> AbstractContextManager[None]:
    return _with_a_key_of_its_own("create_refund")


def a_new_key_each_time(_world: World) -> AbstractContextManager[None]:
    return _with_a_key_of_its_own("create_checkout")


@contextmanager
def _with_a_key_of_its_own(name: str) -> Iterator[None]:
    """Each request of that kind is a new one to Stripe."""
    create, numbers = getattr(StripeGateway, name), count()

    def created(gateway: StripeGateway, params: Json, key: str) -> object:
        return create(gateway, params, f"{key}-{next(numbers)}")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(StripeGateway, name, created)
        yield
