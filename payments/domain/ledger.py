"""Double entry, pure: what is booked when a fact about money becomes known (rule `books_balance`).

An entry's sum is signed: what comes to an account is positive. So what Stripe holds for us is positive, and what we owe
to somebody is negative. Nothing is ever taken out of the books; what turns out otherwise is booked back.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from marketplace.core.money import Money
from payments.domain.states import RefundStatus


class Account(StrEnum):
    STRIPE_CLEARING = "stripe_clearing"
    """What Stripe holds for the site, as far as its answers have told."""
    MENTEE_PREPAID = "mentee_prepaid"
    """What mentees have paid and nobody has earned yet, or is to have back."""
    STRIPE_FEES = "stripe_fees"
    """The site's cost of taking payments."""
    REFUNDS_OWED = "refunds_owed"
    """To go back to mentees: not sent yet, or sent back by the bank."""
    REFUNDS_IN_FLIGHT = "refunds_in_flight"
    """Asked of Stripe, not yet said to have succeeded."""
    MENTOR_PAYABLE = "mentor_payable"
    """What mentors have earned and were not paid yet."""
    MENTOR_RECEIVABLE = "mentor_receivable"
    """What mentors were paid and are to give back, or have kept from what they earn next."""
    SITE_FEES = "site_fees"
    """What the site has earned."""
    SITE_DISCOUNTS = "site_discounts"
    """What the site gives of its own, so that a discount leaves the mentor's share whole: what is beyond its fee."""
    TAX_PAYABLE = "tax_payable"
    """Tax in what was kept: owed to the state."""
    DISPUTED = "disputed"
    """What banks have taken back, until it is decided who gets it."""
    DISPUTE_LOSS = "dispute_loss"
    """What the site bears, since it went back and was earned as well."""
    MENTOR_WAITING = "mentor_waiting"
    """What was taken back from mentors until a bank has decided: theirs, whatever it decides."""
    FX = "fx"
    """What Stripe has exchanged: one currency for another, so it is never empty in either."""
    SITE_BANK = "site_bank"
    """What the operator has paid past Stripe."""


class Kind(StrEnum):
    """Which fact a posting books."""

    PAYMENT_RECEIVED = "payment_received"
    EXCHANGED = "exchanged"
    STRIPE_FEE = "stripe_fee"
    REFUND_OWED = "refund_owed"
    REFUND_SENT = "refund_sent"
    REFUND_SUCCEEDED = "refund_succeeded"
    REFUND_FAILED = "refund_failed"
    REFUND_BY_HAND = "refund_by_hand"
    REFUND_COVERED = "refund_covered"
    DISPUTE_TAKEN = "dispute_taken"
    DISPUTE_RETURNED = "dispute_returned"
    DISPUTE_FEE = "dispute_fee"
    DISPUTE_LOST = "dispute_lost"
    DISPUTE_BORNE = "dispute_borne"
    SESSION_KEPT = "session_kept"
    TRANSFER_SENT = "transfer_sent"
    TRANSFER_NETTED = "transfer_netted"
    TRANSFER_REVERSED = "transfer_reversed"
    TRANSFER_BY_HAND = "transfer_by_hand"
    MENTOR_TAKEN_BACK = "mentor_taken_back"
    FEE_GIVEN_BACK = "fee_given_back"


class Unbalanced(ValueError):
    """A posting that does not sum to zero: a bug, never a refusal."""


@dataclass(frozen=True, slots=True)
class Entry:
    account: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class Posting:
    """Sums to zero in each currency, and no entry is of nothing."""

    kind: Kind
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        if len(self.entries) < 2 or not all(entry.amount for entry in self.entries):
            raise Unbalanced(f"{self.kind} needs two entries at least, none of nothing")
        if wrong := {currency: left for currency, left in sums(self.entries).items() if left}:
            raise Unbalanced(f"{self.kind} leaves {wrong}")


def sums(entries: Iterable[Entry]) -> dict[str, int]:
    """Minor units for each currency."""
    totals: defaultdict[str, int] = defaultdict(int)
    for entry in entries:
        totals[entry.amount.currency] += entry.amount.minor
    return dict(totals)


def payment_received(total: Money) -> Posting:
    return _moved(Kind.PAYMENT_RECEIVED, total, Account.MENTEE_PREPAID, Account.STRIPE_CLEARING)


def exchanged(paid: Money, settled: Money) -> Posting:
    """Stripe holds another currency than was paid: the one leaves its balance for the other. Each sums to zero.
    Negative sums say that of what goes back: the one is put there again, and the other leaves."""
    gave = _moved(Kind.EXCHANGED, paid, Account.STRIPE_CLEARING, Account.FX)
    took = _moved(Kind.EXCHANGED, settled, Account.FX, Account.STRIPE_CLEARING)
    return Posting(Kind.EXCHANGED, (*gave.entries, *took.entries))


def stripe_fee(fee: Money) -> Posting:
    return _moved(Kind.STRIPE_FEE, fee, Account.STRIPE_CLEARING, Account.STRIPE_FEES)


def refund_owed(amount: Money) -> Posting:
    return _moved(Kind.REFUND_OWED, amount, Account.REFUNDS_OWED, Account.MENTEE_PREPAID)


def refund_progress(before: RefundStatus, after: RefundStatus, amount: Money) -> list[Posting]:
    """What is to be booked when a refund is found in another state; states that nobody saw in between are booked too.

    A refund that failed is owed again, from wherever its money had got to.
    """
    path = _PATHS.get((before, after), ())
    return [_moved(kind, amount, giver, taker) for kind, giver, taker in path]


def refund_by_hand(amount: Money) -> Posting:
    return _moved(Kind.REFUND_BY_HAND, amount, Account.SITE_BANK, Account.REFUNDS_OWED)


