"""What was sold, with all that belongs to it, read afresh from the database."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import CANCELLED, TOOK_PLACE, BookingStatus
from booking.models.bookings import Booking
from payments.domain.checkout import BOUGHT_NOTHING
from payments.domain.refunds import ENDED
from payments.domain.states import PaymentStatus, PurchaseStatus, RefundStatus
from payments.models.disputes import Dispute
from payments.models.returns import GivenBack
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund

MENTOR_MISSED = {BookingStatus.NO_SHOW_MENTOR, BookingStatus.NO_SHOW_BOTH}


@dataclass(frozen=True)
class Part:
    """One session that was bought, with the booking that uses it, or last did. `given` is what an operator gave back of
    it after it was settled. Everything here is sold with the standard policy."""

    purchase: Purchase
    row: PurchaseSession
    booking: Booking | None
    given: int = 0

    @property
    def paid(self) -> int:
        on_top = 0 if self.purchase.tax_included else self.row.tax_minor
        return self.row.gross_minor - self.row.discount_minor + on_top

    @property
    def is_unused(self) -> bool:
        """It can be booked still."""
        return self.row.to_book and self.row.returned_at is None

    @property
    def used_by(self) -> Booking | None:
        return None if self.row.to_book else self.booking

    @property
    def due(self) -> int:
        """What is to go back of it."""
        if self.used_by is None:
            return self.paid if self.row.returned_at else 0
        if self.used_by.cancelled_at is None:
            missed = self.used_by.state in MENTOR_MISSED or self.used_by.decision == "all_back"
            return self.paid if missed else 0
        return round(Fraction(self.paid, 2)) if self.was_late else self.paid  # half to even

    @property
    def share(self) -> int:
        """What its mentor earns by it, whatever a code took off what was paid."""
        used, share, gross = self.used_by, self.row.share_minor, self.row.gross_minor
        if used is None:
            return 0
        if used.cancelled_at is not None:
            return round(Fraction(share * (gross - round(Fraction(gross, 2))), gross)) if self.was_late else 0
        came = used.state in TOOK_PLACE - MENTOR_MISSED and used.decision != "all_back"
        return share if came and used.settled_at is not None else 0

    @property
    def left_of_share(self) -> int:
        """What is kept after all is split as what was kept before."""
        kept = self.paid - self.due
        return round(Fraction(self.share * (kept - self.given), kept)) if kept else self.share

    @property
    def is_settled(self) -> bool:
        """Nothing of what was paid for it waits for anything."""
        used = self.used_by
        if used is None:
            return self.row.returned_at is not None
        return used.cancelled_at is not None or used.settled_at is not None

    @property
    def was_late(self) -> bool:
        """Called off by the mentee so late that half of it is kept, and no right to withdraw from it was left."""
        used, until = self.used_by, self.purchase.withdrawal_until
        if used is None or used.cancelled_at is None or used.state is not BookingStatus.CANCELLED_BY_MENTEE:
            return False
        in_time = used.starts_at - used.cancelled_at >= timedelta(hours=24)
        return not in_time and (until is None or used.cancelled_at > until)


@dataclass(frozen=True)
class Sold:
    """One payment with all that belongs to it."""

    payment: Payment
    purchase: Purchase
    parts: tuple[Part, ...]
    refunds: tuple[Refund, ...]
    lost: int = 0
    """What banks gave back of it, for good."""
    covered: tuple[Refund, ...] = ()
    """What a bank gave to the mentee before it went back, or since it came back."""

    @property
    def booking(self) -> Booking:
        """Of its first session, which has always one."""
        assert self.parts[0].booking is not None, "it was booked when it was bought"
        return self.parts[0].booking

    @property
    def bookings(self) -> list[Booking]:
        return [each.booking for each in self.parts if each.booking is not None]

    @property
    def given(self) -> int:
        return sum(each.given for each in self.parts)

    @property
    def for_nothing(self) -> list[int]:
        """What goes back since it bought nothing."""
        return [each.amount_minor for each in self.refunds if each.reason in BOUGHT_NOTHING]

    @property
    def gone(self) -> int:
        """What went back otherwise: by a bank, or on a warning."""
        return self.lost + sum(each.amount_minor for each in self.refunds if each.reason == "warning")

    @property
    def for_sessions(self) -> dict[int | None, list[int]]:
        """What goes back since what it bought was cancelled, or missed, and what an operator has given, by booking; and
        for all that was unused when it ended."""
        found = defaultdict[int | None, list[int]](list)
        for each in self.refunds:
            if each.booking_id is not None or each.reason == ENDED:
                found[each.booking_id].append(each.amount_minor)
        return dict(found)

    @property
    def back(self) -> int:
        return sum(minor for amounts in self.for_sessions.values() for minor in amounts)

    @property
    def is_covered(self) -> bool:
        """It bought nothing, and a bank gave it to the mentee."""
        return any(each.reason in BOUGHT_NOTHING for each in self.covered)

    @property
    def buys(self) -> bool:
        return self.payment.status == PaymentStatus.PAID and not self.for_nothing and not self.is_covered

    @property
    def is_bought(self) -> bool:
        stood = {BookingStatus.CONFIRMED, *CANCELLED, *TOOK_PLACE}
        return self.booking.state in stood and self.purchase.status == PurchaseStatus.SOLD

    @property
    def due(self) -> dict[int | None, list[int]]:
        """What is to go back of what it bought, once for each session, and once for all that is unused."""
        found = Counter[int | None]()
        for each in self.parts:
            found[each.used_by.id if each.used_by else None] += each.due
        return {booking: [minor] for booking, minor in found.items() if minor}

    @property
    def total_due(self) -> int:
        return sum(each.due for each in self.parts)


@dataclass
class _Known:
    """By payment, and what was given by booking."""

    refunds: defaultdict[int, list[Refund]] = field(default_factory=lambda: defaultdict(list))
    lost: Counter[int] = field(default_factory=Counter)
    given: Counter[int] = field(default_factory=Counter)


def sold(session: Session) -> list[Sold]:
    session.rollback()
    session.expire_all()
    known, parts = _known(session), defaultdict[int, list[Part]](list)
    rows = session.execute(
        select(Purchase, PurchaseSession, Booking)
        .join(PurchaseSession, PurchaseSession.purchase_id == Purchase.id)
        .outerjoin(Booking, Booking.id == PurchaseSession.booking_id)
        .order_by(Purchase.id, PurchaseSession.position)
    )
    for purchase, row, booking in rows:
        given = known.given[booking.id] if booking is not None else 0
        parts[purchase.id].append(Part(purchase, row, booking, given))
    return [_sold(payment, parts[payment.purchase_id], known) for payment in _payments(session)]


def _payments(session: Session) -> list[Payment]:
    return list(session.scalars(select(Payment).order_by(Payment.id)))


def _known(session: Session) -> _Known:
    found = _Known()
    for refund in session.scalars(select(Refund).order_by(Refund.id)):
        found.refunds[refund.payment_id].append(refund)
    for dispute in session.scalars(select(Dispute)):
        found.lost[dispute.payment_id] += dispute.lost_minor
    for gift in session.scalars(select(GivenBack)):
        found.given[gift.booking_id] += gift.amount_minor
    return found


def _sold(payment: Payment, parts: list[Part], known: _Known) -> Sold:
    refunds = known.refunds[payment.id]
    return Sold(
        payment,
        parts[0].purchase,
        tuple(parts),
        tuple(each for each in refunds if each.status != RefundStatus.COVERED),
        lost=known.lost[payment.id],
        covered=tuple(each for each in refunds if each.status == RefundStatus.COVERED),
    )
