"""A mentor has less of a session after it was settled: what is still here stays here, what is gone is owed and asked
back at Stripe. Whoever knows the reason calls this, under the locks of the sale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from payments.domain.ledger import Account
from payments.models.returns import TakenBack
from payments.models.sales import Payment
from payments.queries.transfers import due_of, unsent_of
from payments.services.commands import is_refused
from payments.services.ledger import book_taken_back
from payments.services.reversals import want_reversals
from payments.services.rows import SoldRows
from payments.services.transfers import is_stopped, lessen, net_again


@dataclass(frozen=True, slots=True)
class Taking:
    """`key` names the reason, for ever; `against` is the account of the books that has `amount` instead."""

    key: str
    amount: Money
    against: Account


def take_back(session: Session, rows: SoldRows, taking: Taking, *, now: datetime) -> None:
    """Of what was earned by the session of these rows, which are locked. Once for a key, however often it is called."""
    if taking.amount.minor <= 0 or rows.payment is None or _is_known(session, taking):
        return
    here = _still_here(session, rows.payment, rows.booking.id, taking.amount, now)
    taken = _taken(session, rows, rows.payment, taking, taking.amount, here, now)
    if taken.owed:
        want_reversals(session, taken, now=now)


def give_again(session: Session, rows: SoldRows, taking: Taking, *, now: datetime) -> None:
    """The mentor is to have it after all, by a transfer of its own: less what is owed by then. Once for a key."""
    if taking.amount.minor <= 0 or rows.payment is None or _is_known(session, taking):
        return
    back = Money(-taking.amount.minor, taking.amount.currency)
    _taken(session, rows, rows.payment, taking, back, back, now)


def _taken(
    session: Session, rows: SoldRows, payment: Payment, taking: Taking, amount: Money, payable: Money, now: datetime
) -> TakenBack:
    taken = TakenBack(
        booking_id=rows.booking.id,
        payment_id=payment.id,
        mentor_id=rows.booking.mentor_id,
        business_key=taking.key,
        against=taking.against,
        amount_minor=amount.minor,
        payable_minor=payable.minor,
        currency=amount.currency,
        taken_at=now,
    )
    session.add(taken)
    session.flush()
    book_taken_back(session, payment, taken, now=now)
    return taken


def _is_known(session: Session, taking: Taking) -> bool:
    return session.scalar(select(TakenBack.id).where(TakenBack.business_key == taking.key)) is not None


def _still_here(session: Session, payment: Payment, booking_id: int, amount: Money, now: datetime) -> Money:
    """What of it has not gone to the mentor: not asked of Stripe yet, or stopped before it went."""
    due = max(due_of(session, booking_id) or Money(0, amount.currency), Money(0, amount.currency))
    missing, unsent = amount - due, unsent_of(session, booking_id)
    if missing.minor <= 0:
        return amount
    if unsent is not None and unsent.command_id is not None and is_refused(session, unsent.command_id):
        net_again(session, payment, unsent, now=now)
        unsent = unsent_of(session, booking_id)
    if unsent is None or not is_stopped(session, unsent):
        return due
    less = min(missing, unsent.amount)
    lessen(session, payment, unsent, less, netted=False, now=now)
    return due + less
