"""What payments know of an account that is to be closed: money on its way keeps it open."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.closing import keeps_open
from marketplace.core.sentences import Sentence, sentence
from payments.domain.states import PAYABLE, RefundStatus
from payments.models import Payment, Purchase, Refund

_NOT_ARRIVED = [RefundStatus.OWED, RefundStatus.SENT, RefundStatus.FAILED]
"""What the bank sent back is owed until it is paid by hand."""


@keeps_open
def money_on_its_way(session: Session, user_id: int, _now: datetime) -> list[Sentence]:
    """Of what they bought: a checkout that can still be paid, or a refund that has not arrived."""
    theirs = Purchase.mentee_id == user_id
    payments = select(Payment.id).join(Purchase, Purchase.id == Payment.purchase_id)
    payable = payments.where(theirs, Payment.status.in_(sorted(PAYABLE))).limit(1)
    refunds = select(Refund.id).join(Payment, Payment.id == Refund.payment_id)
    coming = refunds.join(Purchase, Purchase.id == Payment.purchase_id)
    coming = coming.where(theirs, Refund.status.in_(_NOT_ARRIVED), Refund.by_hand_at.is_(None)).limit(1)
    if session.scalar(payable) is None and session.scalar(coming) is None:
        return []
    return [sentence("Money is on its way: a payment that is not finished, or a refund that has not arrived.")]
