"""What must be true of the money that goes to mentors once all is quiet. The names are those of docs/testing.md."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from payments.domain.ledger import Account
from payments.models.ledger import LedgerEntry, LedgerTransaction
from payments.models.payouts import PayoutAccount
from payments.models.returns import TakenBack
from payments.models.sales import Payment, Purchase
from payments.queries.transfers import share_of
from tests.histories.sold import Sold
from tests.stripe_side import StripeSide

IN_THE_BOOKS = (Account.MENTOR_PAYABLE, Account.MENTOR_RECEIVABLE, Account.MENTOR_WAITING)


def when_quiet(session: Session, stripe: StripeSide, sales: list[Sold]) -> list[str]:
    bought = [each for each in sales if each.is_bought and each.buys]
    return [
        *_every_share(session, bought),
        *_every_mentor(session, stripe, bought),
        *_every_charge(stripe, sales, _taken(session)),
    ]


def _every_share(session: Session, bought: list[Sold]) -> list[str]:
    """I12: what a mentor earns is their frozen share, or half of it where the mentee cancelled late, whatever a code
    took off what the mentee paid; and nothing by what was called off and not used up."""
    shares = Counter(dict.fromkeys(session.scalars(select(Booking.id)), 0))
    for each in bought:
        shares.update({part.booking.id: part.share for part in each.parts if part.booking})
    earned = {number: share.minor for number in shares if (share := share_of(session, number))}
    return [
        f"I12 by session {number} {earned.get(number, 0)} is earned, and {share} is due"
        for number, share in shares.items()
        if earned.get(number, 0) != share
    ]


def _every_mentor(session: Session, stripe: StripeSide, bought: list[Sold]) -> list[str]:
    """I14: at Stripe a mentor has what they have earned, less their part of what was given back of it; who has more
    owes it, by the books, and then nothing is on its way to them."""
    went, theirs = Counter[str](), _listed(stripe, "/v1/transfers")
    for each in theirs:
        went[each["destination"]] += each["amount"] - each["amount_reversed"]
    earned, rounded = Counter[int](), Counter[int]()
    for part in (part for each in bought for part in each.parts):
        earned[part.purchase.mentor_id] += part.left_of_share
        rounded[part.purchase.mentor_id] += bool(part.given)
    wrong = []
    for account in session.scalars(select(PayoutAccount)):
        mentor, books = account.mentor_id, _books(session, account.mentor_id)
        payable, owed = -books[Account.MENTOR_PAYABLE], books[Account.MENTOR_RECEIVABLE]
        has = went[str(account.stripe_account_id)]
        if abs(has - owed + payable - earned[mentor]) > rounded[mentor]:
            wrong.append(f"I14 mentor {mentor} has {has}, owes {owed}, gets {payable}, and earned {earned[mentor]}")
        if payable or books[Account.MENTOR_WAITING] or owed < 0:
            wrong.append(f"I14 of mentor {mentor} the books have {dict(books)}")
    return wrong


def _books(session: Session, mentor_id: int) -> Counter[str]:
    """In minor units, by account; everything here is sold in one currency."""
    statement = (
        select(LedgerEntry.account, LedgerEntry.amount_minor)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .join(Payment, Payment.id == LedgerTransaction.payment_id)
        .join(Purchase, Purchase.id == Payment.purchase_id)
        .where(Purchase.mentor_id == mentor_id, LedgerEntry.account.in_(IN_THE_BOOKS))
    )
    found = Counter[str]()
    for account, minor in session.execute(statement):
        found[account] += minor
    return found


def _taken(session: Session) -> Counter[int]:
    """What mentors owe of a payment once it went to them, by the payment's id."""
    found = Counter[int]()
    for each in session.scalars(select(TakenBack)):
        found[each.payment_id] += each.amount_minor - each.payable_minor
    return found


def _every_charge(stripe: StripeSide, sales: list[Sold], taken: Counter[int]) -> list[str]:
    """I3: no more goes out for a charge than came in by it, but for what the site bears: a discount beyond its fee, and
    what a bank or a warning took of what was earned. What a mentor owes of it is netted from other charges, where
    Stripe did not reverse it."""
    back, sent, reversed_ = Counter[str](), Counter[str](), Counter[str]()
    for each in stripe.refunds():
        back[each["payment_intent"]] += each["amount"] if each["status"] != "failed" else 0
    for each in _listed(stripe, "/v1/transfers"):
        sent[each["transfer_group"]] += each["amount"]
        reversed_[each["transfer_group"]] += each["amount_reversed"]
    wrong = []
    for each in sales:
        group = each.payment.public_id
        went = sent[group] - max(reversed_[group], taken[each.payment.id])
        intent, paid = str(each.payment.stripe_payment_intent_id), each.payment.paid_minor or 0
        borne = max(each.purchase.gross_minor - paid, 0) + each.gone
        if back[intent] > paid or back[intent] + went > paid + borne:
            out = f"{back[intent]} went back and {went} to the mentor"
            wrong.append(f"I3 of {paid} paid for {each.purchase.public_id} {out}")
    return wrong


def _listed(stripe: StripeSide, path: str) -> list[Any]:
    found: list[Any] = stripe.get(path, limit=100)["data"]
    return found
