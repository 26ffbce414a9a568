"""Bring our rows in line with a dispute as Stripe says it is now: money, refunds that wait, sessions ahead, letters.

The rows only; `payments/disputing.py` speaks to Stripe in between. Whatever order the news comes in, and however often:
what is booked is the difference between what Stripe says and what was booked (rules paid_or_refunded, events_once).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus, Canceller
from booking.services.cancel import cancel_booking
from marketplace.core.audit import note
from marketplace.core.jobs import enqueue
from marketplace.core.money import Money
from payments.domain.checkout import BOUGHT_NOTHING
from payments.domain.disputes import (
    CHARGEBACKS,
    OPEN,
    DisputeState,
    DisputeStatus,
    WarningState,
    lost,
    next_dispute_status,
)
from payments.domain.ledger import Kind
from payments.domain.states import CommandStatus, PurchaseStatus, RefundStatus
from payments.models.disputes import Dispute
from payments.models.sales import Payment, Refund
from payments.queries.disputes import WARNED, lost_of
from payments.queries.programmes import goes_on
from payments.services.bearing import bear_the_rest
from payments.services.commands import close, withdraw
from payments.services.ledger import book_dispute, book_dispute_exchanged, book_refund_covered
from payments.services.programme_rows import close_programme, programme_of_sale
from payments.services.refund import owe_rest
from payments.services.rows import SaleRows, SoldRows, lock_sale
from payments.services.settle import settle_sale
from payments.services.shares_waiting import give_what_waited, keep_waiting
from payments.services.tell_disputes import tell_called_off, tell_dispute, tell_warned
from payments.services.tell_programmes import tell_ended

_FRESH = {"populate_existing": True}


def apply_dispute(session: Session, payment_id: int, theirs: DisputeState, *, fetch: int, now: datetime) -> None:
    """Unless a fetch that began later was applied."""
    rows = lock_sale(session, payment_id)
    dispute = _row(session, rows.payment, theirs, now)
    dispute.looked_at = max(dispute.looked_at, now)
    if fetch <= dispute.last_fetch:
        return
    before = dispute.state if dispute.last_fetch else None
    dispute.last_fetch = fetch
    _take(session, dispute, next_dispute_status(before, theirs.status), theirs, now)
    if dispute.state is not before:
        _follow(session, rows, dispute, now)


def _row(session: Session, payment: Payment, theirs: DisputeState, now: datetime) -> Dispute:
    """Under the payment's lock, so that there is one."""
    found = session.scalar(select(Dispute).where(Dispute.stripe_dispute_id == theirs.id), execution_options=_FRESH)
    if found is not None:
        return found
    made = Dispute(
        payment_id=payment.id,
        stripe_dispute_id=theirs.id,
        status=DisputeStatus.WARNING_NEEDS_RESPONSE,
        reason=theirs.reason,
        amount_minor=theirs.amount.minor,
        currency=theirs.amount.currency,
        taken_minor=0,
        returned_minor=0,
        lost_minor=0,
        fee_minor=0,
        fee_currency=theirs.fee.currency,
        opened_at=theirs.created_at,
        last_fetch=0,
        looked_at=now,
    )
    session.add(made)
    return made


def _take(session: Session, dispute: Dispute, status: DisputeStatus, theirs: DisputeState, now: datetime) -> None:
    """Its sums never shrink but for what was lost, which a bank may give back."""
    gone = lost(status, theirs.taken, theirs.returned)
    changes = {
        Kind.DISPUTE_TAKEN: theirs.taken - Money(dispute.taken_minor, dispute.currency),
        Kind.DISPUTE_RETURNED: theirs.returned - Money(dispute.returned_minor, dispute.currency),
        Kind.DISPUTE_FEE: Money(theirs.fee.minor - dispute.fee_minor, theirs.fee.currency),
        Kind.DISPUTE_LOST: gone - dispute.lost,
    }
    dispute.status, dispute.reason, dispute.amount_minor = status, theirs.reason, theirs.amount.minor
    dispute.taken_minor, dispute.returned_minor, dispute.lost_minor = (
        theirs.taken.minor,
        theirs.returned.minor,
        gone.minor,
    )
    dispute.taken_at = (dispute.taken_at or now) if theirs.taken else None
    dispute.fee_minor, dispute.fee_currency = theirs.fee.minor, theirs.fee.currency
    dispute.due_by, dispute.submissions = theirs.due_by, theirs.submissions
    dispute.decided_at = None if status in OPEN else dispute.decided_at or now
    session.flush()
    for kind, change in changes.items():
        book_dispute(session, dispute, kind, change, now=now)
    book_dispute_exchanged(session, dispute, theirs.exchanged, now=now)


def _follow(session: Session, rows: SaleRows, dispute: Dispute, now: datetime) -> None:
    if dispute.state is DisputeStatus.LOST:
        _cover_refunds(session, rows.payment, now)
        _call_off(session, rows, by_bank=True, now=now)
    settle_again(session, rows, now=now)
    for booking in rows.bookings:
        sold = SoldRows(rows.purchase, booking, rows.payment)
        if dispute.state in CHARGEBACKS:
            keep_waiting(session, sold, dispute, now=now)
        if dispute.state not in OPEN:
            give_what_waited(session, sold, dispute, now=now)
    if dispute.state not in OPEN:
        _send_what_waited(session, rows.payment)
    tell_dispute(session, rows.booking, dispute, now=now)
    note(
        session,
        "payments:disputed",
        now=now,
        actor_id=None,
        about_id=rows.purchase.mentee_id,
        subject=rows.booking.public_id,
        detail={"dispute": dispute.stripe_dispute_id, "status": dispute.status, "amount": dispute.amount_minor},
    )


