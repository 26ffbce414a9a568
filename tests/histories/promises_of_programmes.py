"""What must be true after every move of what was bought to be used session by session.

The names are those of docs/testing.md.
"""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.domain.states import CANCELLED
from booking.models.bookings import Booking
from payments.domain.ledger import Account
from payments.models.ledger import LedgerEntry, LedgerTransaction
from payments.models.programmes import Programme, SessionBefore
from payments.models.sales import PurchaseSession, Refund
from tests.histories.sold import Sold


def at_every_moment(session: Session, sales: list[Sold]) -> list[str]:
    bought = [each for each in sales if each.is_bought and each.buys]
    return [*_used_once(session, sales), *_whole(session, bought), *_ended(session)]


def _used_once(session: Session, sales: list[Sold]) -> list[str]:
    """I15: each booking is of one session that was bought; what is to be booked, and what was booked before, was called
    off."""
    now = session.scalars(select(PurchaseSession.booking_id).where(PurchaseSession.booking_id.is_not(None))).all()
    before = session.scalars(select(SessionBefore.booking_id)).all()
    uses, bookings = Counter([*now, *before]), {each.id: each for each in session.scalars(select(Booking))}
    idle = {part.booking.id for each in sales for part in each.parts if part.row.to_book and part.booking}
    return [
        *(f"I15 booking {number} is of {uses[number]} sessions" for number in bookings if uses[number] != 1),
        *(
            f"I15 booking {number} is {bookings[number].status}, and its session is used again"
            for number in sorted({*before, *idle})
            if bookings[number].state not in CANCELLED
        ),
    ]


def _whole(session: Session, bought: list[Sold]) -> list[str]:
    """I15: what was paid is what its sessions cost, and what of it waits is what was paid for those that are unused, or
    of which nothing is final: the rest has come back, or was earned. What a bank has, or gave, stands elsewhere."""
    waiting = _waiting(session)
    wrong = []
    for each in bought:
        total, cost = each.purchase.total_minor or 0, sum(part.paid for part in each.parts)
        if total != cost:
            wrong.append(f"I15 {each.purchase.public_id} was sold for {total}, and its sessions for {cost}")
        open_ = sum(part.paid for part in each.parts if not part.is_settled)
        if not each.gone and waiting[each.payment.id] != open_:
            wrong.append(f"I15 of {each.purchase.public_id} {waiting[each.payment.id]} waits, and {open_} is open")
    return wrong


def _waiting(session: Session) -> Counter[int]:
    """By payment: what the books have as paid and neither back nor earned, in the currency of the sale."""
    of_payment = func.coalesce(LedgerTransaction.payment_id, Refund.payment_id)
    statement = (
        select(of_payment, -func.sum(LedgerEntry.amount_minor))
        .select_from(LedgerEntry)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .outerjoin(Refund, Refund.id == LedgerTransaction.refund_id)
        .where(LedgerEntry.account == Account.MENTEE_PREPAID)
        .group_by(of_payment)
    )
    return Counter({payment: int(minor) for payment, minor in session.execute(statement)})


def _ended(session: Session) -> list[str]:
    """I15: nothing of what has ended is to be booked any more, and nothing that was bought is lost otherwise."""
    statement = (
        select(Programme.purchase_id, PurchaseSession.position, Programme.ended_at)
        .join(PurchaseSession, PurchaseSession.purchase_id == Programme.purchase_id)
        .where(PurchaseSession.to_book, PurchaseSession.returned_at.is_(None) != Programme.ended_at.is_(None))
    )
    return [f"I15 session {row.position} of {row.purchase_id}, ended at {row[2]}" for row in session.execute(statement)]
