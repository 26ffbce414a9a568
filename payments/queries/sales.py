"""Reads of payments."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.domain.states import OCCUPYING
from booking.models.bookings import Booking
from marketplace.core.errors import NotFound
from payments.domain.extending import Extension, extension
from payments.domain.states import CommandStatus, PaymentStatus, PurchaseStatus, RefundStatus
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund, StripeCommand, StripeEvent
from payments.queries.disputes import is_charged_back
from payments.queries.programmes import purchase_id_of

POLL_OPEN_AFTER = timedelta(minutes=2)
POLL_OVER_AFTER = timedelta(seconds=30)
POLL_UNSENT_AFTER = timedelta(seconds=30)
POLL_REFUND_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sale:
    """A purchase with its sessions that have a time, in their order, and its newest payment (none for what is free)."""

    purchase: Purchase
    bookings: list[Booking]
    payment: Payment | None

    @property
    def booking(self) -> Booking:
        """The first."""
        return self.bookings[0]


def paid_session(session: Session, public_id: str, mentee_id: int) -> str | None:
    """Stripe's id of the checkout by which this session was bought for some money, if that mentee did."""
    statement = (
        select(Payment.stripe_session_id)
        .join(PurchaseSession, PurchaseSession.purchase_id == Payment.purchase_id)
        .join(Booking, Booking.id == PurchaseSession.booking_id)
        .where(Booking.public_id == public_id, Booking.mentee_id == mentee_id)
        .where(Payment.status == PaymentStatus.PAID, Payment.paid_minor > 0)
        .order_by(Payment.paid_at, Payment.id)
        .limit(1)
    )
    return session.scalar(statement)


def sessions_of_pair(session: Session, mentor_id: int, mentee_id: int) -> int:
    """How many sessions the two have held, confirmed or had."""
    statement = select(func.count()).where(
        Booking.mentor_id == mentor_id, Booking.mentee_id == mentee_id, Booking.status.in_(OCCUPYING)
    )
    return session.execute(statement).scalar_one()


def unpaid(session: Session, mentee_id: int) -> Sale | None:
    """The one purchase that this mentee has not paid yet."""
    purchase = session.scalar(
        select(Purchase).where(Purchase.mentee_id == mentee_id, Purchase.status == PurchaseStatus.UNPAID)
    )
    return None if purchase is None else sale_of(session, purchase)


def purchase_of(session: Session, booking: Booking) -> Purchase:
    """What the session was sold with. Raises NotFound."""
    purchase = session.scalar(select(Purchase).where(Purchase.id == purchase_id_of(session, booking.id)))
    if purchase is None:
        raise NotFound("There is no such session.")
    return purchase


def bookings_of(session: Session, purchase: Purchase) -> list[Booking]:
    """All sessions of the sale, in their order."""
    statement = (
        select(Booking)
        .join(PurchaseSession, PurchaseSession.booking_id == Booking.id)
        .where(PurchaseSession.purchase_id == purchase.id)
        .order_by(PurchaseSession.position)
    )
    return list(session.scalars(statement))


def sale_of(session: Session, purchase: Purchase) -> Sale:
    payment = session.scalar(
        select(Payment).where(Payment.purchase_id == purchase.id).order_by(Payment.id.desc()).limit(1)
    )
    return Sale(purchase, bookings_of(session, purchase), payment)


def sale_for(session: Session, purchase_public_id: str, mentee_id: int) -> Sale:
    """Raises NotFound, also when the purchase is another's."""
    purchase = session.scalar(
        select(Purchase).where(Purchase.public_id == purchase_public_id, Purchase.mentee_id == mentee_id)
    )
    if purchase is None:
        raise NotFound("There is no such purchase.")
    return sale_of(session, purchase)


def extension_of(session: Session, payment: Payment | None, now: datetime) -> Extension:
    """Whether the hold that this payment is for can be extended."""
    if payment is None or payment.status not in _ASKABLE:
        return Extension.NEVER
    made = session.scalar(select(func.count()).where(Payment.purchase_id == payment.purchase_id))
    return extension(sessions_made=made or 0, held_until=payment.expires_at, now=now)


def refund_of(session: Session, payment_id: int) -> Refund | None:
    return session.scalar(select(Refund).where(Refund.payment_id == payment_id).order_by(Refund.id.desc()).limit(1))


def payments_of_bookings(session: Session, booking_ids: list[int]) -> list[int]:
    """The payments that can still be paid for these bookings."""
    return list(
        session.scalars(
            select(Payment.id)
            .join(PurchaseSession, PurchaseSession.purchase_id == Payment.purchase_id)
            .where(PurchaseSession.booking_id.in_(booking_ids), Payment.status.in_(_ASKABLE))
            .distinct()
            .order_by(Payment.id)
        )
    )


_ASKABLE = [PaymentStatus.UNSENT, PaymentStatus.OPEN, PaymentStatus.PROCESSING]


def payments_to_look_at(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Payable ones whose time is over, whose session was never stored, or of whom Stripe has told nothing lately."""
    # Once as soon as it is over, and again now and then should Stripe not answer.
    not_seen_over = (Payment.looked_at < Payment.expires_at) | (Payment.looked_at <= now - POLL_OVER_AFTER)
    over = (Payment.expires_at <= now) & not_seen_over
    never_stored = (Payment.status == PaymentStatus.UNSENT) & (Payment.looked_at <= now - POLL_UNSENT_AFTER)
    silent = Payment.looked_at <= now - POLL_OPEN_AFTER
    due = Payment.status.in_(_ASKABLE) & (over | never_stored | silent)
    return list(session.scalars(select(Payment.id).where(due).order_by(Payment.looked_at).limit(limit)))


def refunds_to_send(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Owed or on their way. What Stripe has refused stands in the operator's queue and is not asked again; what is owed
    of a payment that a bank has taken back waits until that is decided."""
    unfinished = Refund.status.in_([RefundStatus.OWED, RefundStatus.SENT])
    statement = (
        select(Refund.id)
        .join(StripeCommand, StripeCommand.id == Refund.command_id)
        .where(unfinished, StripeCommand.status != CommandStatus.REFUSED, Refund.looked_at <= now - POLL_REFUND_AFTER)
        .where((Refund.status == RefundStatus.SENT) | ~is_charged_back(Refund.payment_id))
        .order_by(Refund.looked_at)
        .limit(limit)
    )
    return list(session.scalars(statement))


def events_to_apply(session: Session, now: datetime, limit: int = 100) -> list[str]:
    """New ones whose job was lost, and those whose next try has come."""
    due = select(StripeEvent.id).where(StripeEvent.next_at <= now).order_by(StripeEvent.next_at).limit(limit)
    return list(session.scalars(due))
