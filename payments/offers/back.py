"""What goes back to a mentee for a session, as one sentence that knows of disputes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from payments.domain.disputes import NO_REFUND
from payments.domain.settle import Dues
from payments.domain.states import RefundStatus
from payments.models.sales import Purchase, Refund
from payments.queries.disputes import disputes_of_purchase
from payments.words.cancel import refund_words
from payments.words.disputes import given_by_bank_words, waits_words


def back_sentence(session: Session, purchase: Purchase, dues: Dues, refund: Refund | None) -> str:
    """`refund` is what goes back for it, if that was written down already."""
    disputes = disputes_of_purchase(session, purchase.id) if dues.back else []
    not_sent = refund is None or refund.status == RefundStatus.OWED
    if not_sent and any(each.state in NO_REFUND for each in disputes):
        return waits_words(dues.back)
    if refund is None and any(each.lost >= dues.back for each in disputes if each.lost):
        return given_by_bank_words(dues.back)
    return refund_words(dues, refund)
