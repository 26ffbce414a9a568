"""An operator gives money back for a session after it was settled: the mentee's refund, and what mentor and site bear
of it in the frozen ratio, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.services.notify import reach_person_at
from marketplace.core import audit, mail
from marketplace.core.errors import Conflict, RuleBroken
from marketplace.core.money import Money
from payments.domain.ledger import Account
from payments.domain.settle import Dues
from payments.models.returns import GivenBack
from payments.models.sales import Payment
from payments.queries.settling import dues_of, refunded
from payments.services.ledger import book_fee_given_back
from payments.services.refund import owe_given_back
from payments.services.rows import SoldRows, lock_sold
from payments.services.take_back import Taking, take_back


class NotToBeGivenBack(Conflict):
    """Nothing was paid for the session, it is not settled yet, or all of it went back."""


class TooMuchToGiveBack(RuleBroken):
    """More than is left of what was paid for the session, or nothing."""


@dataclass(frozen=True, slots=True)
class Giving:
    """`left_minor` is what was left when the operator decided; both people read the reason."""

    amount: Money
    left_minor: int | None
    operator_id: int
    reason: str


def left_of(session: Session, rows: SoldRows) -> Money:
    """What can still go back for a session. Raises NotToBeGivenBack."""
    dues = dues_of(session, rows.purchase, rows.booking.id) if rows.payment is not None else None
    if dues is None or rows.payment is None or not dues.paid:
        raise NotToBeGivenBack("Nothing can be given back for this session: it is not settled, or nothing was paid.")
    left = min(dues.kept, refunded(session, rows.payment)[1])
    if left.minor <= 0:
        raise NotToBeGivenBack("All that was paid for this session has gone back.")
    return left


def give_back(session: Session, booking_id: int, giving: Giving, *, now: datetime) -> None:
    """Raises NotToBeGivenBack, TooMuchToGiveBack."""
    rows = lock_sold(session, booking_id)
    left = left_of(session, rows)
    if giving.left_minor != left.minor:
        raise NotToBeGivenBack("Meanwhile something has changed: look at what is left of it now.")
    if not 0 < giving.amount.minor <= left.minor:
        raise TooMuchToGiveBack("At most %(left)s can be given back, and more than nothing.", left=left)
    before, given = _dues(session, rows), _given(session, rows, giving, now)
    assert rows.payment is not None, "something is left of it"
    after = _dues(session, rows)
    borne = before.share - after.share
    key = f"given-{rows.payment.public_id}-{rows.booking.public_id}-{given.number}"
    take_back(session, rows, Taking(key, borne, Account.MENTEE_PREPAID), now=now)
    book_fee_given_back(session, rows.payment, before, after, key=key, now=now)
    _tell(session, rows, given, borne, now)
    _note(session, rows, giving, borne, now)


def _dues(session: Session, rows: SoldRows) -> Dues:
    dues = dues_of(session, rows.purchase, rows.booking.id)
    assert dues is not None, "it is settled"
    return dues


def _given(session: Session, rows: SoldRows, giving: Giving, now: datetime) -> GivenBack:
    payment: Payment | None = rows.payment
    assert payment is not None, "something is left of it"
    count = session.scalar(select(func.count()).where(GivenBack.booking_id == rows.booking.id)) or 0
    refund = owe_given_back(session, payment, rows.booking, number=count + 1, amount=giving.amount, now=now)
    given = GivenBack(
        booking_id=rows.booking.id,
        number=count + 1,
        amount_minor=giving.amount.minor,
        currency=giving.amount.currency,
        refund_id=refund.id,
        given_by=giving.operator_id,
        reason=giving.reason,
        given_at=now,
    )
    session.add(given)
    session.flush()
    return given


def _tell(session: Session, rows: SoldRows, given: GivenBack, borne: Money, now: datetime) -> None:
    """Nobody is woken by it: a mentor reads it in working time."""
    booking = rows.booking
    for reader in (booking.mentee_id, booking.mentor_id):
        mail.post(
            session,
            "payments:given_back",
            key=f"{booking.public_id}-{given.number}",
            user_id=reader,
            now=now,
            due_at=reach_person_at(session, booking, reader, about=None, now=now),
            given_id=given.id,
            borne_minor=borne.minor,
        )


def _note(session: Session, rows: SoldRows, giving: Giving, borne: Money, now: datetime) -> None:
    audit.note(
        session,
        "payments:gave_back",
        now=now,
        actor_id=giving.operator_id,
        about_id=rows.booking.mentee_id,
        subject=rows.booking.public_id,
        reason=giving.reason,
        detail={
            "amount_minor": giving.amount.minor,
            "currency": giving.amount.currency,
            "mentor": rows.booking.mentor_id,
            "mentor_minor": borne.minor,
        },
    )
