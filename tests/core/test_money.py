"""Money never mixes, rounds once, and knows Stripe's decimals."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import CurrencyMismatch, Money, decimals, minimum, round_half_even, step

CURRENCIES = ["EUR", "USD", "JPY", "ISK", "UGX", "KWD"]


def test_two_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(100, "EUR") + Money(100, "USD")


@pytest.mark.parametrize(
    ("minor", "rate_bp", "expected"),
    [
        pytest.param(7000, 1500, 1050, id="exact"),
        pytest.param(50, 100, 0, id="half goes to the even side below"),
        pytest.param(150, 100, 2, id="half goes to the even side above"),
        pytest.param(151, 100, 2, id="over half goes up"),
    ],
)
def test_percent_rounds_half_to_even(minor: int, rate_bp: int, expected: int) -> None:
    assert Money(minor, "EUR").percent(rate_bp) == Money(expected, "EUR")


@given(st.integers(0, 10**9), st.integers(0, 10_000), st.sampled_from(CURRENCIES))
def test_percent_is_within_half_a_step_of_the_exact_share(minor: int, rate_bp: int, currency: str) -> None:
    share = Money(minor, currency).percent(rate_bp)

    assert share.minor % step(currency) == 0
    assert abs(Fraction(minor * rate_bp, 10_000) - share.minor) <= Fraction(step(currency), 2)


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4))
def test_rounding_agrees_with_pythons_own(numerator: int, denominator: int) -> None:
    assert round_half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        pytest.param(Money(8050, "EUR"), "€80.50", id="two decimals"),
        pytest.param(Money(8050, "JPY"), "¥8,050", id="none"),
        pytest.param(Money(80500, "KWD"), "KWD\xa080.500", id="three"),
        pytest.param(Money(8000, "ISK"), "ISK\xa080", id="none to the eye, two to Stripe"),
    ],
)
def test_sums_are_shown_as_people_write_them(money: Money, shown: str) -> None:
    assert money.format("en") == shown


@pytest.mark.parametrize(
    ("currency", "digits", "multiple"),
    [("EUR", 2, 1), ("JPY", 0, 1), ("ISK", 2, 100), ("UGX", 2, 100), ("KWD", 3, 10), ("XOF", 0, 1)],
)
def test_currencies_have_stripes_digits_and_steps(currency: str, digits: int, multiple: int) -> None:
    assert (decimals(currency), step(currency)) == (digits, multiple)


@pytest.mark.parametrize(
    ("currency", "least"),
    [
        ("AED", "2.00"),
        ("AUD", "0.50"),
        ("BRL", "0.50"),
        ("CAD", "0.50"),
        ("CHF", "0.50"),
        ("CZK", "15.00"),
        ("DKK", "2.50"),
        ("EUR", "0.50"),
        ("GBP", "0.30"),
        ("HKD", "4.00"),
        ("HUF", "175.00"),
        ("INR", "0.50"),
        ("JPY", "50"),
        ("MXN", "10.00"),
        ("MYR", "2.00"),
        ("NOK", "3.00"),
        ("NZD", "0.50"),
        ("PLN", "2.00"),
        ("RON", "2.00"),
        ("SEK", "3.00"),
        ("SGD", "0.50"),
        ("THB", "10.00"),
        ("USD", "0.50"),
        ("ISK", "1.00"),
        ("KWD", "0.010"),
        ("KRW", "1"),
    ],
)
def test_the_least_that_stripe_charges_in_each_currency_as_people_write_it(currency: str, least: str) -> None:
    """As its table has them, in whole coins (docs.stripe.com/currencies, 2026-11); the last three have none of their
    own, so it is a step."""
    assert f"{Decimal(minimum(currency)).scaleb(-decimals(currency)):f}" == least
    assert minimum(currency) % step(currency) == 0
