"""The price in lines adds up to the cent, whoever bears the fee."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money, step
from payments.domain.fees import Fee, FeeRule, FeeRules, highest_price, price_lines

RULE = FeeRule(rate_bp=1500, rate_bp_from_4th=1200, rate_bp_from_10th=1000, borne_by="mentee")


@pytest.mark.parametrize(
    ("nth", "rate"),
    [
        pytest.param(1, 1500, id="first"),
        pytest.param(3, 1500, id="third"),
        pytest.param(4, 1200, id="fourth"),
        pytest.param(9, 1200, id="ninth"),
        pytest.param(10, 1000, id="tenth"),
    ],
)
def test_the_rate_falls_the_more_often_a_pair_meets(nth: int, rate: int) -> None:
    assert RULE.rate_for(nth) == rate


def test_the_fee_stands_on_top_of_the_mentors_price() -> None:
    lines = price_lines(Money(7000, "EUR"), Fee(1500))

    assert (lines.price.minor, lines.fee.minor, lines.gross.minor, lines.share.minor) == (7000, 1050, 8050, 7000)


def test_a_mentor_may_bear_the_fee() -> None:
    lines = price_lines(Money(7000, "EUR"), Fee(1500, "mentor"))

    assert (lines.price.minor, lines.fee.minor, lines.gross.minor, lines.share.minor) == (7000, 1050, 7000, 5950)


@pytest.mark.parametrize(
    ("fee", "price", "fee_minor"),
    [
        pytest.param(Fee(1000, fixed=(Money(30, "EUR"),)), 7000, 730, id="a sum beside the percentage"),
        pytest.param(Fee(1000, least=(Money(200, "EUR"),)), 1000, 200, id="no less than the minimum"),
        pytest.param(Fee(1000, least=(Money(200, "EUR"),)), 2000, 200, id="exactly the minimum"),
        pytest.param(Fee(1000, fixed=(Money(30, "EUR"),), least=(Money(200, "EUR"),)), 1800, 210, id="both"),
        pytest.param(
            Fee(1000, fixed=(Money(30, "USD"),), least=(Money(900, "USD"),)), 7000, 700, id="in another currency"
        ),
        pytest.param(
            Fee(1000, fixed=(Money(35, "USD"), Money(30, "EUR")), least=(Money(900, "USD"), Money(800, "EUR"))),
            7000,
            800,
            id="of several, in the one of the price",
        ),
        pytest.param(
            Fee(1000, fixed=(Money(30, "EUR"),), least=(Money(200, "EUR"),)), 0, 0, id="what is free stays free"
        ),
        pytest.param(Fee(1000, "mentor", least=(Money(200, "EUR"),)), 150, 150, id="who bears it never pays on top"),
    ],
)
def test_the_fee_of_a_price(fee: Fee, price: int, fee_minor: int) -> None:
    assert fee.of(Money(price, "EUR")) == Money(fee_minor, "EUR")


def test_a_mentor_may_have_a_rule_of_their_own() -> None:
    own = FeeRule(rate_bp=500, rate_bp_from_4th=500, rate_bp_from_10th=0, borne_by="mentor")
    rules = FeeRules(RULE, {7: own})

    assert (rules.of(7), rules.of(8)) == (own, RULE)
    assert rules.of(7).fee_for(10) == Fee(0, "mentor")


def _steps_of(steps: int, currency: str) -> Money:
    return Money(steps * step(currency), currency)


@pytest.mark.parametrize(
    ("rule", "unsaid"),
    [
        pytest.param({}, [], id="it has the rate alone"),
        pytest.param({"fixed": (Money(30, "EUR"), Money(0, "USD"))}, [], id="none, and said so"),
        pytest.param({"fixed": (Money(30, "EUR"),)}, ["USD"], id="one of them is left out"),
        pytest.param(
            {"fixed": (Money(30, "EUR"), Money(35, "USD")), "least": (Money(1, "USD"),)}, ["EUR"], id="of one"
        ),
        pytest.param({"least": (Money(1, "JPY"),)}, ["EUR", "USD"], id="the site sells in others now"),
    ],
)
def test_a_rule_names_the_currencies_that_it_says_nothing_in(rule: dict[str, Any], unsaid: list[str]) -> None:
    assert replace(RULE, **rule).says_nothing_in(["EUR", "USD"]) == unsaid


@st.composite
def fees(draw: st.DrawFn) -> tuple[Fee, str]:
    """In a currency; there are sums in it, in another one, in both, or none."""
    currency = draw(st.sampled_from(["EUR", "JPY", "ISK", "JOD"]))
    sums = st.lists(st.sampled_from([currency, "USD"]), unique=True).flatmap(
        lambda codes: st.tuples(*(st.builds(_steps_of, st.integers(0, 2000), st.just(code)) for code in codes))
    )
    fee = Fee(draw(st.integers(0, 10_000)), draw(st.sampled_from(["mentee", "mentor"])), draw(sums), draw(sums))
    return fee, currency


@given(st.integers(0, 10**5), fees())
def test_lines_always_add_up(steps: int, fee_in: tuple[Fee, str]) -> None:
    fee, currency = fee_in

    lines = price_lines(Money(steps * step(currency), currency), fee)

    assert lines.gross == lines.share + lines.fee
    assert min(lines.fee.minor, lines.share.minor) >= 0
    assert all(part.minor % step(currency) == 0 for part in (lines.fee, lines.share, lines.gross))


@given(st.integers(0, 10**7), fees())
def test_the_highest_price_is_the_last_whose_gross_is_not_too_much(minor: int, fee_in: tuple[Fee, str]) -> None:
    fee, currency = fee_in
    gross, one_more = Money(minor, currency), Money(step(currency), currency)

    highest = highest_price(gross, fee)

    assert price_lines(highest, fee).gross <= gross
    assert gross < price_lines(highest + one_more, fee).gross
