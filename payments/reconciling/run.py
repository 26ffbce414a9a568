"""Holds our rows against Stripe, heals what the rules say how to heal, and tells what is left to a person.

Everything here may run at any time, any number of times, beside the worker: it goes through the till like everyone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

from booking.queries.outcomes import to_bring_forward
from marketplace.core.errors import DomainError
from marketplace.core.formats import money
from marketplace.core.money import Money
from payments import polling
from payments.acting import act_on
from payments.domain.checkout import CheckoutState
from payments.domain.inbox import EventStatus
from payments.domain.refunds import next_refund_status
from payments.domain.states import PaymentStatus, RefundStatus
from payments.queries import reconcile as rows
from payments.queries import settling as settle_queries
from payments.queries.exchanges import exchanged_later
from payments.queries.inbox import event_with
from payments.queries.reconcile import PaymentRow, RefundRow
from payments.reconciling import balance as reconcile_balance
from payments.reconciling import bank_payouts as reconcile_banks
from payments.reconciling import disputes as reconcile_disputes
from payments.reconciling import payouts as reconcile_payouts
from payments.reconciling.lines import NOT_EXCHANGED, Line, Result, failure_of, tried
from payments.services.answer import owe_unanswered
from payments.services.settle import settle_session
from payments.stripe_api.gateway import MadeRefund
from payments.till import Till

_log = logging.getLogger(__name__)
EVERYTHING = 1_000_000
REFUNDS_REACH = timedelta(days=30)
"""A bank sends a refund back within weeks, if it does."""


def reconcile(till: Till) -> Iterator[Line]:
    """News from Stripe first, then our own rows, so that what one step owes the next one sends; and news once more, of
    what our rows have only now come to know."""
    yield from _sessions(till)
    yield from _undelivered(till)
    yield from (line for line in _events(till) if line.result is Result.HEALED)
    yield from _payments(till)
    yield from reconcile_disputes.disputes(till)
    yield from _unanswered(till)
    yield from _over(till)
    yield from _unsettled(till)
    yield from _made_refunds(till)
    yield from _refunds(till)
    yield from reconcile_payouts.accounts(till)
    yield from reconcile_payouts.transfers(till)
    yield from reconcile_banks.bank_payouts(till)
    yield from reconcile_balance.balance(till)
    yield from _events(till)


def _sessions(till: Till) -> Iterator[Line]:
    try:
        unknown = polling.unknown_sessions(till, till.now - polling.FARTHEST_REACH)
    except DomainError as failure:
        yield Line(Result.LEFT, "checkout sessions at Stripe", str(failure))
        return
    for theirs in unknown.news:
        yield tried(till, f"session {theirs.id}", "was not known here", till.look_at_session, theirs.id)
    for theirs in unknown.strays:
        yield from _stray(till, theirs)


def _stray(till: Till, theirs: CheckoutState) -> Iterator[Line]:
    """Of a payment that has another session, or that is not here: nobody should be able to pay into nothing."""
    name = f"session {theirs.id}"
    if theirs.is_paid:
        yield Line(Result.LEFT, name, f"is paid, and payment {theirs.payment} knows nothing of it: refund it at Stripe")
    elif theirs.status == "open" and _is_here(till, theirs):
        yield tried(till, name, "stood open beside another one", till.gateway.expire_checkout, theirs.id)


def _is_here(till: Till, theirs: CheckoutState) -> bool:
    """Another site may use the same account at Stripe: its sessions are not ours to end."""
    here = bool(rows.payments_named(till.session, [str(theirs.payment)]))
    till.session.commit()
    return here


def _undelivered(till: Till) -> Iterator[Line]:
    """They are taken in here, and acted on with all others that wait."""
    try:
        polling.poll_events(till)
    except DomainError as failure:
        till.session.rollback()
        yield Line(Result.LEFT, "events at Stripe", str(failure))


def _events(till: Till) -> Iterator[Line]:
    waiting = rows.unfinished_events(till.session)
    till.session.commit()
    for event_id in waiting:
        act_on(till, event_id)
        event = event_with(till.session, event_id)
        done, kind, error = event.status == EventStatus.DONE, event.type, event.error
        till.session.commit()
        says = "was waiting" if done else error or "waits"
        yield Line(Result.HEALED if done else Result.LEFT, f"event {event_id} {kind}", says)


def _payments(till: Till) -> Iterator[Line]:
    payable = rows.payable(till.session, till.now)
    till.session.commit()
    for before in payable:
        name, failure = f"payment {before.public_id}", failure_of(till, till.look, before.id)
        after = _now(till, before)
        overdue = after.status in {PaymentStatus.UNSENT, PaymentStatus.OPEN} and after.expires_at <= till.now
        if failure or overdue:
            yield Line(Result.LEFT, name, failure or f"is {after.status}, and its time is over")
        elif after.status is not before.status:
            yield Line(Result.HEALED, name, f"was {before.status}, is {after.status}")


def _now(till: Till, payment: PaymentRow) -> PaymentRow:
    row = rows.payment_now(till.session, payment.id)
    till.session.commit()
    return row


def _unanswered(till: Till) -> Iterator[Line]:
    unanswered = rows.unanswered(till.session)
    till.session.commit()
    for payment in unanswered:
        name = f"payment {payment.public_id}"
        yield tried(till, name, "bought nothing, and is owed back now", _owe, till, payment.id)


def _owe(till: Till, payment_id: int) -> None:
    owe_unanswered(till.session, payment_id, now=till.now)
    till.session.commit()


def _over(till: Till) -> Iterator[Line]:
    over = to_bring_forward(till.session, till.now, limit=EVERYTHING)
    till.session.commit()
    for booking_id in over:
        yield tried(
            till, f"session number {booking_id}", "was over, and nobody had looked", till.bring_forward, booking_id
        )


def _unsettled(till: Till) -> Iterator[Line]:
    unsettled = settle_queries.unsettled(till.session)
    till.session.commit()
    for booking_id, public_id in unsettled:
        yield tried(till, f"session {public_id}", "was not settled as it was sold", _settle, till, booking_id)


def _settle(till: Till, booking_id: int) -> None:
    settle_session(till.session, booking_id, now=till.now)
    till.session.commit()


def _made_refunds(till: Till) -> Iterator[Line]:
    try:
        made = till.gateway.refunds_since(till.now - REFUNDS_REACH)
    except DomainError as failure:
        yield Line(Result.LEFT, "refunds at Stripe", str(failure))
        return
    payments = rows.payments_of_intents(till.session, [each.payment_intent or "" for each in made])
    known = rows.refunds_at(till.session, [each.state.id for each in made], [each.reference or "" for each in made])
    exchanged = exchanged_later(till.session)
    till.session.commit()
    by_id = {row.stripe_refund_id: row for row in known if row.stripe_refund_id}
    by_reference = {row.reference: row for row in known if row.stripe_refund_id is None}
    for theirs in made:
        if (payment := payments.get(theirs.payment_intent or "")) is not None:
            ours = by_id.get(theirs.state.id) or by_reference.get(theirs.reference or "")
            yield from _made_refund(till, theirs, ours, payment, is_booked=exchanged.issuperset(theirs.state.exchanged))


def _made_refund(
    till: Till, theirs: MadeRefund, ours: RefundRow | None, payment: str, *, is_booked: bool
) -> Iterator[Line]:
    name = f"refund {theirs.state.id}"
    if ours is None:
        if theirs.state.status not in {"failed", "canceled"}:
            amount = money(Money(theirs.state.amount, theirs.state.currency))
            says = f"{amount} was made by hand for payment {payment}: this site does not count it; do not give it again"
            yield Line(Result.LEFT, name, says)
    elif next_refund_status(ours.status, theirs.state.status) is not ours.status:
        says = f"is {theirs.state.status} at Stripe, and was {ours.status} here"
        yield tried(till, name, says, till.send_refund, ours.id)
    elif not is_booked and ours.status is not RefundStatus.SENT:
        yield tried(till, name, NOT_EXCHANGED, till.send_refund, ours.id)


def _refunds(till: Till) -> Iterator[Line]:
    unfinished = rows.unfinished_refunds(till.session)
    till.session.commit()
    for before in unfinished:
        failure = None
        if before.status is not RefundStatus.FAILED and before.refused is None:
            failure = failure_of(till, till.send_refund, before.id)
        after = rows.refund_now(till.session, before.id)
        till.session.commit()
        yield from _refund(before, after, failure)


def _refund(before: RefundRow, after: RefundRow, failure: str | None) -> Iterator[Line]:
    name = f"refund of payment {after.payment}"
    if after.status is RefundStatus.FAILED:
        yield Line(Result.LEFT, name, "was sent back by the bank: pay it in another way")
    elif after.refused:
        yield Line(Result.LEFT, name, f"is owed, and Stripe refuses it: {after.refused}")
    elif failure or after.status is RefundStatus.OWED:
        yield Line(Result.LEFT, name, failure or "is still owed")
    elif after.status is not before.status:
        yield Line(Result.HEALED, name, f"was {before.status}, is {after.status}")
