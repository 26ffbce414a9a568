"""What Stripe books in another currency than a sale's. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.core.money import Money


@dataclass(frozen=True, slots=True)
class Moved:
    """One balance transaction of Stripe's after the payment's own, `id` its id: for what of the sale, and what Stripe
    took from its balance or put there instead. Both are negative when it left."""

    id: str
    sold: Money
    settled: Money
