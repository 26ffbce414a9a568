"""The rows that a decision about one payment moves, locked in the order of docs/locking.md."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Booking
from booking.services.locks import lock_booking, lock_people
from payments.models import Payment, Purchase, PurchaseSession


@dataclass(slots=True)
class SaleRows:
    purchase: Purchase
    booking: Booking
    payment: Payment


def lock_sale(session: Session, payment_id: int) -> SaleRows:
    """People by id, the purchase, the booking, the payment: the order of docs/locking.md."""
    ids = session.execute(
        select(Purchase.id, Purchase.mentor_id, Purchase.mentee_id, PurchaseSession.booking_id)
        .join(Payment, Payment.purchase_id == Purchase.id)
        .join(PurchaseSession, PurchaseSession.purchase_id == Purchase.id)
        .where(Payment.id == payment_id)
        .order_by(PurchaseSession.position)
        .limit(1)
    ).one()
    lock_people(session, (ids.mentor_id, ids.mentee_id))
    fresh = {"populate_existing": True}
    purchase = session.execute(
        select(Purchase).where(Purchase.id == ids.id).with_for_update(key_share=True), execution_options=fresh
    ).scalar_one()
    booking = lock_booking(session, ids.booking_id)
    payment = session.execute(
        select(Payment).where(Payment.id == payment_id).with_for_update(key_share=True), execution_options=fresh
    ).scalar_one()
    return SaleRows(purchase, booking, payment)
