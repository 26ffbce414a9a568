"""The rows that a decision about one payment moves, locked in the order of docs/locking.md."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from booking.services.locks import lock_booking, lock_people
from marketplace.core.errors import Conflict
from payments.domain.checkout import BOUGHT_NOTHING
from payments.domain.states import PaymentStatus
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund
from payments.queries.programmes import purchase_id_of

_FRESH = {"populate_existing": True}


@dataclass(slots=True)
class SaleRows:
    """`booking` is that of its first session, `bookings` are those of all that have one."""

    purchase: Purchase
    booking: Booking
    payment: Payment
    bookings: list[Booking]

    @property
    def in_order(self) -> list[Booking]:
        """As they begin."""
        return sorted(self.bookings, key=lambda each: each.starts_at)


@dataclass(slots=True)
class SoldRows:
    """`payment` is the one that bought it; None for what cost nothing and never met Stripe."""

    purchase: Purchase
    booking: Booking
    payment: Payment | None


def lock_sold(session: Session, booking_id: int) -> SoldRows:
    """The same for a session that was booked, also for one in whose place another was booked since."""
    ids = session.execute(
        select(Purchase.id, Purchase.mentor_id, Purchase.mentee_id).where(
            Purchase.id == purchase_id_of(session, booking_id)
        )
    ).one()
    lock_people(session, (ids.mentor_id, ids.mentee_id))
    purchase = lock_purchase(session, ids.id)
    return SoldRows(purchase, lock_booking(session, booking_id), lock_payment_that_bought(session, ids.id))


def being_changed(_cause: Exception | None) -> Conflict:
    """After a second deadlock over these locks."""
    return Conflict("Somebody else is changing this session just now. Please try again.")


def lock_payment_that_bought(session: Session, purchase_id: int) -> Payment | None:
    """Of those that were paid for it, the one that did not go back whole for having bought nothing."""
    nothing = select(Refund.id).where(Refund.payment_id == Payment.id, Refund.reason.in_(BOUGHT_NOTHING)).exists()
    paid = select(Payment).where(Payment.purchase_id == purchase_id, Payment.status == PaymentStatus.PAID, ~nothing)
    first = paid.order_by(Payment.paid_at, Payment.id).limit(1).with_for_update(key_share=True)
    return session.scalars(first, execution_options=_FRESH).one_or_none()


def lock_sale(session: Session, payment_id: int) -> SaleRows:
    """People by id, the purchase, its bookings, the payment: the order of docs/locking.md."""
    ids = session.execute(
        select(Purchase.id, Purchase.mentor_id, Purchase.mentee_id)
        .join(Payment, Payment.purchase_id == Purchase.id)
        .where(Payment.id == payment_id)
    ).one()
    lock_people(session, (ids.mentor_id, ids.mentee_id))
    purchase = lock_purchase(session, ids.id)
    bookings = lock_bookings_of(session, ids.id)
    payment = session.execute(
        select(Payment).where(Payment.id == payment_id).with_for_update(key_share=True), execution_options=_FRESH
    ).scalar_one()
    first = _first_booking_id(session, ids.id)
    return SaleRows(purchase, next(each for each in bookings if each.id == first), payment, bookings)


def _first_booking_id(session: Session, purchase_id: int) -> int | None:
    """Once the purchase is locked: until then another may be booked in its place."""
    its = select(PurchaseSession.booking_id).where(PurchaseSession.purchase_id == purchase_id)
    return session.scalar(its.order_by(PurchaseSession.position).limit(1))


def lock_bookings_of(session: Session, purchase_id: int) -> list[Booking]:
    """Of all of its sessions, by id, after the purchase."""
    its = select(PurchaseSession.booking_id).where(PurchaseSession.purchase_id == purchase_id)
    statement = select(Booking).where(Booking.id.in_(its)).order_by(Booking.id).with_for_update(key_share=True)
    return list(session.scalars(statement, execution_options=_FRESH))


def lock_purchase(session: Session, purchase_id: int) -> Purchase:
    statement = select(Purchase).where(Purchase.id == purchase_id).with_for_update(key_share=True)
    return session.execute(statement, execution_options=_FRESH).scalar_one()
