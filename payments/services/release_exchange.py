"""What an operator decides about a payment that was settled in another currency: its mentor is paid all the same."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.audit import note
from marketplace.core.errors import NotFound
from marketplace.core.jobs import enqueue
from payments.domain.states import TransferStatus
from payments.models.exchanges import Exchange
from payments.models.payouts import Transfer
from payments.models.sales import Payment, Purchase


def release_exchange(session: Session, payment_id: int, *, operator_id: int, now: datetime) -> None:
    """From the site's balance in the currency of the sale, by the sweep. Nothing, the second time. Raises NotFound."""
    locked = select(Payment).where(Payment.id == payment_id).with_for_update(key_share=True)
    payment = session.scalar(locked, execution_options={"populate_existing": True})
    exchange = session.get(Exchange, payment_id, populate_existing=True)
    if payment is None or exchange is None:
        raise NotFound("There is no such payment.")
    if exchange.released_at is not None:
        return
    exchange.released_at, exchange.released_by = now, operator_id
    session.flush()
    _ask_again(session, payment_id)
    purchase = session.get_one(Purchase, payment.purchase_id)
    note(
        session,
        "payments:exchange_released",
        now=now,
        actor_id=operator_id,
        about_id=purchase.mentor_id,
        subject=payment.public_id,
        detail={"settled": exchange.settled_minor, "currency": exchange.settled_currency},
    )


def _ask_again(session: Session, payment_id: int) -> None:
    """For what was stored before it was known that Stripe has exchanged it."""
    unsent = (Transfer.payment_id == payment_id) & (Transfer.status == TransferStatus.OWED)
    for booking_id in session.scalars(select(Transfer.booking_id).where(unsent).order_by(Transfer.id)):
        enqueue(session, "payments:ask_for_transfer_again", once=f"transfer-{booking_id}", booking_id=booking_id)
