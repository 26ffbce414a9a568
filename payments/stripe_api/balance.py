"""The part of the gateway about what Stripe has booked on the site's own balance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

import stripe
from stripe import StripeClient

from marketplace.core.money import Money

Answer = TypeVar("Answer")
Ask = Callable[[Callable[[], Answer]], Answer]


@dataclass(frozen=True, slots=True)
class Booked:
    """A balance transaction; `kind` is Stripe's word, `source` the id of what it is for, and `payment_intent` that of a
    charge."""

    id: str
    kind: str
    source: str | None
    payment_intent: str | None
    amount: Money
    fee: Money


class StripeBalance:
    """`ask` is the gateway's: it refuses to run in a transaction, and gives each failure its meaning."""

    def __init__(self, client: StripeClient, ask: Ask[Any]) -> None:
        self._v1, self._ask = client.v1, ask

    def since(self, since: datetime) -> list[Booked]:
        """All that was booked since then, the newest first."""
        query = {"created": {"gte": int(since.timestamp())}, "limit": 100, "expand": ["data.source"]}
        transactions = self._v1.balance_transactions
        found: list[Booked] = self._ask(
            lambda: [_booked(each) for each in transactions.list(cast("Any", query)).auto_paging_iter()]
        )
        return found


def _booked(transaction: stripe.BalanceTransaction) -> Booked:
    source, currency = transaction.source, transaction.currency.upper()
    intent = source.payment_intent if isinstance(source, stripe.Charge) else None
    return Booked(
        id=transaction.id,
        kind=transaction.type,
        source=source if isinstance(source, str) or source is None else cast("str", getattr(source, "id", None)),
        payment_intent=intent.id if isinstance(intent, stripe.PaymentIntent) else intent,
        amount=Money(transaction.amount, currency),
        fee=Money(transaction.fee, currency),
    )
