"""Money on its way back: owed in the transaction that finds the reason, sent after it (rule paid_or_refunded)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Booking
from marketplace.core import mail
from marketplace.core.db import Json
from marketplace.core.jobs import enqueue
from marketplace.core.money import Money
from payments.domain.refunds import RefundState, next_refund_status
from payments.domain.states import RefundStatus
from payments.models import Payment, Purchase, Refund
from payments.services.commands import want
from payments.services.ledger import book_refund_owed, book_refund_progress


def owe_refund(
    session: Session,
    payment: Payment,
    purchase: Purchase,
    booking: Booking,
    *,
    reason: str,
    amount: Money,
    now: datetime,
) -> None:
    """Once per payment and reason, however often it is called; what was paid with nothing is owed nothing."""
    if not amount:
        return
    reference = f"refund-{payment.public_id}-{reason}"
    params: Json = {
        "payment_intent": payment.stripe_payment_intent_id,
        "amount": amount.minor,
        "metadata": {"refund": reference},
    }
    command_id = want(session, "refund", reference, params, now=now)
    if command_id is None:
        return
    refund = Refund(
        payment_id=payment.id,
        status=RefundStatus.OWED,
        reason=reason,
        amount_minor=amount.minor,
        currency=amount.currency,
        command_id=command_id,
        created_at=now,
        looked_at=now,
    )
    session.add(refund)
    session.flush()
    book_refund_owed(session, refund, now=now)
    enqueue(session, "payments:send_refund", refund_id=refund.id)
    mail.post(
        session,
        "payments:refunded",
        key=reference,
        user_id=purchase.mentee_id,
        now=now,
        refund_id=refund.id,
        booking_id=booking.id,
    )


def apply_refund(session: Session, refund_id: int, theirs: RefundState, *, fetch: int, now: datetime) -> None:
    refund = session.execute(
        select(Refund).where(Refund.id == refund_id).with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    ).scalar_one()
    refund.looked_at = max(refund.looked_at, now)
    if fetch <= refund.last_fetch:
        return
    refund.last_fetch = fetch
    refund.stripe_refund_id = theirs.id
    refund.sent_at = refund.sent_at or now
    before = RefundStatus(refund.status)
    refund.status = next_refund_status(before, theirs.status)
    session.flush()
    book_refund_progress(session, refund, before, now=now)
