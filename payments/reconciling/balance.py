"""Holds what Stripe has booked on the site's balance against our books: what came in, and what Stripe kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.core.errors import DomainError
from marketplace.core.formats import money
from marketplace.core.money import Money
from payments.domain.states import PaymentStatus, RefundStatus
from payments.models.sales import Payment, Refund
from payments.reconciling.lines import Line, Result
from payments.stripe_api.balance import Booked
from payments.stripe_api.gateway import StripeRefused
from payments.till import Till

REACH = timedelta(days=30)
LATE = timedelta(days=2)
"""So much later we may have learnt that a refund was made: Stripe is asked for more than our books are."""
_FRESH = {"populate_existing": True}
JUST_NOW = timedelta(hours=1)
"""What is younger may not have been booked there, or told of, yet."""
CHARGES = {"charge", "payment"}
ELSEWHERE = {
    *("refund", "payment_refund", "refund_failure", "payment_failure_refund"),
    *("transfer", "transfer_refund", "transfer_cancel", "transfer_failure"),
    *("adjustment", "payout", "payout_cancel", "payout_failure"),
}
"""Refunds, transfers and disputes are held against Stripe one by one; what the operator draws is the site's own."""


@dataclass(frozen=True, slots=True)
class _Paid:
    public_id: str
    paid: Money
    fee: Money | None


def balance(till: Till) -> Iterator[Line]:
    try:
        theirs = till.gateway.balance.since(till.now - REACH - LATE)
    except DomainError as failure:
        yield Line(Result.LEFT, "balance at Stripe", str(failure))
        return
    known, ours = _known(till.session), _paid_lately(till)
    refunds = _refunded_lately(till)
    till.session.commit()
    for booked in theirs:
        yield from _one(booked, known)
    charged = {booked.payment_intent for booked in theirs if booked.kind in CHARGES}
    for intent, payment in ours.items():
        if intent not in charged and (says := _uncharged(till, intent, payment)):
            yield Line(Result.LEFT, f"payment {payment.public_id}", says)
    there = {booked.source for booked in theirs}
    for refund_id, amount in refunds.items():
        if refund_id not in there:
            says = f"{money(amount)} is in our books as given back, and Stripe has booked no such refund"
            yield Line(Result.LEFT, f"refund {refund_id}", says)


def _one(booked: Booked, known: dict[str, _Paid]) -> Iterator[Line]:
    name = f"{booked.kind} {booked.source or booked.id}"
    if booked.kind in CHARGES:
        ours = known.get(booked.payment_intent or "")
        if ours is None:
            says = f"{money(booked.amount)} came in, and this site knows nothing of it: look at Stripe what it is for"
            yield Line(Result.LEFT, name, says)
        elif ours.fee is not None and ours.fee != booked.fee:
            says = f"Stripe kept {money(booked.fee)} of payment {ours.public_id}, and our books have {money(ours.fee)}"
            yield Line(Result.LEFT, name, says)
    elif booked.kind not in ELSEWHERE:
        says = f"{money(booked.amount)} moved on the balance at Stripe, and our books do not have it"
        yield Line(Result.LEFT, name, says)


def _uncharged(till: Till, intent: str, payment: _Paid) -> str:
    """Nothing if it was charged longer ago than was looked at: we may have heard of it much later."""
    try:
        if till.gateway.fetch_settled(intent):
            return ""
    except DomainError as failure:
        return str(failure)
    except StripeRefused:
        pass  # Stripe knows no such payment at all
    return f"{money(payment.paid)} is in our books, and Stripe has booked no such charge"


def _known(session: Session) -> dict[str, _Paid]:
    return {
        str(row.stripe_payment_intent_id): _paid(row) for row in session.scalars(_payments(), execution_options=_FRESH)
    }


def _payments() -> Select[Payment]:
    return select(Payment).where(Payment.stripe_payment_intent_id.is_not(None))


def _paid(row: Payment) -> _Paid:
    fee = None if row.stripe_fee_minor is None else Money(row.stripe_fee_minor, row.stripe_fee_currency or "")
    return _Paid(row.public_id, Money(row.paid_minor or 0, row.currency), fee)


def _paid_lately(till: Till) -> dict[str, _Paid]:
    lately = Payment.paid_at.between(till.now - REACH + JUST_NOW, till.now - JUST_NOW)
    paid = (Payment.status == PaymentStatus.PAID) & (Payment.paid_minor > 0) & lately
    return {
        str(row.stripe_payment_intent_id): _paid(row)
        for row in till.session.scalars(_payments().where(paid), execution_options=_FRESH)
    }


def _refunded_lately(till: Till) -> dict[str, Money]:
    lately = Refund.sent_at.between(till.now - REACH + JUST_NOW, till.now - JUST_NOW)
    done = select(Refund).where(Refund.status == RefundStatus.SUCCEEDED, lately)
    return {str(row.stripe_refund_id): row.amount for row in till.session.scalars(done, execution_options=_FRESH)}
