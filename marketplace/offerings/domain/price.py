"""A price as people type it: in their language's way of writing numbers, and never guessed at."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import NumberFormatError, get_currency_symbol, get_decimal_symbol, parse_decimal

from marketplace.core.errors import RuleBroken
from marketplace.core.money import MOST_MINOR, Money, decimals, minimum, step

_LONGEST = 20
_FIGURES = re.compile(r"[0-9.,'’ \u00a0\u202f]+")


class BadPrice(RuleBroken):
    """What was typed is not a price, or not one that can be charged."""


def parse_price(typed: str, currency: str, locale: str) -> Money:
    """A sum as `parse_sum` reads it, and an amount that Stripe charges. Raises BadPrice."""
    return _chargeable(parse_sum(typed, currency, locale))


def parse_sum(typed: str, currency: str, locale: str) -> Money:
    """`80`, `80.50`, `1,234.50` in English; `80,50`, `1.234,50` in German; with the currency's sign or without.

    In the currency's own steps, and never less than nothing. Raises BadPrice, also for what can be read in two ways:
    `80,50` in English.
    """
    figures = _without_sign(typed, currency, locale)
    if len(figures) > _LONGEST or not _FIGURES.fullmatch(figures):
        raise BadPrice("Write the price in figures, such as %(example)s.", example=_example(currency, locale))
    try:
        amount = parse_decimal(figures, locale=locale, strict=True)
    except NumberFormatError as wrong:
        raise _doubtful(wrong, currency, locale) from wrong
    return _exactly(amount, currency)


def typed_as(price: Money, locale: str) -> str:
    """What a person would type for it: `80`, `80.50`, `80,50`."""
    digits = decimals(price.currency)
    whole = price.minor % 10**digits == 0
    text = f"{Decimal(price.minor).scaleb(-digits):.{0 if whole else digits}f}"
    return text.replace(".", get_decimal_symbol(locale))


def _without_sign(typed: str, currency: str, locale: str) -> str:
    text = typed.strip()
    for sign in (currency, get_currency_symbol(currency, locale=locale)):
        text = text.removeprefix(sign).removesuffix(sign).strip()
    return text


def _doubtful(wrong: NumberFormatError, currency: str, locale: str) -> BadPrice:
    """With what it may have meant, in the ways of writing of that language."""
    meant = [parse_decimal(each, locale=locale) for each in wrong.suggestions or ()]
    sums = [Money(_minor(each, currency), currency) for each in meant if _fits(each, currency)]
    if len(sums) == 2:
        one, other = sums
        return BadPrice("Is that %(one)s or %(other)s? Write it so that it can only be one.", one=one, other=other)
    return BadPrice("Write the price in figures, such as %(example)s.", example=_example(currency, locale))


def _exactly(amount: Decimal, currency: str) -> Money:
    if not _fits(amount, currency):
        smallest = Money(step(currency), currency)
        raise BadPrice("The price has to be a multiple of %(step)s.", step=smallest)
    return Money(_minor(amount, currency), currency)


def _chargeable(price: Money) -> Money:
    least, most = Money(minimum(price.currency), price.currency), Money(MOST_MINOR, price.currency)
    if price < least:
        raise BadPrice("The price has to be %(least)s at least: less cannot be charged.", least=least)
    if most < price:
        raise BadPrice("The price can be %(most)s at most: more cannot be charged.", most=most)
    return price


def _fits(amount: Decimal, currency: str) -> bool:
    return amount.scaleb(decimals(currency)) % step(currency) == 0


def _minor(amount: Decimal, currency: str) -> int:
    return int(amount.scaleb(decimals(currency)))


def _example(currency: str, locale: str) -> str:
    """With a decimal mark where the currency has one to be typed."""
    has_parts = decimals(currency) == 2 and step(currency) == 1
    return typed_as(Money(8050 if has_parts else 80 * 10 ** decimals(currency), currency), locale)
