"""The price in lines: what the mentor asks, what the site adds, what the mentee pays."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add

from marketplace.core.money import Money, round_half_even, step
from payments.domain.spread import spread

FOURTH, TENTH = 4, 10
Sums = tuple[Money, ...]
"""One for each currency."""


@dataclass(frozen=True, slots=True)
class Lines:
    """`gross` is what it costs before discount and tax; `share` is the mentor's; gross = share + fee."""

    price: Money
    fee: Money
    gross: Money
    share: Money

    def __add__(self, other: Lines) -> Lines:
        return Lines(self.price + other.price, self.fee + other.fee, self.gross + other.gross, self.share + other.share)


@dataclass(frozen=True, slots=True)
class Fee:
    """What the site takes of one session: a part of the mentor's price in basis points, a sum beside it, and no less
    than `least`. There is a sum for each currency: a price in one that has none has the part alone. `version` is the
    row of the fee policy that it is from; None: the settings."""

    rate_bp: int
    borne_by: str = "mentee"
    fixed: Sums = ()
    least: Sums = ()
    version: int | None = None

    def of(self, price: Money) -> Money:
        """One rounding, half to even, in the currency's step. What is free costs no fee, and who bears it never pays
        more than they take."""
        if not price:
            return price
        fee = max(price.percent(self.rate_bp) + sum_in(self.fixed, price.currency), sum_in(self.least, price.currency))
        return min(fee, price) if self.borne_by == "mentor" else fee

    def missing(self, taken: Money) -> Money:
        """What `taken` is short of the least."""
        return max(sum_in(self.least, taken.currency) - taken, Money(0, taken.currency))


@dataclass(frozen=True, slots=True)
class FeeRule:
    """The site's rates by how often the pair has met, who bears the fee, and the rest of it as in `Fee`."""

    rate_bp: int
    rate_bp_from_4th: int
    rate_bp_from_10th: int
    borne_by: str
    fixed: Sums = ()
    least: Sums = ()
    version: int | None = None

    def rate_for(self, nth_session: int) -> int:
        """`nth_session` counts from 1 over all sessions of the pair that are held, confirmed or took place."""
        if nth_session >= TENTH:
            return self.rate_bp_from_10th
        return self.rate_bp_from_4th if nth_session >= FOURTH else self.rate_bp

    def says_nothing_in(self, currencies: Sequence[str]) -> list[str]:
        """Those of them that lack a sum which another currency has."""
        said = [{each.currency for each in sums} for sums in (self.fixed, self.least) if sums]
        return [code for code in currencies if any(code not in each for each in said)]

    def fee_for(self, nth_session: int) -> Fee:
        return Fee(self.rate_for(nth_session), self.borne_by, self.fixed, self.least, self.version)


@dataclass(frozen=True, slots=True)
class PairFee:
    """What the site takes of the next sessions of a pair that has `met` so often."""

    rule: FeeRule
    met: int = 0

    @property
    def next(self) -> Fee:
        return self.rule.fee_for(self.met + 1)

    def rows(self, price: Money, sessions: int) -> list[Lines]:
        """Of each session of what costs `price` together. The rate is that of the nth session of the pair; what does
        not depend on the price is taken once, with the first."""
        prices = spread(price, [1] * sessions)
        fees = [self.rule.fee_for(self.met + number) for number in range(1, sessions + 1)]
        first = price_lines(prices[0], replace(fees[0], least=()))
        others = [
            price_lines(each, replace(fee, fixed=(), least=())) for each, fee in zip(prices[1:], fees[1:], strict=True)
        ]
        missing = fees[0].missing(total([first, *others]).fee) if price else Money(0, price.currency)
        return [_with_more(first, missing, fees[0].borne_by), *others]

    def lines(self, price: Money, sessions: int = 1) -> Lines:
        """Of all of them together."""
        return total(self.rows(price, sessions))


@dataclass(frozen=True, slots=True)
class FeeRules:
    """As of one moment: the site's, and those of mentors who have one of their own, by id."""

    site: FeeRule
    own: Mapping[int, FeeRule] = field(default_factory=dict)

    def of(self, mentor_id: int) -> FeeRule:
        return self.own.get(mentor_id, self.site)


def sum_in(sums: Sums, currency: str) -> Money:
    """Nothing, if there is none in it."""
    return next((each for each in sums if each.currency == currency), Money(0, currency))


def price_lines(price: Money, fee: Fee) -> Lines:
    """The side that does not bear the fee has the price whole, so nothing is lost in rounding."""
    return _lines(price, fee.of(price), fee.borne_by)


def total(rows: Sequence[Lines]) -> Lines:
    """Of one session at least."""
    return reduce(add, rows)


def _lines(price: Money, taken: Money, borne_by: str) -> Lines:
    if borne_by == "mentor":
        return Lines(price=price, fee=taken, gross=price, share=price - taken)
    return Lines(price=price, fee=taken, gross=price + taken, share=price)


def _with_more(lines: Lines, more: Money, borne_by: str) -> Lines:
    """Who bears the fee never pays more than they take."""
    taken = lines.fee + more
    return _lines(lines.price, min(taken, lines.price) if borne_by == "mentor" else taken, borne_by)


def highest_price(gross: Money, fee: Fee) -> Money:
    """The highest price of a mentor for which all that the mentee pays is no more than `gross`."""
    unit = step(gross.currency)

    def pays(steps: int) -> int:
        return price_lines(Money(steps * unit, gross.currency), fee).gross.minor

    # Nobody pays less than the price, and a higher price never costs less.
    return Money((bisect_right(range(gross.minor // unit + 1), gross.minor, key=pays) - 1) * unit, gross.currency)


def an_hour(earned: Money, minutes: int) -> Money:
    """What is left for an hour of `minutes` of work that earn this much; half to even, in the currency's step."""
    unit = step(earned.currency)
    return Money(round_half_even(earned.minor * 60, minutes * unit) * unit, earned.currency)
