"""Books each fact about money once, in the transaction that finds it (rule `books_balance`).

The callers hold the lock of the payment or the refund. `books_balance` and `ledger_is_append_only` are the names of the
database's own refusals.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from payments.domain.exchanges import Moved
from payments.domain.ledger import (
    Account,
    Kind,
    Posting,
    dispute_moved,
    exchanged,
    fee_given_back,
    mentor_taken_back,
    payment_received,
    refund_by_hand,
    refund_covered,
    refund_owed,
    refund_progress,
    session_kept,
    stripe_fee,
    transfer_by_hand,
    transfer_netted,
    transfer_reversed,
    transfer_sent,
)
from payments.domain.settle import Dues, kept_key
from payments.domain.states import RefundStatus
from payments.models.disputes import Dispute
from payments.models.exchanges import Exchange, ExchangedLater
from payments.models.ledger import LedgerEntry, LedgerTransaction
from payments.models.returns import TakenBack, TransferReversal
from payments.models.sales import Payment, Refund


def book_payment(session: Session, payment: Payment, *, now: datetime) -> None:
    """Whatever becomes of it: what goes back at once was received too."""
    if payment.paid_minor:
        posting = payment_received(Money(payment.paid_minor, payment.currency))
        _book(session, posting, f"payment-{payment.id}", now=now, payment_id=payment.id)


def begin_fee(session: Session, payment_id: int, *, now: datetime) -> str | None:
    """The payment intent whose fee Stripe is to be asked for; None when there is none to ask for, or it is known."""
    payment = _locked_payment(session, payment_id)
    if not payment.paid_minor or payment.stripe_fee_minor is not None:
        return None
    payment.looked_at = max(payment.looked_at, now)
    session.flush()
    return payment.stripe_payment_intent_id


def book_fee(session: Session, payment_id: int, fee: Money, *, settled: Money, now: datetime) -> None:
    """With what Stripe holds for it, before the fee: in another currency, that is an exchange."""
    payment = _locked_payment(session, payment_id)
    if payment.stripe_fee_minor is not None:
        return
    if settled.currency != payment.currency:
        _book_exchange(session, payment, settled, now)
    payment.stripe_fee_minor, payment.stripe_fee_currency = fee.minor, fee.currency
    session.flush()
    if fee:
        _book(session, stripe_fee(fee), f"payment-{payment_id}-fee", now=now, payment_id=payment_id)


def _book_exchange(session: Session, payment: Payment, settled: Money, now: datetime) -> None:
    session.add(
        Exchange(
            payment_id=payment.id,
            settled_minor=settled.minor,
            settled_currency=settled.currency,
            found_at=now,
        )
    )
    session.flush()
    posting = exchanged(Money(payment.paid_minor or 0, payment.currency), settled)
    _book(session, posting, f"payment-{payment.id}-exchanged", now=now, payment_id=payment.id)


def book_refund_exchanged(session: Session, refund: Refund, exchanged_for: Iterable[Moved], *, now: datetime) -> None:
    """What Stripe has booked in another currency for one that is in our books as gone, or as sent back."""
    for each in exchanged_for:
        _book_moved(session, each, now, payment_id=refund.payment_id, refund_id=refund.id)


def book_dispute_exchanged(
    session: Session, dispute: Dispute, exchanged_for: Iterable[Moved], *, now: datetime
) -> None:
    for each in exchanged_for:
        _book_moved(session, each, now, payment_id=dispute.payment_id, dispute_id=dispute.id)


def _book_moved(session: Session, moved: Moved, now: datetime, **about: int) -> None:
    """Once for each balance transaction of Stripe's, whoever hears of it first."""
    row = {
        "stripe_id": moved.id,
        "sold_minor": moved.sold.minor,
        "sold_currency": moved.sold.currency,
        "settled_minor": moved.settled.minor,
        "settled_currency": moved.settled.currency,
        "found_at": now,
    }
    session.execute(insert(ExchangedLater).values(row | about).on_conflict_do_nothing())
    posting = exchanged(moved.sold, moved.settled)
    _book(session, posting, f"exchanged-{moved.id}", now=now, payment_id=about["payment_id"])


def book_refund_owed(session: Session, refund: Refund, *, now: datetime) -> None:
    _book_refund(session, refund, refund_owed(refund.amount), now)


def book_refund_progress(session: Session, refund: Refund, before: RefundStatus, *, now: datetime) -> None:
    for posting in refund_progress(before, RefundStatus(refund.status), refund.amount):
        _book_refund(session, refund, posting, now)


def book_refund_by_hand(session: Session, refund: Refund, *, now: datetime) -> None:
    _book_refund(session, refund, refund_by_hand(refund.amount), now)


