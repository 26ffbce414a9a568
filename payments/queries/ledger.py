"""Reads of the books, and whether they agree with what is known of payments, refunds and sales."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from payments.domain.checkout import BOUGHT_NOTHING
from payments.domain.ledger import Account
from payments.domain.states import PaymentStatus, PurchaseStatus, RefundStatus, ReversalStatus, TransferStatus
from payments.models.disputes import Dispute
from payments.models.exchanges import Exchange, ExchangedLater
from payments.models.ledger import LedgerEntry
from payments.models.payouts import Transfer
from payments.models.returns import TakenBack, TransferReversal
from payments.models.sales import Payment, Purchase, Refund
from payments.queries.borne import lost_and_borne
from payments.queries.settling import all_dues

POLL_FEE_AFTER = timedelta(minutes=1)
Sums = Counter[tuple[str, str]]
"""Minor units, signed, by account and currency."""


def payments_without_fee(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Paid ones of which Stripe has not said what it kept, and was not asked lately."""
    unknown = (Payment.status == PaymentStatus.PAID) & (Payment.paid_minor > 0) & Payment.stripe_fee_minor.is_(None)
    due = unknown & (Payment.looked_at <= now - POLL_FEE_AFTER)
    return list(session.scalars(select(Payment.id).where(due).order_by(Payment.looked_at).limit(limit)))


def balances(session: Session) -> Sums:
    statement = select(LedgerEntry.account, LedgerEntry.currency, func.sum(LedgerEntry.amount_minor))
    grouped = statement.group_by(LedgerEntry.account, LedgerEntry.currency)
    return Counter({(account, currency): int(total) for account, currency, total in session.execute(grouped)})


def violations(session: Session) -> list[str]:
    """What breaks rule `books_balance`, one line each; empty when the rule holds. Reads both sides in full."""
    booked, known = balances(session), _known(session)
    accounts = [
        f"{account} {currency}: {booked[account, currency]} booked, {known[account, currency]} known"
        for account, currency in sorted(booked.keys() | known.keys())
        if booked[account, currency] != known[account, currency]
    ]
    return [*_unbalanced(session), *accounts]


def _unbalanced(session: Session) -> list[str]:
    wrong = (
        select(LedgerEntry.transaction_id, LedgerEntry.currency, func.sum(LedgerEntry.amount_minor))
        .group_by(LedgerEntry.transaction_id, LedgerEntry.currency)
        .having(func.sum(LedgerEntry.amount_minor) != 0)
        .order_by(LedgerEntry.transaction_id)
    )
    return [
        f"ledger transaction {number} {currency}: {total} left" for number, currency, total in session.execute(wrong)
    ]


def _known(session: Session) -> Sums:
    """What each account should hold, from the rows that are not the books."""
    paid = _sums(session, Payment.paid_minor, Payment.currency, Payment.status == PaymentStatus.PAID)
    fees = _sums(session, Payment.stripe_fee_minor, Payment.stripe_fee_currency, Payment.stripe_fee_minor.is_not(None))
    sold = _sums(session, Purchase.total_minor, Purchase.currency, Purchase.status == PurchaseStatus.SOLD)
    known: Sums = Counter()
    _add(known, Account.STRIPE_CLEARING, paid, 1)
    _add_exchanges(session, known)
    _add(known, Account.STRIPE_CLEARING, _refunds(session, Refund.status == RefundStatus.SUCCEEDED), -1)
    _add(known, Account.STRIPE_CLEARING, fees, -1)
    _add(known, Account.STRIPE_FEES, fees, 1)
    _add(known, Account.MENTEE_PREPAID, sold, -1)
    not_covered = Refund.status != RefundStatus.COVERED
    _add(known, Account.MENTEE_PREPAID, _refunds(session, Refund.reason.not_in(BOUGHT_NOTHING) & not_covered), 1)
    _add_disputes(session, known)
    for each in all_dues(session):
        currency = each.paid.currency
        _add(known, Account.MENTEE_PREPAID, {currency: each.kept.minor}, 1)
        _add(known, Account.MENTOR_PAYABLE, {currency: each.share.minor}, -1)
        _add(known, Account.SITE_FEES, {currency: max(each.fee.minor, 0)}, -1)
        _add(known, Account.SITE_DISCOUNTS, {currency: max(-each.fee.minor, 0)}, 1)
        _add(known, Account.TAX_PAYABLE, {currency: each.tax.minor}, -1)
    _add_transfers(session, known)
    _add_taken_back(session, known)
    _add(known, Account.REFUNDS_IN_FLIGHT, _refunds(session, Refund.status == RefundStatus.SENT), -1)
    owed = Refund.status.in_([RefundStatus.OWED, RefundStatus.FAILED])
    _add(known, Account.REFUNDS_OWED, _refunds(session, owed & Refund.by_hand_at.is_(None)), -1)
    _add(known, Account.SITE_BANK, _refunds(session, Refund.by_hand_at.is_not(None)), -1)
    return known


