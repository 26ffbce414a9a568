"""Reads of disputes: what they keep from happening, and what of a payment is gone by them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.core.money import Money
from payments.domain.checkout import BOUGHT_NOTHING
from payments.domain.disputes import NO_REFUND, OPEN, TO_ANSWER
from payments.domain.ledger import Account, Kind
from payments.domain.states import CommandStatus, RefundStatus
from payments.models.disputes import Dispute
from payments.models.ledger import LedgerEntry, LedgerTransaction
from payments.models.sales import Payment, Refund, StripeCommand

LOOK_AGAIN_AFTER = timedelta(hours=1)
WARNED = "warning"
"""Why a refund goes back: a bank has warned of fraud."""
_PaymentId = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
_FRESH = {"populate_existing": True}


def is_disputed(payment_id: _PaymentId) -> ColumnElement[bool]:
    """As a condition: nothing may be transferred out of this payment now."""
    return select(Dispute.id).where(Dispute.payment_id == payment_id, Dispute.status.in_(OPEN)).exists()


def is_charged_back(payment_id: _PaymentId) -> ColumnElement[bool]:
    """As a condition: nothing of this payment may be refunded now."""
    return select(Dispute.id).where(Dispute.payment_id == payment_id, Dispute.status.in_(NO_REFUND)).exists()


def payment_is_disputed(session: Session, payment_id: int) -> bool:
    return bool(session.scalar(select(is_disputed(Payment.id)).where(Payment.id == payment_id)))


def dispute_of(session: Session, stripe_id: str) -> Dispute | None:
    """Read afresh."""
    return session.scalar(select(Dispute).where(Dispute.stripe_dispute_id == stripe_id), execution_options=_FRESH)


def payment_of_intent(session: Session, intent: str) -> int | None:
    return session.scalar(select(Payment.id).where(Payment.stripe_payment_intent_id == intent))


def disputes_to_look_at(session: Session, now: datetime, limit: int = 100) -> list[str]:
    """Open ones of which Stripe has told nothing lately."""
    due = Dispute.decided_at.is_(None) & (Dispute.looked_at <= now - LOOK_AGAIN_AFTER)
    return list(session.scalars(select(Dispute.stripe_dispute_id).where(due).order_by(Dispute.looked_at).limit(limit)))


def evidence_to_hand_in(session: Session, limit: int = 100) -> list[str]:
    """Stored, and not with Stripe yet."""
    waits = select(Dispute.stripe_dispute_id).join(StripeCommand, StripeCommand.id == Dispute.evidence_command_id)
    return list(session.scalars(waits.where(StripeCommand.status == CommandStatus.WAITING).limit(limit)))


def to_answer(session: Session, now: datetime) -> list[Dispute]:
    """No evidence was handed in or is on its way, and it can be: the most urgent first."""
    waits = Dispute.status.in_(TO_ANSWER) & (Dispute.submissions == 0) & Dispute.evidence_command_id.is_(None)
    in_time = Dispute.due_by.is_(None) | (Dispute.due_by > now)
    return list(session.scalars(select(Dispute).where(waits, in_time).order_by(Dispute.due_by, Dispute.id)))


def disputes_of_purchase(session: Session, purchase_id: int) -> list[Dispute]:
    """Of its payments, the oldest first."""
    payments = select(Payment.id).where(Payment.purchase_id == purchase_id)
    return list(session.scalars(select(Dispute).where(Dispute.payment_id.in_(payments)).order_by(Dispute.id)))


def lost_of(session: Session, payment: Payment) -> Money:
    """What banks have given back of this payment, for good."""
    lost = select(func.sum(Dispute.lost_minor)).where(Dispute.payment_id == payment.id)
    return Money(int(session.scalar(lost) or 0), payment.currency)


def gone(session: Session, purchase_ids: Iterable[int]) -> dict[int, int]:
    """Minor units, by purchase: what has gone back of what bought it, and not for one session: what banks gave back for
    good, and what went back on a warning."""
    wanted = set(purchase_ids)
    nothing = select(Refund.id).where(Refund.payment_id == Payment.id, Refund.reason.in_(BOUGHT_NOTHING)).exists()
    lost = select(Payment.purchase_id, func.sum(Dispute.lost_minor)).join(Dispute, Dispute.payment_id == Payment.id)
    lost = lost.where(Payment.purchase_id.in_(wanted), ~nothing).group_by(Payment.purchase_id)
    warned = select(Payment.purchase_id, func.sum(Refund.amount_minor)).join(Refund, Refund.payment_id == Payment.id)
    warned = warned.where(Refund.reason == WARNED, Refund.status != RefundStatus.COVERED)
    warned = warned.where(Payment.purchase_id.in_(wanted)).group_by(Payment.purchase_id)
    found = dict.fromkeys(wanted, 0)
    for statement in (lost, warned):
        for purchase_id, minor in session.execute(statement):
            found[purchase_id] += int(minor or 0)
    return found


def is_gone(session: Session, payment: Payment) -> bool:
    """Whether a bank has it for good, or it went back on a warning: what is paid out for it is the site's own."""
    return gone(session, [payment.purchase_id])[payment.purchase_id] > 0


def may_be_overdrawn(session: Session, payment_id: int | None = None) -> list[Payment]:
    """Of which something is or was gone that may have been earned as well; of all, or of one."""
    disputed = select(Dispute.payment_id)
    warned = select(Refund.payment_id).where(Refund.reason == WARNED)
    which = Payment.id.in_(disputed) | Payment.id.in_(warned)
    if payment_id is not None:
        which &= Payment.id == payment_id
    return list(session.scalars(select(Payment).where(which).order_by(Payment.id)))


def overdrawn(session: Session, payment: Payment) -> tuple[Money, Money]:
    """By the books of one payment: by how much more than it brought was earned and went back (negative: so much is
    left), and what of that the site bears already."""
    about = LedgerTransaction.payment_id == payment.id
    about |= LedgerTransaction.refund_id.in_(select(Refund.id).where(Refund.payment_id == payment.id))
    borne = LedgerTransaction.kind == Kind.DISPUTE_BORNE
    row = session.execute(
        select(
            func.coalesce(func.sum(LedgerEntry.amount_minor).filter(~borne), 0),
            func.coalesce(func.sum(-LedgerEntry.amount_minor).filter(borne), 0),
        )
        .select_from(LedgerEntry)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(about, LedgerEntry.account == Account.MENTEE_PREPAID)
    ).one()
    over, already = (Money(int(minor), payment.currency) for minor in row)
    return over, already
