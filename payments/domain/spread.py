"""What was paid for a sale, frozen when it was paid, and spread over its sessions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.core.money import Money, step


@dataclass(frozen=True, slots=True)
class Paid:
    """Of all of a sale, as Stripe says: `total` with tax and after the discount."""

    total: Money
    discount: Money
    tax: Money

    @classmethod
    def nothing(cls, currency: str) -> Paid:
        none = Money(0, currency)
        return cls(none, none, none)


def spread(amount: Money, weights: Sequence[int]) -> list[Money]:
    """In proportion, in the currency's step; what is left over to the first, as far as it is not more than its weight,
    then to the next. More than all weights together is the first's."""
    unit, whole = step(amount.currency), sum(weights)
    parts = [amount.minor * each // (whole * unit) * unit if whole else 0 for each in weights]
    left = amount.minor - sum(parts)
    for position, weight in enumerate(weights):
        more = max(min(left, weight - parts[position]), 0)
        parts[position] += more
        left -= more
    if parts:
        parts[0] += left
    return [Money(part, amount.currency) for part in parts]


def spread_paid(paid: Paid, gross_minor: Sequence[int]) -> list[tuple[Money, Money]]:
    """Discount and tax of each session: the discount as the sessions cost, the tax as they cost after it."""
    discounts = spread(paid.discount, gross_minor)
    after = [gross - discount.minor for gross, discount in zip(gross_minor, discounts, strict=True)]
    return list(zip(discounts, spread(paid.tax, after), strict=True))
