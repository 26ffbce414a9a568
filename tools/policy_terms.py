"""The sales of which docs/who-gets-what.md tells: prices, fees, discounts and taxes in several currencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

from booking.domain.policy import PRESETS
from booking.domain.states import BookingStatus
from marketplace.core.money import Money
from payments.domain.fees import Fee, price_lines
from payments.domain.settle import FrozenSale, SoldSession
from payments.domain.spread import Paid, spread_paid

START = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
A_WEEK = timedelta(days=7)
PRICES = {"EUR": 7_000, "JPY": 9_999, "KWD": 21_550, "ISK": 990_000}
"""Of one session, in minor units: odd ones among them, so that there is something to round."""
FEE_BP = 1_500
ADJUSTED = {
    (0, 0): "",
    (2_000, 0): "discount",
    (0, 1_900): "tax",
    (2_000, 1_900): "discount and tax",
    (10_000, 0): "a code for all of it",
}
"""Discount and tax, in basis points, and their words."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a sale was made."""

    currency: str
    sessions: int
    borne_by: str
    discount_bp: int = 0
    tax_bp: int = 0

    @property
    def price(self) -> Money:
        return Money(PRICES[self.currency], self.currency)

    def sale(self, status: BookingStatus, **given: object) -> FrozenSale:
        """With that having become of each of its sessions."""
        lines = price_lines(self.price, Fee(FEE_BP, self.borne_by))
        gross = Money(lines.gross.minor * self.sessions, self.currency)
        discount = gross.percent(self.discount_bp)
        tax = (gross - discount).percent(self.tax_bp)
        parts = spread_paid(Paid(gross - discount + tax, discount, tax), [lines.gross.minor] * self.sessions)
        sessions = tuple(
            SoldSession(
                number,
                lines.gross.minor,
                lines.share.minor,
                status,
                START + A_WEEK * number,
                is_final=True,
                discount_minor=its_discount.minor,
                tax_minor=its_tax.minor,
                **given,  # type: ignore[arg-type]
            )
            for number, (its_discount, its_tax) in enumerate(parts)
        )
        return FrozenSale(PRESETS["standard"], self.currency, sessions)


ALL_TERMS = [
    Terms(currency, sessions, borne_by, *adjusted)
    for currency, sessions, borne_by, adjusted in product(PRICES, (1, 3), ("mentee", "mentor"), ADJUSTED)
]
USUAL = Terms("EUR", 1, "mentee")


def in_words(terms: Terms) -> str:
    fee = "fee on top" if terms.borne_by == "mentee" else "fee borne by the mentor"
    words = ADJUSTED[terms.discount_bp, terms.tax_bp]
    return f"{terms.sessions} × {sum_in_words(terms.price)}, {fee}{', ' * bool(words)}{words}"


def sum_in_words(amount: Money) -> str:
    return amount.format("en").replace("\N{NO-BREAK SPACE}", " ").replace("-", "−") if amount else "–"
