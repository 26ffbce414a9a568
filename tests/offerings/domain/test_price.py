"""Prices as people type them: each language's way of writing, nothing guessed, nothing that cannot be charged."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import MOST_MINOR, Money, decimals, minimum, step
from marketplace.offerings.domain.price import BadPrice, parse_price, typed_as

CURRENCIES = ["EUR", "USD", "GBP", "JPY", "ISK", "KWD", "HUF", "CHF"]
LOCALES = ["en", "de", "nl"]


@pytest.mark.parametrize(
    ("locale", "typed", "minor"),
    [
        ("en", "80", 8000),
        ("en", "80.50", 8050),
        ("en", "80.5", 8050),
        ("en", "1,234.56", 123456),
        ("en", "1,234", 123400),
        ("en", " €80 ", 8000),
        ("en", "80 EUR", 8000),
        ("de", "80,50", 8050),
        ("de", "1.234,56", 123456),
        ("de", "1.234", 123400),
        ("de", "80 €", 8000),
        ("nl", "80,50", 8050),
        ("nl", "€ 1.234,56", 123456),
    ],
)
def test_a_price_is_read_as_its_language_writes_it(locale, typed, minor):
    assert parse_price(typed, "EUR", locale) == Money(minor, "EUR")


@pytest.mark.parametrize(
    ("locale", "typed", "one", "other"),
    [
        ("en", "80,50", "€8,050.00", "€80.50"),
        ("en", "12,34", "€1,234.00", "€12.34"),
        ("de", "80.50", "€8,050.00", "€80.50"),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_about(locale, typed, one, other):
    with pytest.raises(BadPrice) as refused:
        parse_price(typed, "EUR", locale)

    sums = refused.value.values.values()
    assert [each.format() for each in sums if isinstance(each, Money)] == [one, other]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "free",
        "-5",
        "+5",
        "1e5",
        "NaN",
        "Infinity",
        "0x50",
        "1_000",
        "٨٠",
        "８０",
        "1.2.3",
        "1,2,3",
        "80.505",
        "80\x00",
        "\u202e80",
        "8\n0",
        "9" * 21,
        "9" * 5000,
        "." * 10,
        ",",
        "0",
        "0.49",
        "1000000",
    ],
)
def test_what_is_no_price_is_refused(typed):
    with pytest.raises(BadPrice):
        parse_price(typed, "EUR", "en")


@pytest.mark.parametrize(
    ("currency", "typed", "right"),
    [
        pytest.param("EUR", "0.50", True, id="the least euro charge"),
        pytest.param("EUR", "0.49", False, id="a cent less"),
        pytest.param("GBP", "0.30", True, id="the least pound charge"),
        pytest.param("HUF", "174", False, id="less than forints are charged by"),
        pytest.param("HUF", "175", True, id="the least forint charge"),
        pytest.param("JPY", "50", True, id="yen have no decimals"),
        pytest.param("JPY", "80.5", False, id="half a yen"),
        pytest.param("ISK", "80.50", False, id="krónur come whole"),
        pytest.param("ISK", "80", True, id="whole krónur"),
        pytest.param("KWD", "80.505", False, id="dinars come in tens of fils"),
        pytest.param("KWD", "80.51", True, id="a ten of fils"),
        pytest.param("EUR", "999,999.99", True, id="the most"),
        pytest.param("EUR", "1,000,000", False, id="more than the most"),
    ],
)
def test_prices_are_what_stripe_charges(currency, typed, right):
    try:
        parsed = parse_price(typed, currency, "en")
    except BadPrice:
        assert not right
    else:
        assert right
        assert parsed.currency == currency


@given(st.sampled_from(CURRENCIES), st.sampled_from(LOCALES), st.data())
def test_every_price_reads_as_it_was_written(currency, locale, data):
    least, most = (at // step(currency) for at in (minimum(currency), MOST_MINOR))
    price = Money(data.draw(st.integers(least, most)) * step(currency), currency)
    grouped = format_decimal(Decimal(price.minor).scaleb(-decimals(currency)), "#,##0.###", locale=locale)

    assert parse_price(typed_as(price, locale), currency, locale) == price
    assert parse_price(grouped, currency, locale) == price


ANYTHING = st.text() | st.text("0123456789.,' \u00a0\u202f€", max_size=25)


@given(ANYTHING, st.sampled_from(CURRENCIES), st.sampled_from(LOCALES))
def test_whatever_is_typed_is_a_price_or_refused(typed, currency, locale):
    try:
        price = parse_price(typed, currency, locale)
    except BadPrice:
        return
    assert minimum(currency) <= price.minor <= MOST_MINOR
    assert price.minor % step(currency) == 0
