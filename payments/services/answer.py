"""Money that was taken and bought nothing goes back (rule paid_or_refunded)."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.core.money import Money
from payments.domain.checkout import Step
from payments.domain.states import PurchaseStatus
from payments.queries import reconcile as reconcile_queries
from payments.services.refund import owe_refund
from payments.services.rows import lock_sale


def owe_unanswered(session: Session, payment_id: int, *, now: datetime) -> bool:
    """Owe all of it back, if under the locks it is still so that nothing stands for this payment."""
    rows = lock_sale(session, payment_id)
    if payment_id not in {row.id for row in reconcile_queries.unanswered(session)}:
        return False
    sold = rows.purchase.status == PurchaseStatus.SOLD
    owe_refund(
        session,
        rows.payment,
        rows.purchase,
        rows.booking,
        reason=Step.REFUND_SECOND if sold else Step.REFUND_LATE,
        amount=Money(rows.payment.paid_minor or 0, rows.payment.currency),
        now=now,
    )
    return True
