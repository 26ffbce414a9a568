"""The price in lines: what the mentor asks, what the site adds, what the mentee pays."""

from dataclasses import dataclass

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
class FeeRule:
    """The site's rates in basis points by how often the pair has met, and who bears the fee."""

    rate_bp: int
    rate_bp_from_4th: int
    rate_bp_from_10th: int
    borne_by: str

    def rate_for(self, nth_session: int) -> int:
        """`nth_session` counts from 1 over all sessions of the pair that are held, confirmed or took place."""
        if nth_session >= TENTH:
            return self.rate_bp_from_10th
        return self.rate_bp_from_4th if nth_session >= FOURTH else self.rate_bp


def price_lines(price: Money, fee_bp: int, borne_by: str) -> Lines:
    """One rounding, half to even, in the currency's step; the other side gets the rest."""
    fee = price.percent(fee_bp)
    if borne_by == "mentor":
        return Lines(price=price, fee=fee, gross=price, share=price - fee)
    return Lines(price=price, fee=fee, gross=price + fee, share=price)


def highest_price(gross: Money, fee_bp: int, borne_by: str) -> Money:
    """The highest price of a mentor for which all that the mentee pays is no more than `gross`."""
    unit = step(gross.currency)
    minor = gross.minor // unit * unit
    if borne_by != "mentor":
        minor = (minor * 10_000 // (10_000 + fee_bp) // unit + 1) * unit  # rounding hides less than a unit
    highest = Money(minor, gross.currency)
    while highest.minor > 0 and gross < price_lines(highest, fee_bp, borne_by).gross:
        highest = Money(highest.minor - unit, gross.currency)
    return highest


def an_hour(earned: Money, minutes: int) -> Money:
    """What is left for an hour of `minutes` of work that earn this much; half to even, in the currency's step."""
    unit = step(earned.currency)
    return Money(round_half_even(earned.minor * 60, minutes * unit) * unit, earned.currency)
