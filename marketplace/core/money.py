"""Money as integer minor units with a currency; it refuses to mix and rounds once, half to even."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency

# Stripe's decimals and steps differ from ISO 4217 (docs.stripe.com/currencies, read 2026-11).
_ZERO_DECIMAL = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE_DECIMAL = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
_STEP = {"ISK": 100, "UGX": 100, **dict.fromkeys(_THREE_DECIMAL, 10)}
# The least that Stripe charges, and the most (docs.stripe.com/currencies, minimum and maximum charge amounts, 2026-11).
_MINIMUM = {
    **dict.fromkeys(["USD", "EUR", "CHF", "AUD", "CAD", "NZD", "SGD", "BRL", "INR", "JPY"], 50),
    **dict.fromkeys(["SEK", "NOK"], 300),
    **dict.fromkeys(["AED", "MYR", "PLN", "RON"], 200),
    "GBP": 30,
    "DKK": 250,
    "HKD": 400,
    "THB": 1000,
    "MXN": 1000,
    "CZK": 1500,
    "HUF": 17500,
}
MOST_MINOR = 99_999_999


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum: a bug, never a refusal."""


# Babel sets a code where there is no sign, and no space between it and the digits.
_BARE_CODE = re.compile(r"(?<=[A-Z]{3})(?=\d)")


def decimals(currency: str) -> int:
    """How many digits of `minor` stand behind the decimal point when Stripe is told the amount."""
    if currency in _ZERO_DECIMAL:
        return 0
    return 3 if currency in _THREE_DECIMAL else 2


def step(currency: str) -> int:
    """Stripe takes only multiples of this many minor units."""
    return _STEP.get(currency, 1)


def minimum(currency: str) -> int:
    """The fewest minor units that Stripe charges; one step where it names none."""
    return _MINIMUM.get(currency, step(currency))


def round_half_even(numerator: int, denominator: int) -> int:
    quotient, rest = divmod(numerator, denominator)
    doubled = 2 * rest
    return quotient + (doubled > denominator or (doubled == denominator and quotient % 2 == 1))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`minor` units (cents; yen as they are) of a three-letter currency in capitals."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def percent(self, rate_bp: int) -> Money:
        """`rate_bp` basis points of it, in the currency's step, half to even."""
        unit = step(self.currency)
        return Money(round_half_even(self.minor * rate_bp, 10_000 * unit) * unit, self.currency)

    def format(self, locale: str = "en") -> str:
        amount = Decimal(self.minor).scaleb(-decimals(self.currency))
        text: str = format_currency(amount, self.currency, locale=locale)
        return _BARE_CODE.sub("\N{NO-BREAK SPACE}", text)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix")
        return other.minor