def _add_exchanges(session: Session, known: Sums) -> None:
    """Of each payment, and of what moved of it later: the sale's currency for the one that Stripe settles in."""
    payments = select(Payment.paid_minor, Payment.currency, Exchange.settled_minor, Exchange.settled_currency)
    later = select(
        ExchangedLater.sold_minor,
        ExchangedLater.sold_currency,
        ExchangedLater.settled_minor,
        ExchangedLater.settled_currency,
    )
    found = [*session.execute(payments.join(Exchange, Exchange.payment_id == Payment.id)), *session.execute(later)]
    for sold_minor, sold_in, settled_minor, settled_in in found:
        for currency, amount in ((sold_in, -(sold_minor or 0)), (settled_in, settled_minor)):
            _add(known, Account.STRIPE_CLEARING, {currency: amount}, 1)
            _add(known, Account.FX, {currency: amount}, -1)


def _add_transfers(session: Session, known: Sums) -> None:
    """What went to mentors through Stripe, past it, or was kept for what they owed."""
    for status, giver in ((TransferStatus.SENT, Account.STRIPE_CLEARING), (TransferStatus.BY_HAND, Account.SITE_BANK)):
        went = _sums(session, Transfer.amount_minor, Transfer.currency, Transfer.status == status)
        _add(known, Account.MENTOR_PAYABLE, went, 1)
        _add(known, giver, went, -1)
    netted = _sums(session, Transfer.netted_minor, Transfer.currency, Transfer.netted_minor > 0)
    _add(known, Account.MENTOR_PAYABLE, netted, 1)
    _add(known, Account.MENTOR_RECEIVABLE, netted, -1)


def _add_taken_back(session: Session, known: Sums) -> None:
    """What went back to mentees is in their dues already, but for where it was."""
    for taken in session.scalars(select(TakenBack)):
        currency = taken.currency
        _add(known, Account.MENTOR_RECEIVABLE, {currency: taken.owed.minor}, 1)
        if taken.against == Account.MENTEE_PREPAID:
            _add(known, Account.MENTOR_PAYABLE, {currency: taken.owed.minor}, -1)
        else:
            _add(known, Account.MENTOR_PAYABLE, {currency: taken.payable_minor}, 1)
            _add(known, Account(taken.against), {currency: taken.amount_minor}, -1)
    made = TransferReversal.status == ReversalStatus.MADE
    reversals = _sums(session, TransferReversal.amount_minor, TransferReversal.currency, made)
    _add(known, Account.STRIPE_CLEARING, reversals, 1)
    _add(known, Account.MENTOR_RECEIVABLE, reversals, -1)


def _add_disputes(session: Session, known: Sums) -> None:
    """What Stripe has booked for them, and what the site bears: of each payment, what went back and was earned over
    what came in."""
    everywhere = Dispute.id.is_not(None)
    taken = _sums(session, Dispute.taken_minor, Dispute.currency, everywhere)
    returned = _sums(session, Dispute.returned_minor, Dispute.currency, everywhere)
    fees = _sums(session, Dispute.fee_minor, Dispute.fee_currency, everywhere)
    _add(known, Account.STRIPE_CLEARING, taken, -1)
    _add(known, Account.STRIPE_CLEARING, returned, 1)
    _add(known, Account.STRIPE_CLEARING, fees, -1)
    _add(known, Account.STRIPE_FEES, fees, 1)
    _add(known, Account.DISPUTED, taken, 1)
    _add(known, Account.DISPUTED, returned, -1)
    _add(known, Account.DISPUTED, _sums(session, Dispute.lost_minor, Dispute.currency, everywhere), -1)
    for each in lost_and_borne(session):
        _add(known, Account.MENTEE_PREPAID, {each.currency: each.lost_minor - each.borne_minor}, 1)
        _add(known, Account.DISPUTE_LOSS, {each.currency: each.borne_minor}, 1)


def _refunds(session: Session, which: ColumnElement[bool]) -> dict[str, int]:
    return _sums(session, Refund.amount_minor, Refund.currency, which)


def _sums(
    session: Session,
    amount: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    currency: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    which: ColumnElement[bool],
) -> dict[str, int]:
    statement = select(currency, func.sum(amount)).where(which).group_by(currency)
    return {str(code): int(total or 0) for code, total in session.execute(statement)}


def _add(sums: Sums, account: Account, amounts: dict[str, int], sign: int) -> None:
    for currency, amount in amounts.items():
        sums[account.value, currency] += sign * amount
