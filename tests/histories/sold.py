"""What was sold, with all that belongs to it, read afresh from the database."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import CANCELLED, TOOK_PLACE, BookingStatus
from booking.models.bookings import Booking
from payments.domain.checkout import BOUGHT_NOTHING
from payments.domain.states import PaymentStatus, RefundStatus
from payments.models.disputes import Dispute
from payments.models.returns import GivenBack
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund

MENTOR_MISSED = {BookingStatus.NO_SHOW_MENTOR, BookingStatus.NO_SHOW_BOTH}


@dataclass(frozen=True)
class Sold:
    """One payment with all that belongs to it."""

    payment: Payment
    purchase: Purchase
    booking: Booking
    refunds: tuple[Refund, ...]
    lost: int = 0
    """What banks gave back of it, for good."""
    covered: tuple[Refund, ...] = ()
    """What a bank gave to the mentee before it went back, or since it came back."""
    given: int = 0
    """What an operator gave back of the session after it was settled."""

    @property
    def for_nothing(self) -> list[int]:
        """What goes back since it bought nothing."""
        return [each.amount_minor for each in self.refunds if each.booking_id is None and each.reason != "warning"]

    @property
    def gone(self) -> int:
        """What went back otherwise: by a bank, or on a warning."""
        return self.lost + sum(each.amount_minor for each in self.refunds if each.reason == "warning")

    @property
    def for_the_session(self) -> list[int]:
        """What goes back since what it bought was cancelled, or missed; and what an operator has given."""
        return [each.amount_minor for each in self.refunds if each.booking_id is not None]

    @property
    def is_covered(self) -> bool:
        """It bought nothing, and a bank gave it to the mentee."""
        return any(each.reason in BOUGHT_NOTHING for each in self.covered)

    @property
    def buys(self) -> bool:
        return self.payment.status == PaymentStatus.PAID and not self.for_nothing and not self.is_covered

    @property
    def is_bought(self) -> bool:
        return (
            self.booking.state in {BookingStatus.CONFIRMED, *CANCELLED, *TOOK_PLACE} and self.purchase.status == "sold"
        )

    @property
    def due(self) -> list[int]:
        """What is to go back of what it bought; everything here is sold with the standard policy."""
        total, at = self.purchase.total_minor or 0, self.booking.cancelled_at
        if at is None:
            missed = self.booking.state in MENTOR_MISSED or self.booking.decision == "all_back"
            return [total] if missed and total else []
        back = round(total / 2) if self.was_late else total  # half to even
        return [back] if back else []

    @property
    def was_late(self) -> bool:
        """Called off by the mentee so late that half of it is kept, and no right to withdraw from it was left."""
        at, by_mentee = self.booking.cancelled_at, self.booking.state is BookingStatus.CANCELLED_BY_MENTEE
        if at is None or not by_mentee or self.booking.starts_at - at >= timedelta(hours=24):
            return False
        return self.purchase.withdrawal_until is None or at > self.purchase.withdrawal_until


def sold(session: Session) -> list[Sold]:
    session.rollback()
    session.expire_all()
    rows = session.execute(
        select(Payment, Purchase, Booking)
        .join(Purchase, Purchase.id == Payment.purchase_id)
        .join(PurchaseSession, PurchaseSession.purchase_id == Purchase.id)
        .join(Booking, Booking.id == PurchaseSession.booking_id)
        .order_by(Payment.id)
    ).all()
    refunds = session.scalars(select(Refund).order_by(Refund.id)).all()
    lost = Counter[int]()
    for each in session.scalars(select(Dispute)):
        lost[each.payment_id] += each.lost_minor
    given = Counter[int]()
    for gift in session.scalars(select(GivenBack)):
        given[gift.booking_id] += gift.amount_minor
    return [
        Sold(
            *row,
            tuple(each for each in refunds if each.payment_id == row[0].id and each.status != RefundStatus.COVERED),
            lost=lost[row[0].id],
            covered=tuple(
                each for each in refunds if each.payment_id == row[0].id and each.status == RefundStatus.COVERED
            ),
            given=given[row[2].id],
        )
        for row in rows
    ]
