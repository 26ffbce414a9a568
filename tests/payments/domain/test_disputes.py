"""Where a dispute goes from where, and what a bank's money counts for."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from payments.domain.disputes import OPEN, DisputeStatus, borne_by_site, lost, next_dispute_status
from payments.domain.settle import Dues, still_owed

S = DisputeStatus
DECIDED = frozenset(DisputeStatus) - OPEN


@pytest.mark.parametrize("theirs", sorted(OPEN))
@pytest.mark.parametrize("ours", sorted(DECIDED - {S.WARNING_CLOSED}))
def test_what_is_decided_does_not_open_again(ours, theirs):
    assert next_dispute_status(ours, theirs) is ours


@pytest.mark.parametrize(
    ("ours", "theirs", "becomes"),
    [
        pytest.param(None, S.UNDER_REVIEW, S.UNDER_REVIEW, id="heard of late"),
        pytest.param(S.NEEDS_RESPONSE, S.UNDER_REVIEW, S.UNDER_REVIEW, id="answered"),
        pytest.param(S.NEEDS_RESPONSE, S.WARNING_NEEDS_RESPONSE, S.NEEDS_RESPONSE, id="older news"),
        pytest.param(S.WARNING_UNDER_REVIEW, S.NEEDS_RESPONSE, S.NEEDS_RESPONSE, id="taken after asking"),
        pytest.param(S.WARNING_CLOSED, S.NEEDS_RESPONSE, S.NEEDS_RESPONSE, id="taken after all"),
        pytest.param(S.WARNING_CLOSED, S.WARNING_UNDER_REVIEW, S.WARNING_CLOSED, id="asked no more"),
        pytest.param(S.LOST, S.WON, S.WON, id="given back after all"),
        pytest.param(S.WON, S.LOST, S.WON, id="won stays won"),
    ],
)
def test_a_dispute_follows_what_stripe_says_and_never_goes_back(ours, theirs, becomes):
    assert next_dispute_status(ours, theirs) is becomes


def test_what_is_won_or_lost_is_so_in_whatever_order_the_news_comes():
    for order in permutations([S.WARNING_NEEDS_RESPONSE, S.NEEDS_RESPONSE, S.UNDER_REVIEW, S.WON]):
        found = None
        for theirs in order:
            found = next_dispute_status(found, theirs)
        assert found is S.WON


def test_only_what_is_lost_is_with_the_mentee_for_good():
    taken, nothing = Money(8050, "EUR"), Money(0, "EUR")

    assert [lost(status, taken, nothing) for status in S] == [taken if status is S.LOST else nothing for status in S]


@given(st.integers(-(10**6), 10**6))
def test_the_site_bears_what_is_over_and_never_gains_by_it(over):
    assert borne_by_site(Money(over, "EUR")).minor == max(over, 0)


@given(
    backs=st.lists(st.integers(0, 5000), min_size=1, max_size=5),
    refunded=st.lists(st.integers(0, 5000), min_size=5, max_size=5),
    gone=st.integers(0, 30000),
)
def test_nobody_gets_back_more_than_is_due_by_refunds_and_bank_together(backs, refunded, gone):
    """Whichever sessions a bank's money falls on, refunds and it come to what is due, as far as there is something."""
    euros = [Money(back, "EUR") for back in backs]
    nothing = Money(0, "EUR")
    dues = [Dues(number, back, back, back, nothing, nothing, nothing) for number, back in enumerate(euros)]
    before: dict[int | None, Money] = {
        number: Money(min(refunded[number], back), "EUR") for number, back in enumerate(backs)
    }

    owed = still_owed(dues, before, Money(10**6, "EUR"), Money(gone, "EUR"))

    total = sum(amount.minor for _, amount in owed)
    missing = sum(backs) - sum(amount.minor for amount in before.values())
    assert total == max(missing - gone, 0)
    assert all(amount.minor > 0 for _, amount in owed)
    assert all(amount <= euros[number or 0] - before[number] for number, amount in owed)
