"""The right to withdraw of a consumer in the European Union, where a site gives it (`WITHDRAWAL=eu`). Pure.

Directive 2011/83/EU, articles 7 (3), 9 and 16 (a), read 2026-11: fourteen days from the conclusion of the contract,
whose own day does not count; a service that is to begin within them begins on the consumer's express request; what was
fully performed cannot be withdrawn from.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from marketplace.core.money import Money

EU = "eu"
DAYS = 14
VERSIONS = ("2026-11",)
"""Of the text that mentees read and ask by, the newest last; `templates/payments/withdrawal/` has one page for each."""
VERSION = VERSIONS[-1]


def withdrawal_ends(sold_at: datetime, zone: tzinfo) -> datetime:
    """The end (UTC) of the fourteenth day after the day of the purchase, by the mentee's clock."""
    day = sold_at.astimezone(zone).date() + timedelta(days=DAYS + 1)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def is_early(gross: Money, starts_at: datetime, *, now: datetime, zone: tzinfo) -> bool:
    """Whether it begins before the right to withdraw would end, if it were paid now. What is free is no sale."""
    return bool(gross) and starts_at < withdrawal_ends(now, zone)