def book_kept(session: Session, payment: Payment, dues: Dues, *, now: datetime) -> None:
    """What does not go back for a session that is final: once, since neither facts nor sale change any more."""
    if dues.booking_id is not None and dues.moves_something:
        posting = session_kept(dues.share, dues.fee, dues.tax)
        _book(session, posting, kept_key(dues.booking_id), now=now, payment_id=payment.id)


def book_transfer(session: Session, payment: Payment, transfer_id: int, amount: Money, *, now: datetime) -> None:
    _book(session, transfer_sent(amount), f"transfer-{transfer_id}", now=now, payment_id=payment.id)


def book_netted(
    session: Session, payment: Payment, transfer_id: int, amount: Money, *, netted_minor: int, now: datetime
) -> None:
    """`amount` more is kept of a transfer for what is owed, which makes it `netted_minor` together."""
    key = f"transfer-{transfer_id}-netted-{netted_minor}"
    _book(session, transfer_netted(amount), key, now=now, payment_id=payment.id)


def book_transfer_by_hand(
    session: Session, payment: Payment, transfer_id: int, amount: Money, *, now: datetime
) -> None:
    _book(session, transfer_by_hand(amount), f"transfer-{transfer_id}-by-hand", now=now, payment_id=payment.id)


def book_taken_back(session: Session, payment: Payment, taken: TakenBack, *, now: datetime) -> None:
    posting = mentor_taken_back(taken.payable, taken.owed, Account(taken.against))
    _book(session, posting, f"taken-{taken.id}", now=now, payment_id=payment.id)


def book_reversal(session: Session, payment: Payment, reversal: TransferReversal, *, now: datetime) -> None:
    _book(session, transfer_reversed(reversal.amount), f"reversal-{reversal.id}", now=now, payment_id=payment.id)


def book_fee_given_back(
    session: Session, payment: Payment, before: Dues, after: Dues, *, key: str, now: datetime
) -> None:
    """The difference that giving back makes to the site and to the state."""
    posting = fee_given_back(before.fee_earned - after.fee_earned, before.added - after.added, before.tax - after.tax)
    if posting is not None:
        _book(session, posting, f"{key}-fee", now=now, payment_id=payment.id)


def book_refund_covered(session: Session, refund: Refund, *, now: datetime) -> None:
    _book_refund(session, refund, refund_covered(refund.amount), now)


def book_dispute(session: Session, dispute: Dispute, kind: Kind, change: Money, *, now: datetime) -> None:
    """One of its sums has changed by so much; nothing for no change."""
    _book_change(session, dispute.payment_id, dispute_moved(kind, change) if change else None, now)


def book_borne(session: Session, payment: Payment, change: Money, *, now: datetime) -> None:
    """What the site bears of a payment has changed by so much."""
    _book_change(session, payment.id, dispute_moved(Kind.DISPUTE_BORNE, change), now)


def _book_change(session: Session, payment_id: int, posting: Posting | None, now: datetime) -> None:
    """Sums that may change again are counted, under the lock of the payment."""
    if posting is None:
        return
    same = (LedgerTransaction.payment_id == payment_id) & (LedgerTransaction.kind == posting.kind)
    number = session.scalar(select(func.count()).select_from(LedgerTransaction).where(same))
    _book(session, posting, f"payment-{payment_id}-{posting.kind}-{number}", now=now, payment_id=payment_id)


def _book_refund(session: Session, refund: Refund, posting: Posting, now: datetime) -> None:
    key = f"refund-{refund.id}-{posting.kind.removeprefix('refund_')}"
    _book(session, posting, key, now=now, refund_id=refund.id)


def _book(
    session: Session,
    posting: Posting,
    business_key: str,
    *,
    now: datetime,
    payment_id: int | None = None,
    refund_id: int | None = None,
) -> None:
    """Nothing happens if the fact was booked before."""
    row = {
        "kind": posting.kind,
        "business_key": business_key,
        "payment_id": payment_id,
        "refund_id": refund_id,
        "booked_at": now,
    }
    statement = insert(LedgerTransaction).values(row).on_conflict_do_nothing(index_elements=["business_key"])
    transaction_id = session.scalar(statement.returning(LedgerTransaction.id))
    if transaction_id is None:
        return
    entries = [
        {
            "transaction_id": transaction_id,
            "position": position,
            "account": entry.account,
            "amount_minor": entry.amount.minor,
            "currency": entry.amount.currency,
        }
        for position, entry in enumerate(posting.entries, start=1)
    ]
    session.execute(insert(LedgerEntry), entries)


def _locked_payment(session: Session, payment_id: int) -> Payment:
    statement = select(Payment).where(Payment.id == payment_id).with_for_update(key_share=True)
    return session.execute(statement, execution_options={"populate_existing": True}).scalar_one()
