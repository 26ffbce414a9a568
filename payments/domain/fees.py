"""The price in lines: what the mentor asks, what the site adds, what the mentee pays."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from marketplace.core.money import Money, round_half_even, step

FOURTH, TENTH = 4, 10


@dataclass(frozen=True, slots=True)
class Lines:
    """`gross` is what one session costs before discount and tax; `share` is the mentor's; gross = share + fee."""

    price: Money
    fee: Money
    gross: Money
    share: Money


@dataclass(frozen=True, slots=True)
class Fee:
    """What the site takes of one session: a part of the mentor's price in basis points, a sum beside it, and no less
    than `least`. The two sums count for prices in their own currency only. `version` is the row of the fee policy that
    it is from; None: the settings."""

    rate_bp: int
    borne_by: str = "mentee"
    fixed: Money | None = None
    least: Money | None = None
    version: int | None = None

    def of(self, price: Money) -> Money:
        """One rounding, half to even, in the currency's step. What is free costs no fee, and who bears it never pays
        more than they take."""
        if not price:
            return price
        fee = price.percent(self.rate_bp)
        if self.fixed is not None and self.fixed.currency == price.currency:
            fee = fee + self.fixed
        if self.least is not None and self.least.currency == price.currency and fee < self.least:
            fee = self.least
        return min(fee, price) if self.borne_by == "mentor" else fee


@dataclass(frozen=True, slots=True)
class FeeRule:
    """The site's rates by how often the pair has met, who bears the fee, and the rest of it as in `Fee`."""

    rate_bp: int
    rate_bp_from_4th: int
    rate_bp_from_10th: int
    borne_by: str
    fixed: Money | None = None
    least: Money | None = None
    version: int | None = None

    def rate_for(self, nth_session: int) -> int:
        """`nth_session` counts from 1 over all sessions of the pair that are held, confirmed or took place."""
        if nth_session >= TENTH:
            return self.rate_bp_from_10th
        return self.rate_bp_from_4th if nth_session >= FOURTH else self.rate_bp

    def fee_for(self, nth_session: int) -> Fee:
        return Fee(self.rate_for(nth_session), self.borne_by, self.fixed, self.least, self.version)


@dataclass(frozen=True, slots=True)
class FeeRules:
    """As of one moment: the site's, and those of mentors who have one of their own, by id."""

    site: FeeRule
    own: Mapping[int, FeeRule] = field(default_factory=dict)

    def of(self, mentor_id: int) -> FeeRule:
        return self.own.get(mentor_id, self.site)


def price_lines(price: Money, fee: Fee) -> Lines:
    """The side that does not bear the fee has the price whole, so nothing is lost in rounding."""
    taken = fee.of(price)
    if fee.borne_by == "mentor":
        return Lines(price=price, fee=taken, gross=price, share=price - taken)
    return Lines(price=price, fee=taken, gross=price + taken, share=price)


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
