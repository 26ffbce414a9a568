"""Postings balance, whatever comes to be known and in whatever order, and clearing is what Stripe holds."""

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from payments.domain.ledger import (
    Account,
    Entry,
    Kind,
    Posting,
    Unbalanced,
    payment_received,
    refund_owed,
    refund_progress,
    stripe_fee,
    sums,
)
from payments.domain.refunds import next_refund_status
from payments.domain.states import RefundStatus

EUR, YEN = Money(100, "EUR"), Money(100, "JPY")
MINUS_EUR, MINUS_YEN = Money(-100, "EUR"), Money(-100, "JPY")
HERE, THERE = Account.STRIPE_CLEARING, Account.MENTEE_PREPAID
WORDS = ["pending", "requires_action", "succeeded", "failed", "canceled"]
FACTS = st.sampled_from(["paid", "fee", "owed", *WORDS])


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param((), id="none"),
        pytest.param((Entry(HERE, EUR),), id="one"),
        pytest.param((Entry(HERE, EUR), Entry(THERE, Money(-99, "EUR"))), id="a cent short"),
        pytest.param((Entry(HERE, EUR), Entry(THERE, MINUS_YEN)), id="one currency against another"),
        pytest.param((Entry(HERE, Money(0, "EUR")), Entry(THERE, Money(0, "EUR"))), id="of nothing"),
    ],
)
def test_a_posting_that_does_not_balance_cannot_be_made(entries: tuple[Entry, ...]) -> None:
    with pytest.raises(Unbalanced):
        Posting(Kind.PAYMENT_RECEIVED, entries)


def test_a_posting_may_have_two_currencies_if_each_balances() -> None:
    entries = (Entry(HERE, EUR), Entry(THERE, MINUS_EUR), Entry(HERE, YEN), Entry(THERE, MINUS_YEN))

    assert sums(Posting(Kind.PAYMENT_RECEIVED, entries).entries) == {"EUR": 0, "JPY": 0}


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        pytest.param("owed", "sent", ["refund_sent"], id="on its way"),
        pytest.param("owed", "succeeded", ["refund_sent", "refund_succeeded"], id="at once"),
        pytest.param("owed", "failed", ["refund_sent", "refund_failed"], id="failed at once"),
        pytest.param("sent", "failed", ["refund_failed"], id="failed on its way"),
        pytest.param("succeeded", "failed", ["refund_failed"], id="sent back by the bank"),
        pytest.param("sent", "sent", [], id="nothing new"),
        pytest.param("failed", "failed", [], id="failed before"),
    ],
)
def test_what_nobody_saw_of_a_refund_is_booked_too(before: str, after: str, kinds: list[str]) -> None:
    postings = refund_progress(RefundStatus(before), RefundStatus(after), EUR)

    assert [posting.kind for posting in postings] == kinds


@dataclass
class Known:
    """What came to be known of one payment so far, as the rows of the application would have it."""

    total: Money
    fee: Money
    back: Money
    paid: bool = False
    fee_known: bool = False
    refund: RefundStatus | None = None

    def learn(self, fact: str) -> list[Posting]:
        """What is to be booked; nothing for what is known already, or cannot be yet."""
        if fact == "paid" and not self.paid:
            self.paid = True
            return [payment_received(self.total)]
        if fact == "fee" and self.paid and not self.fee_known:
            self.fee_known = True
            return [stripe_fee(self.fee)]
        if fact == "owed" and self.paid and self.refund is None:
            self.refund = RefundStatus.OWED
            return [refund_owed(self.back)]
        if fact in WORDS and self.refund is not None:
            before, self.refund = self.refund, next_refund_status(self.refund, fact)
            return refund_progress(before, self.refund, self.back)
        return []

    def held(self) -> int:
        """What Stripe has of it: what came in, less its fee, less what went back and stayed there."""
        gone = self.back.minor if self.refund is RefundStatus.SUCCEEDED else 0
        return self.total.minor * self.paid - self.fee.minor * self.fee_known - gone

    def prepaid(self) -> int:
        return self.total.minor * self.paid - self.back.minor * (self.refund is not None)

    def owed(self) -> int:
        return self.back.minor * (self.refund in {RefundStatus.OWED, RefundStatus.FAILED})

    def in_flight(self) -> int:
        return self.back.minor * (self.refund is RefundStatus.SENT)


@st.composite
def payments(draw: st.DrawFn) -> Known:
    currency = draw(st.sampled_from(["EUR", "JPY"]))
    total = draw(st.integers(50, 100_000))
    fee, back = draw(st.integers(1, 50)), draw(st.integers(1, total))
    return Known(Money(total, currency), Money(fee, currency), Money(back, currency))


@given(
    st.lists(payments(), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), FACTS), min_size=30, max_size=60),
)
def test_whatever_comes_to_be_known_the_books_agree_with_it(known: list[Known], facts: list[tuple[int, str]]) -> None:
    booked: Counter[tuple[Account, str]] = Counter()
    for which, fact in facts:
        for posting in known[which % len(known)].learn(fact):
            assert set(sums(posting.entries).values()) == {0}
            for entry in posting.entries:
                booked[entry.account, entry.amount.currency] += entry.amount.minor

        for currency in ("EUR", "JPY"):
            these = [each for each in known if each.total.currency == currency]
            assert booked[Account.STRIPE_CLEARING, currency] == sum(each.held() for each in these)
            assert booked[Account.MENTEE_PREPAID, currency] == -sum(each.prepaid() for each in these)
            assert booked[Account.REFUNDS_OWED, currency] == -sum(each.owed() for each in these)
            assert booked[Account.REFUNDS_IN_FLIGHT, currency] == -sum(each.in_flight() for each in these)
