"""The price in lines: what the mentor asks, what the site adds, what the mentee pays."""

from dataclasses import dataclass

from marketplace.core.money import Money

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
