"""What Stripe pays out of a mentor's account there to their bank, by itself and in its own rhythm. Pure.

It is a copy of what Stripe says and no part of the books: those end with the transfer to the mentor's account.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace.core.money import Money

LOOK_AGAIN_AFTER = timedelta(hours=4)
"""Banks know days, so a mentor is told soon enough."""
WATCHED_FOR = timedelta(days=35)
"""After something was sent to a mentor, or paid out: Stripe pays out once a month at the least, and what was paid may
still be sent back within about a week (https://docs.stripe.com/payouts, November 2026)."""


class BankPayoutStatus(StrEnum):
    """In Stripe's words."""

    PENDING = "pending"
    IN_TRANSIT = "in_transit"
    PAID = "paid"
    FAILED = "failed"
    """Also after it was paid: the bank has sent it back. The money is on the mentor's account at Stripe again."""
    CANCELED = "canceled"


ON_ITS_WAY = (BankPayoutStatus.PENDING, BankPayoutStatus.IN_TRANSIT)


@dataclass(frozen=True, slots=True)
class BankPayoutState:
    """One as Stripe says that it is now. Less than nothing where Stripe takes from the bank what the account owes."""

    id: str
    status: BankPayoutStatus
    amount: Money
    arrives_on: date
    """Expected, or when it arrived: days, since that is all that banks say."""
    failure_code: str | None
    failure_message: str | None
    """In Stripe's words."""
    made_at: datetime


@dataclass(frozen=True, slots=True)
class AtTheBank:
    """In one currency."""

    on_its_way: Money
    arrived: Money


def at_the_bank(sums: Iterable[tuple[BankPayoutStatus, Money]]) -> dict[str, AtTheBank]:
    """By currency; what was sent back or called off counts for neither."""
    found: dict[str, AtTheBank] = {}
    for status, amount in sums:
        nothing = Money(0, amount.currency)
        before = found.get(amount.currency, AtTheBank(nothing, nothing))
        found[amount.currency] = AtTheBank(
            before.on_its_way + (amount if status in ON_ITS_WAY else nothing),
            before.arrived + (amount if status is BankPayoutStatus.PAID else nothing),
        )
    return found
