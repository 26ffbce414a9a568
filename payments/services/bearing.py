"""What went back and was earned as well is the site's to bear: booked as the difference to what it bears already."""

from datetime import datetime

from sqlalchemy.orm import Session

from payments.domain.disputes import borne_by_site
from payments.models.sales import Payment
from payments.queries.disputes import may_be_overdrawn, overdrawn
from payments.services.ledger import book_borne


def bear_the_rest(session: Session, payment: Payment, *, now: datetime) -> None:
    """Of a payment that a bank took back, or that went back on a warning; nothing, the second time. The payment is
    locked."""
    if payment.id not in {each.id for each in may_be_overdrawn(session, payment.id)}:
        return
    over, already = overdrawn(session, payment)
    change = borne_by_site(over) - already
    if change:
        book_borne(session, payment, change, now=now)