def settle_again(session: Session, rows: SaleRows, *, now: datetime) -> None:
    """What is due by the facts, with what a bank has given back; of what bought nothing, the rest."""
    if _bought(session, rows):
        settle_sale(session, sold_rows(rows), now=now)
        return
    _owe_again(session, rows.payment, now)
    bear_the_rest(session, rows.payment, now=now)


def sold_rows(rows: SaleRows) -> SoldRows:
    return SoldRows(rows.purchase, rows.booking, rows.payment)


def _call_off(session: Session, rows: SaleRows, *, by_bank: bool, now: datetime) -> None:
    """The mentee has, or gets, all back: what has not begun of it does not take place, nor what is not booked yet."""
    if not _bought(session, rows):
        return
    paid = Money(rows.payment.paid_minor or 0, rows.payment.currency)
    for booking in rows.bookings:
        if booking.state is BookingStatus.CONFIRMED and booking.starts_at > now:
            cancel_booking(session, booking, by=Canceller.OPERATOR, person_id=None, reason="", now=now)
            tell_called_off(session, booking, paid, by_bank=by_bank, now=now)
    if goes_on(session, rows.purchase.id):
        close_programme(session, programme_of_sale(session, rows), by=None, now=now)
        tell_ended(session, rows.purchase, paid, by=None, now=now)


def apply_warning(session: Session, payment_id: int, theirs: WarningState, *, now: datetime) -> None:
    """All that is left goes back at once, and what has not begun does not take place; nothing, the second time."""
    rows = lock_sale(session, payment_id)
    if not theirs.actionable:
        return
    _call_off(session, rows, by_bank=False, now=now)
    settle_again(session, rows, now=now)
    left = left_of(session, rows.payment)
    if left.minor > 0:
        owe_rest(
            session, rows.payment, f"refund-{rows.payment.public_id}-{WARNED}", reason=WARNED, amount=left, now=now
        )
        settle_again(session, rows, now=now)
        tell_warned(session, rows.booking, left, now=now)
    _note_warning(session, rows, theirs, left, now)


def _note_warning(session: Session, rows: SaleRows, theirs: WarningState, left: Money, now: datetime) -> None:
    note(
        session,
        "payments:warned",
        now=now,
        actor_id=None,
        about_id=rows.purchase.mentee_id,
        subject=rows.booking.public_id,
        detail={"warning": theirs.id, "kind": theirs.fraud_type, "back": left.minor, "currency": left.currency},
    )


def _bought(session: Session, rows: SaleRows) -> bool:
    nothing = Refund.reason.in_(BOUGHT_NOTHING) & (Refund.payment_id == rows.payment.id)
    for_nothing = session.scalar(select(Refund.id).where(nothing).limit(1)) is not None
    return rows.purchase.status == PurchaseStatus.SOLD and not for_nothing


def left_of(session: Session, payment: Payment) -> Money:
    """What has neither gone back nor is owed, in whatever state."""
    counts = (Refund.payment_id == payment.id) & (Refund.status != RefundStatus.COVERED)
    back = session.scalar(select(func.sum(Refund.amount_minor)).where(counts))
    return Money((payment.paid_minor or 0) - int(back or 0), payment.currency) - lost_of(session, payment)


def _cover_refunds(session: Session, payment: Payment, now: datetime) -> None:
    """What was owed and never sent is not sent any more, the oldest first, as far as the bank has given it back. What
    is more than that is owed again by settling."""
    refunds = _locked_refunds(session, payment)
    covered = sum(each.amount_minor for each in refunds if each.status == RefundStatus.COVERED)
    gone = lost_of(session, payment).minor - covered
    for each in refunds:
        if gone > 0 and each.status in {RefundStatus.OWED, RefundStatus.FAILED} and each.by_hand_at is None:
            each.status = RefundStatus.COVERED
            session.flush()
            book_refund_covered(session, each, now=now)
            if not withdraw(session, each.command_id):
                close(session, each.command_id, CommandStatus.REFUSED, error="A bank has given it back.")
            gone -= each.amount_minor


def _owe_again(session: Session, payment: Payment, now: datetime) -> None:
    """Of a payment that bought nothing: what is neither on its way nor with the mentee, under the reason of before."""
    left, refunds = left_of(session, payment), _locked_refunds(session, payment)
    first = next((each for each in refunds if each.reason in BOUGHT_NOTHING), None)
    if first is not None and left.minor > 0:
        reference = f"refund-{payment.public_id}-{first.reason}-{len(refunds) + 1}"
        owe_rest(session, payment, reference, reason=first.reason, amount=left, now=now)


def _locked_refunds(session: Session, payment: Payment) -> list[Refund]:
    statement = select(Refund).where(Refund.payment_id == payment.id).order_by(Refund.id)
    return list(session.scalars(statement.with_for_update(key_share=True), execution_options=_FRESH))


def _send_what_waited(session: Session, payment: Payment) -> None:
    waiting: Iterable[int] = session.scalars(
        select(Refund.id).where(Refund.payment_id == payment.id, Refund.status == RefundStatus.OWED)
    )
    for refund_id in waiting:
        enqueue(session, "payments:send_refund", refund_id=refund_id)
