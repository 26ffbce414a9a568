"""The part of the gateway about what Stripe pays out of mentors' accounts to their banks. It is only read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import stripe
from stripe import StripeClient

from marketplace.core.money import Money
from payments.domain.bank_payouts import BankPayoutState, BankPayoutStatus

Answer = TypeVar("Answer")
Ask = Callable[[Callable[[], Answer]], Answer]


class StripeBankPayouts:
    """`ask` is the gateway's: it refuses to run in a transaction, and gives each failure its meaning."""

    def __init__(self, client: StripeClient, ask: Ask[Any]) -> None:
        self._v1, self._ask = client.v1, ask

    def of(self, account: str, since: datetime | None) -> list[BankPayoutState]:
        """Every one of that account that was made since then, or ever, the newest first."""
        query = {"limit": 100, **({"created": {"gte": int(since.timestamp())}} if since else {})}
        payouts, options = self._v1.payouts, {"stripe_account": account}
        found: list[BankPayoutState] = self._ask(
            lambda: [_state(each) for each in payouts.list(cast("Any", query), cast("Any", options)).auto_paging_iter()]
        )
        return found


def _state(payout: stripe.Payout) -> BankPayoutState:
    return BankPayoutState(
        id=payout.id,
        status=BankPayoutStatus(payout.status),
        amount=Money(payout.amount, payout.currency.upper()),
        arrives_on=datetime.fromtimestamp(payout.arrival_date, UTC).date(),
        failure_code=payout.failure_code,
        failure_message=payout.failure_message,
        made_at=datetime.fromtimestamp(payout.created, UTC),
    )
