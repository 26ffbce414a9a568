"""What happened to a sale's money, as sentences for the operator, and what was booked of it."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from marketplace.core import formats
from marketplace.core.money import Money
from marketplace.operator.history.rows import Rows, Told
from payments.domain.refunds import ENDED
from payments.models.disputes import Dispute
from payments.models.sales import Payment, Purchase, Refund
from payments.words.disputes import reason_words, status_words

REASONS = {
    "cancelled": lazy_gettext("the session was cancelled"),
    "outcome": lazy_gettext("what became of the session"),
    "given_back": lazy_gettext("an operator gives it back"),
    "late": lazy_gettext("it was paid after the time was lost"),
    "second": lazy_gettext("it was paid before"),
    ENDED: lazy_gettext("the programme has ended, and these sessions were not used"),
    "wrong_sum": lazy_gettext("the sum was not the one that was asked"),
    "warning": lazy_gettext("a bank has warned of fraud"),
}
"""Of refunds; one that is not here is called by its name in the database."""


def told(rows: Rows) -> Iterator[Told]:
    purchase = rows.purchase
    if purchase.gross_minor:
        yield (
            purchase.created_at,
            _(
                "What it costs is frozen: %(gross)s, of it %(fee)s for the site.",
                gross=formats.money(purchase.gross),
                fee=formats.money(purchase.fee),
            ),
        )
    if purchase.sold_at is not None:
        yield purchase.sold_at, _sold(purchase)
    for payment in rows.payments:
        yield from _payment(payment)
    for refund in rows.refunds:
        yield from _refund(refund, rows)
    yield from _transfers(rows)
    for dispute in rows.disputes:
        yield from _dispute(dispute)
    yield from _taken_from_mentor(rows)


def _sold(purchase: Purchase) -> str:
    total = formats.money(purchase.paid)
    if not purchase.discount and not purchase.tax:
        return _("It is sold for %(total)s.", total=total)
    discount, tax = formats.money(purchase.discount), formats.money(purchase.tax)
    return _(
        "It is sold for %(total)s: %(discount)s off, with a tax of %(tax)s.", total=total, discount=discount, tax=tax
    )


def booked(rows: Rows) -> Iterator[Told]:
    """In the terms of the books, which are those of the files that the operator takes along."""
    for fact, entries in rows.booked:
        sums = (f"{each.account} {formats.money(Money(each.amount_minor, each.currency))}" for each in entries)
        yield fact.booked_at, _("Booked: %(kind)s", kind=fact.kind), *sums


def _payment(payment: Payment) -> Iterator[Told]:
    words = _("A payment of %(sum)s is asked for.", sum=formats.money(payment.amount))
    yield payment.created_at, words, payment.public_id
    if payment.paid_at is not None:
        paid = formats.money(Money(payment.paid_minor or 0, payment.currency))
        yield payment.paid_at, _("%(sum)s is paid.", sum=paid), payment.stripe_payment_intent_id or ""


def _refund(refund: Refund, rows: Rows) -> Iterator[Told]:
    amount, why = formats.money(refund.amount), REASONS.get(refund.reason, refund.reason)
    yield refund.created_at, _("%(sum)s is to go back: %(why)s.", sum=amount, why=why)
    if refund.sent_at is not None:
        words = _("Stripe is sending %(sum)s back; it is now: %(state)s.", sum=amount, state=refund.status)
        yield refund.sent_at, words, refund.stripe_refund_id or ""
    if refund.by_hand_at is not None:
        who = rows.names.get(refund.by_hand_by or 0, "")
        words = _("%(name)s has paid %(sum)s past Stripe.", name=who, sum=amount)
        yield refund.by_hand_at, words, refund.by_hand_how or ""


def _dispute(dispute: Dispute) -> Iterator[Told]:
    state = status_words(dispute.status)
    words = _(
        "A bank disputes %(sum)s: %(why)s. It is now: %(state)s.",
        sum=formats.money(dispute.amount),
        why=reason_words(dispute.reason),
        state=state,
    )
    yield dispute.opened_at, words, dispute.stripe_dispute_id
    if dispute.decided_at is not None:
        yield dispute.decided_at, _("The dispute is decided: %(state)s.", state=state)


def _taken_from_mentor(rows: Rows) -> Iterator[Told]:
    mentor = rows.names[rows.booking.mentor_id]
    for each in rows.taken_back:
        amount = formats.money(Money(abs(each.amount_minor), each.currency))
        words = _("%(name)s earns %(sum)s less.", name=mentor, sum=amount)
        if each.amount_minor < 0:
            words = _("%(name)s earns %(sum)s of it again.", name=mentor, sum=amount)
        yield each.taken_at, words, each.business_key
    for reversal in rows.reversals:
        amount = formats.money(reversal.amount)
        yield reversal.created_at, _("%(sum)s is to come back from %(name)s.", sum=amount, name=mentor)
        if reversal.made_at is not None:
            words = _("%(sum)s has come back from %(name)s.", sum=amount, name=mentor)
            yield reversal.made_at, words, reversal.stripe_reversal_id or ""


def _transfers(rows: Rows) -> Iterator[Told]:
    for transfer in rows.transfers:
        amount, mentor = formats.money(transfer.amount), rows.names[rows.booking.mentor_id]
        if transfer.amount_minor:
            yield transfer.created_at, _("%(sum)s is to go to %(name)s.", sum=amount, name=mentor)
        if transfer.netted_minor:
            kept = formats.money(Money(transfer.netted_minor, transfer.currency))
            yield transfer.created_at, _("%(sum)s is kept for what %(name)s owed.", sum=kept, name=mentor)
        if transfer.by_hand_at is not None:
            who = rows.names.get(transfer.by_hand_by or 0, "")
            words = _("%(name)s has paid %(sum)s past Stripe.", name=who, sum=amount)
            yield transfer.by_hand_at, words, transfer.by_hand_how or ""
        if transfer.sent_at is not None:
            words = _("%(sum)s has gone to %(name)s.", sum=amount, name=mentor)
            yield transfer.sent_at, words, transfer.stripe_transfer_id or ""