def refund_covered(amount: Money) -> Posting:
    """It was owed, and a bank has given it to the mentee."""
    return _moved(Kind.REFUND_COVERED, amount, Account.MENTEE_PREPAID, Account.REFUNDS_OWED)


def dispute_moved(kind: Kind, change: Money) -> Posting:
    """One of a dispute's sums has changed by so much; a negative change is a counter-entry."""
    giver, taker = _OF_DISPUTES[kind]
    return _moved(kind, change, giver, taker)


def session_kept(share: Money, fee: Money, tax: Money) -> Posting:
    """What does not go back to the mentee for a session is earned: the mentor's share and the site's fee; of its tax
    the state is owed. A fee below nothing is what the site gives of its own."""
    site = Account.SITE_DISCOUNTS if fee.minor < 0 else Account.SITE_FEES
    earned = {Account.MENTOR_PAYABLE: share, site: fee, Account.TAX_PAYABLE: tax}
    given = {Account.MENTEE_PREPAID: share + fee + tax}
    entries = [Entry(account, part) for account, part in given.items() if part]
    entries += [Entry(account, Money(-part.minor, part.currency)) for account, part in earned.items() if part]
    return Posting(Kind.SESSION_KEPT, tuple(entries))


def transfer_sent(amount: Money) -> Posting:
    """Stripe has taken it from the site's balance to the mentor's."""
    return _moved(Kind.TRANSFER_SENT, amount, Account.STRIPE_CLEARING, Account.MENTOR_PAYABLE)


def transfer_netted(amount: Money) -> Posting:
    """Kept of what a mentor is to be paid, for what they owe."""
    return _moved(Kind.TRANSFER_NETTED, amount, Account.MENTOR_RECEIVABLE, Account.MENTOR_PAYABLE)


def transfer_reversed(amount: Money) -> Posting:
    """Stripe has taken it from the mentor's balance to the site's."""
    return _moved(Kind.TRANSFER_REVERSED, amount, Account.MENTOR_RECEIVABLE, Account.STRIPE_CLEARING)


def transfer_by_hand(amount: Money) -> Posting:
    """The operator has paid the mentor past Stripe."""
    return _moved(Kind.TRANSFER_BY_HAND, amount, Account.SITE_BANK, Account.MENTOR_PAYABLE)


def mentor_taken_back(payable: Money, owed: Money, against: Account) -> Posting:
    """The mentor has less: what was still here is not paid, and what is gone is owed. Negative sums give it back."""
    taken = {Account.MENTOR_PAYABLE: payable, Account.MENTOR_RECEIVABLE: owed}
    entries = [Entry(account, part) for account, part in taken.items() if part]
    whole = payable + owed
    return Posting(Kind.MENTOR_TAKEN_BACK, (*entries, Entry(against, Money(-whole.minor, whole.currency))))


def fee_given_back(fee: Money, added: Money, tax: Money) -> Posting | None:
    """Of what goes back to the mentee after all: the site has less `fee`, gets back of what it had `added` of its own,
    and owes the state less `tax`. None if it is nothing."""
    parts = {
        Account.SITE_FEES: fee,
        Account.SITE_DISCOUNTS: Money(-added.minor, added.currency),
        Account.TAX_PAYABLE: tax,
    }
    entries = [Entry(account, part) for account, part in parts.items() if part]
    whole = fee - added + tax
    if whole:
        entries.append(Entry(Account.MENTEE_PREPAID, Money(-whole.minor, whole.currency)))
    return Posting(Kind.FEE_GIVEN_BACK, tuple(entries)) if entries else None


def _moved(kind: Kind, amount: Money, giver: Account, taker: Account) -> Posting:
    return Posting(kind, (Entry(taker, amount), Entry(giver, Money(-amount.minor, amount.currency))))


_OF_DISPUTES = {
    Kind.DISPUTE_TAKEN: (Account.STRIPE_CLEARING, Account.DISPUTED),
    Kind.DISPUTE_RETURNED: (Account.DISPUTED, Account.STRIPE_CLEARING),
    Kind.DISPUTE_FEE: (Account.STRIPE_CLEARING, Account.STRIPE_FEES),
    Kind.DISPUTE_LOST: (Account.DISPUTED, Account.MENTEE_PREPAID),
    Kind.DISPUTE_BORNE: (Account.MENTEE_PREPAID, Account.DISPUTE_LOSS),
}
"""Giver and taker."""

_Step = tuple[Kind, Account, Account]
_SENT: _Step = (Kind.REFUND_SENT, Account.REFUNDS_IN_FLIGHT, Account.REFUNDS_OWED)
_SUCCEEDED: _Step = (Kind.REFUND_SUCCEEDED, Account.STRIPE_CLEARING, Account.REFUNDS_IN_FLIGHT)
_FAILED: _Step = (Kind.REFUND_FAILED, Account.REFUNDS_OWED, Account.REFUNDS_IN_FLIGHT)
_SENT_BACK: _Step = (Kind.REFUND_FAILED, Account.REFUNDS_OWED, Account.STRIPE_CLEARING)
_PATHS: dict[tuple[RefundStatus, RefundStatus], tuple[_Step, ...]] = {
    (RefundStatus.OWED, RefundStatus.SENT): (_SENT,),
    (RefundStatus.OWED, RefundStatus.SUCCEEDED): (_SENT, _SUCCEEDED),
    (RefundStatus.OWED, RefundStatus.FAILED): (_SENT, _FAILED),
    (RefundStatus.SENT, RefundStatus.SUCCEEDED): (_SUCCEEDED,),
    (RefundStatus.SENT, RefundStatus.FAILED): (_FAILED,),
    (RefundStatus.SUCCEEDED, RefundStatus.FAILED): (_SENT_BACK,),
}
