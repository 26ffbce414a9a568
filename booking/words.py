"""Policies as sentences with real dates, on pages and in letters alike. Pure."""

from datetime import datetime, tzinfo

from booking.domain.policy import CancellationPolicy
from marketplace.core import formats


def policy_words(policy: str, starts_at: datetime, zone: tzinfo, now: datetime) -> str:
    """What cancelling gives back, as dates. Exactly at the limit is still free, exactly at the start is too late."""
    free_until = CancellationPolicy.named(policy).free_until(starts_at)
    if now <= free_until:
        return f"Free to cancel until {formats.local(free_until, zone)}; half back after that."
    if now < starts_at:
        return f"Half back if cancelled before {formats.local(starts_at, zone)}; nothing after that."
    return "It is too late to cancel."
