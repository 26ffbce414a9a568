"""What Stripe has booked of a refund or a dispute, where that is in another currency than the payment."""

from __future__ import annotations

from collections.abc import Iterable

import stripe

from marketplace.core.money import Money
from payments.domain.exchanges import Moved


def moved_elsewhere(amount: Money, booked: Iterable[object]) -> tuple[Moved, ...]:
    """`amount` is what each of them is about. Those that are ids, since nobody asked for more, or null, say nothing."""
    known = [each for each in booked if isinstance(each, stripe.BalanceTransaction)]
    return tuple(_moved(amount, each) for each in known if each.currency.upper() != amount.currency)


def _moved(amount: Money, booked: stripe.BalanceTransaction) -> Moved:
    sold = Money(amount.minor if booked.amount > 0 else -amount.minor, amount.currency)
    return Moved(booked.id, sold, Money(booked.amount, booked.currency.upper()))
