"""What an operator does about a share that does not reach its mentor through Stripe: ask again, or pay past Stripe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.services.notify import reach_applicant_at
from marketplace.core import audit, mail
from marketplace.core.errors import Conflict
from marketplace.core.jobs import enqueue
from marketplace.core.money import Money
from payments.domain.states import TransferStatus
from payments.domain.transfers import net
from payments.models.payouts import Transfer
from payments.models.sales import Payment
from payments.queries.owed import nettable
from payments.queries.transfers import due_of, unsent_of
from payments.services.commands import is_refused
from payments.services.ledger import book_netted, book_transfer_by_hand
from payments.services.rows import SoldRows, lock_sold
from payments.services.transfers import is_stopped, net_again, next_number


class TransferNotStuck(Conflict):
    """It is on its way through Stripe, has gone, was paid by hand before, or is another sum by now."""


@dataclass(frozen=True, slots=True)
class Handing:
    """`agreed_minor` is the sum that the operator has read; the mentor reads `how`."""

    agreed_minor: int | None
    operator_id: int
    how: str


def ask_for_it_again(session: Session, booking_id: int, *, operator_id: int, now: datetime) -> None:
    """What Stripe refused, under a new key, for when the reason is gone. Raises TransferNotStuck."""
    rows = lock_sold(session, booking_id)
    unsent = unsent_of(session, booking_id)
    if unsent is None or unsent.command_id is None or not is_refused(session, unsent.command_id):
        raise TransferNotStuck("Stripe does not refuse this transfer any more: look at how it stands now.")
    _note(session, rows, "payments:transfer_asked_again", unsent.amount, operator_id, now)
    enqueue(session, "payments:ask_for_transfer_again", booking_id=booking_id)


def pay_mentor_by_hand(session: Session, booking_id: int, handing: Handing, *, now: datetime) -> None:
    """Note that what the mentor is to have of a session was paid past Stripe, less what they owe; book it, and tell
    them how. Raises TransferNotStuck."""
    rows = lock_sold(session, booking_id)
    if rows.payment is None:
        raise TransferNotStuck("Nothing is to be paid for this session.")
    transfer = _stopped(session, rows.payment, booking_id, now) or _made(session, rows, rows.payment, now)
    if transfer is None or transfer.amount_minor != handing.agreed_minor:
        raise TransferNotStuck("This sum is not to be paid by hand any more: look at how it stands now.")
    transfer.status, transfer.command_id = TransferStatus.BY_HAND, None
    transfer.by_hand_at, transfer.by_hand_by, transfer.by_hand_how = now, handing.operator_id, handing.how
    session.add(transfer)
    session.flush()
    if transfer.netted_minor:
        kept = Money(transfer.netted_minor, transfer.currency)
        book_netted(session, rows.payment, transfer.id, kept, netted_minor=kept.minor, now=now)
    book_transfer_by_hand(session, rows.payment, transfer.id, transfer.amount, now=now)
    _note(session, rows, "payments:transfer_by_hand", transfer.amount, handing.operator_id, now, reason=handing.how)
    due_at = reach_applicant_at(session, transfer.mentor_id, now=now)
    mail.post(
        session,
        "payments:mentor_paid_by_hand",
        key=f"transfer-{transfer.id}",
        user_id=transfer.mentor_id,
        now=now,
        due_at=due_at,
        transfer_id=transfer.id,
    )


def _stopped(session: Session, payment: Payment, booking_id: int, now: datetime) -> Transfer | None:
    """The one that was to go through Stripe and does not, less what the mentor owes by now. Raises TransferNotStuck if
    it may have gone."""
    unsent = unsent_of(session, booking_id)
    if unsent is not None and unsent.command_id is not None and is_refused(session, unsent.command_id):
        net_again(session, payment, unsent, now=now)
        unsent = unsent_of(session, booking_id)
    if unsent is not None and not is_stopped(session, unsent):
        raise TransferNotStuck("Stripe is being asked for this transfer just now. Look again in a while.")
    return unsent


def _made(session: Session, rows: SoldRows, payment: Payment, now: datetime) -> Transfer | None:
    """Of what was earned and not asked of Stripe; None if that is nothing, or the mentor owes as much."""
    due = due_of(session, rows.booking.id)
    if due is None or due.minor <= 0:
        return None
    parts = net(due, nettable(session, rows.booking.mentor_id, due.currency))
    return Transfer(
        booking_id=rows.booking.id,
        payment_id=payment.id,
        mentor_id=rows.booking.mentor_id,
        number=next_number(session, rows.booking.id),
        amount_minor=parts.sent.minor,
        netted_minor=parts.kept.minor,
        currency=due.currency,
        created_at=now,
        looked_at=now,
    )


def _note(
    session: Session, rows: SoldRows, deed: str, amount: Money, operator_id: int, now: datetime, *, reason: str = ""
) -> None:
    audit.note(
        session,
        deed,
        now=now,
        actor_id=operator_id,
        about_id=rows.booking.mentor_id,
        subject=rows.booking.public_id,
        reason=reason,
        detail={"amount_minor": amount.minor, "currency": amount.currency},
    )
