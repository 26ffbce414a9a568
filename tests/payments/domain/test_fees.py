"""The price in lines adds up to the cent, whoever bears the fee."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money, step
from payments.domain.fees import FeeRule, highest_price, price_lines

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
    lines = price_lines(Money(7000, "EUR"), 1500, "mentee")

    assert (lines.price.minor, lines.fee.minor, lines.gross.minor, lines.share.minor) == (7000, 1050, 8050, 7000)


def test_a_mentor_may_bear_the_fee() -> None:
    lines = price_lines(Money(7000, "EUR"), 1500, "mentor")

    assert (lines.price.minor, lines.fee.minor, lines.gross.minor, lines.share.minor) == (7000, 1050, 7000, 5950)


@given(
    st.integers(0, 10**7),
    st.integers(0, 10_000),
    st.sampled_from(["mentee", "mentor"]),
    st.sampled_from(["EUR", "JPY"]),
)
def test_lines_always_add_up(minor: int, rate: int, borne_by: str, currency: str) -> None:
    lines = price_lines(Money(minor, currency), rate, borne_by)

    assert lines.gross == lines.share + lines.fee
    assert min(lines.fee.minor, lines.share.minor) >= 0


@given(
    st.integers(0, 10**7),
    st.integers(0, 10_000),
    st.sampled_from(["mentee", "mentor"]),
    st.sampled_from(["EUR", "JPY", "ISK", "JOD"]),
)
def test_the_highest_price_is_the_last_whose_gross_is_not_too_much(
    minor: int, rate: int, borne_by: str, currency: str
) -> None:
    gross, one_more = Money(minor, currency), Money(step(currency), currency)

    highest = highest_price(gross, rate, borne_by)

    assert price_lines(highest, rate, borne_by).gross <= gross
    assert gross < price_lines(highest + one_more, rate, borne_by).gross
