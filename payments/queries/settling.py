"""What settling reads: frozen sales with the facts of their sessions, and what went back so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from booking.domain.outcomes import Decision
from booking.domain.policy import CancellationPolicy
from booking.domain.states import CANCELLED, BookingStatus
from booking.models.bookings import Booking
from marketplace.core.money import Money
from payments.domain.refunds import ENDED
from payments.domain.settle import Dues, FrozenSale, SoldSession, UnusedSession, kept_key, settle, still_owed
from payments.domain.states import PurchaseStatus, RefundStatus
from payments.models.ledger import LedgerTransaction
from payments.models.returns import GivenBack
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund
from payments.queries.disputes import gone, lost_of

_GIVEN_BACK = select(func.coalesce(func.sum(GivenBack.amount_minor), 0)).where(GivenBack.booking_id == Booking.id)


def frozen_sales(session: Session, purchases: Iterable[Purchase]) -> dict[int, FrozenSale]:
    """By purchase, in one statement of columns, so read afresh. Of those that are sold."""
    sold = {each.id: each for each in purchases if each.status == PurchaseStatus.SOLD}
    rows = session.execute(
        select(
            PurchaseSession.purchase_id,
            PurchaseSession.to_book,
            PurchaseSession.returned_at,
            Booking.id,
            PurchaseSession.gross_minor,
            PurchaseSession.share_minor,
            PurchaseSession.discount_minor,
            PurchaseSession.tax_minor,
            Booking.status,
            Booking.starts_at,
            Booking.cancelled_at,
            Booking.settled_at,
            Booking.decision,
            _GIVEN_BACK.scalar_subquery().label("given_back"),
        )
        .outerjoin(Booking, Booking.id == PurchaseSession.booking_id)
        .where(PurchaseSession.purchase_id.in_(sold))
        .order_by(PurchaseSession.purchase_id, PurchaseSession.position)
    )
    sessions: defaultdict[int, list[SoldSession | UnusedSession]] = defaultdict(list)
    for row in rows:
        sessions[row.purchase_id].append(_unused(row) if row.to_book else _used(row))
    return {number: _frozen(sold[number], found) for number, found in sessions.items()}


def _used(row: Any) -> SoldSession:
    return SoldSession(
        row.id,
        row.gross_minor,
        row.share_minor,
        BookingStatus(row.status),
        row.starts_at,
        row.cancelled_at,
        is_final=row.settled_at is not None,
        all_back=row.decision == Decision.ALL_BACK,
        discount_minor=row.discount_minor,
        tax_minor=row.tax_minor,
        given_back_minor=int(row.given_back),
    )


def _unused(row: Any) -> UnusedSession:
    return UnusedSession(row.gross_minor, row.discount_minor, row.tax_minor, row.returned_at is not None)


def frozen_sale(session: Session, purchase: Purchase) -> FrozenSale:
    """KeyError for what is not sold."""
    return frozen_sales(session, [purchase])[purchase.id]


def paid_for(purchase: Purchase, part: PurchaseSession) -> Money:
    """What the mentee paid for one session, with fee and tax, less discount."""
    on_top = 0 if purchase.tax_included else part.tax_minor
    return Money(part.gross_minor - part.discount_minor + on_top, purchase.currency)


def refunded(session: Session, payment: Payment) -> tuple[dict[int | None, Money], Money, Money]:
    """What goes back of a payment, whatever became of it since: for which session, or for all that was unused; what is
    left of the payment; and what of it is gone otherwise."""
    counts = (Refund.payment_id == payment.id) & (Refund.status != RefundStatus.COVERED)
    is_gone = Refund.booking_id.is_(None) & (Refund.reason != ENDED)
    statement = select(Refund.booking_id, is_gone, func.sum(Refund.amount_minor)).where(counts)
    of_sessions, gone = {}, lost_of(session, payment)
    left = Money(payment.paid_minor or 0, payment.currency) - gone
    for number, otherwise, minor in session.execute(statement.group_by(Refund.booking_id, is_gone)):
        amount = Money(int(minor), payment.currency)
        left = left - amount
        if otherwise:
            gone = gone + amount
        else:
            of_sessions[number] = amount
    return of_sessions, left, gone


def dues_of(session: Session, purchase: Purchase, booking_id: int) -> Dues | None:
    """Of one session; None while there is nothing to settle."""
    return next((each for each in settle(frozen_sale(session, purchase)) if each.booking_id == booking_id), None)


def dues_if(
    session: Session, purchase: Purchase, booking_id: int, status: BookingStatus, *, all_back: bool = False
) -> Dues:
    """Who would get what for a session, if that became of it."""
    sale = frozen_sale(session, purchase).with_outcome(booking_id, status, all_back=all_back)
    return next(each for each in settle(sale) if each.booking_id == booking_id)


def refund_for(session: Session, booking_id: int) -> Refund | None:
    """What goes back for this session, by what became of it, unless a bank has given it back."""
    theirs = (Refund.booking_id == booking_id) & (Refund.reason != "given_back")
    theirs &= Refund.status != RefundStatus.COVERED
    return session.scalar(select(Refund).where(theirs).order_by(Refund.id.desc()).limit(1))


def left_to_give_back(session: Session, booking_id: int) -> Money | None:
    """What of what was paid for a settled session has not gone back; None if that is nothing. Nothing is locked."""
    part = select(PurchaseSession.purchase_id).where(PurchaseSession.booking_id == booking_id)
    purchase = session.scalar(select(Purchase).where(Purchase.id.in_(part), Purchase.status == PurchaseStatus.SOLD))
    dues = dues_of(session, purchase, booking_id) if purchase is not None else None
    return None if dues is None or dues.kept.minor <= 0 else dues.kept


def given_back_for(session: Session, booking_id: int) -> list[GivenBack]:
    """What an operator gave back beside that, in order."""
    given = select(GivenBack).where(GivenBack.booking_id == booking_id)
    return list(session.scalars(given.order_by(GivenBack.number)))


def with_something_final(session: Session) -> list[Purchase]:
    """Sold ones that cost something, of which a session is called off or went back unused, or it is final what became
    of it."""
    part, booking = aliased(PurchaseSession), aliased(Booking)
    over = or_(booking.status.in_(CANCELLED), booking.settled_at.is_not(None), part.returned_at.is_not(None))
    final = select(part.purchase_id).outerjoin(booking, booking.id == part.booking_id).where(over)
    sold = (Purchase.status == PurchaseStatus.SOLD) & (Purchase.gross_minor > 0)
    return list(session.scalars(select(Purchase).where(sold, Purchase.id.in_(final)).order_by(Purchase.id)))


def all_dues(session: Session) -> list[Dues]:
    """Of every session that cost something and of which it is final what became."""
    sales = frozen_sales(session, with_something_final(session))
    return [dues for sale in sales.values() for dues in settle(sale)]


def unsettled(session: Session) -> list[tuple[int, str]]:
    """Final sessions, by id and public id, of which not all that is due went back or was booked; or too much. What was
    unused is named by the first session of its sale."""
    sales = frozen_sales(session, with_something_final(session))
    settled = {number: settle(sale) for number, sale in sales.items()}
    back, otherwise = _went_back(session, settled), gone(session, settled)
    wrong: set[int] = set()
    for purchase_id, dues in settled.items():
        went, total = back[purchase_id], sales[purchase_id].total
        missing = still_owed(dues, went, total, Money(otherwise[purchase_id], total.currency))
        names = {number for number, _ in missing}
        names |= {each.booking_id for each in dues if went.get(each.booking_id, each.back) > each.back}
        wrong |= {_named_by(session, purchase_id, number) for number in names}
    wrong |= _not_booked(session, [each for dues in settled.values() for each in dues])
    named = select(Booking.id, Booking.public_id).where(Booking.id.in_(wrong)).order_by(Booking.id)
    return [(row.id, row.public_id) for row in session.execute(named)]


def _went_back(session: Session, purchases: Iterable[int]) -> defaultdict[int, dict[int | None, Money]]:
    """By purchase: for which session, or for all that was unused."""
    counts = Payment.purchase_id.in_(purchases) & (Refund.status != RefundStatus.COVERED)
    counts &= Refund.booking_id.is_not(None) | (Refund.reason == ENDED)
    sums = select(Payment.purchase_id, Refund.booking_id, Refund.currency, func.sum(Refund.amount_minor))
    sums = sums.join(Payment, Payment.id == Refund.payment_id).where(counts)
    found: defaultdict[int, dict[int | None, Money]] = defaultdict(dict)
    for purchase_id, number, currency, minor in session.execute(
        sums.group_by(Payment.purchase_id, Refund.booking_id, Refund.currency)
    ):
        found[purchase_id][number] = Money(int(minor), currency)
    return found


def _named_by(session: Session, purchase_id: int, booking_id: int | None) -> int:
    if booking_id is not None:
        return booking_id
    first = select(PurchaseSession.booking_id).where(PurchaseSession.purchase_id == purchase_id)
    return session.scalars(first.order_by(PurchaseSession.position).limit(1)).one() or 0


def _not_booked(session: Session, dues: Iterable[Dues]) -> set[int]:
    """Of which the books do not have what was kept."""
    keys = {kept_key(each.booking_id): each.booking_id for each in dues if each.booking_id and each.moves_something}
    there = select(LedgerTransaction.business_key).where(LedgerTransaction.business_key.in_(keys))
    booked = set(session.scalars(there))
    return {number for key, number in keys.items() if key not in booked}


def _frozen(purchase: Purchase, sessions: list[SoldSession | UnusedSession]) -> FrozenSale:
    policy = CancellationPolicy.named(purchase.policy)
    return FrozenSale(
        policy,
        purchase.currency,
        tuple(each for each in sessions if isinstance(each, SoldSession)),
        tax_included=purchase.tax_included,
        withdrawal_until=purchase.withdrawal_until,
        unused=tuple(each for each in sessions if isinstance(each, UnusedSession)),
    )
