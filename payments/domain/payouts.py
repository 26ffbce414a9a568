"""Whether a mentor can be paid, from what Stripe says of their account. Pure.

At Stripe a mentor is a recipient (Accounts v2): money is transferred from the site's balance to theirs, and Stripe pays
it on to their bank. Only the capability below decides; `charges_enabled` and the like are about sellers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

ACCOUNT_EVENTS = (
    "v2.core.account[configuration.recipient].capability_status_updated",
    "v2.core.account[requirements].updated",
    "v2.core.account.closed",
)
"""Thin events, which name the account and nothing else."""
LOOK_AGAIN_AFTER = timedelta(hours=1)
"""While somebody cannot be paid yet, or no more; the events tell sooner."""
LOOK_AGAIN_WHEN_READY = timedelta(days=1)


class Transfers(StrEnum):
    """The capability `stripe_transfers`, in Stripe's words; the first and the last two are ours."""

    UNKNOWN = "unknown"
    """Not looked at yet."""
    ACTIVE = "active"
    PENDING = "pending"
    RESTRICTED = "restricted"
    REJECTED = "rejected"
    UNSUPPORTED = "unsupported"
    CLOSED = "closed"
    """The account was closed."""
    GONE = "gone"
    """Stripe knows no such account, or no longer lets the site see it."""


@dataclass(frozen=True, slots=True)
class AccountState:
    """An account as Stripe says it is now. `wants` is what Stripe waits for from the mentor, in its own words."""

    id: str
    transfers: Transfers
    wants: tuple[str, ...] = ()
    reference: str | None = None
    """Ours, from the metadata; None for an account that was made by hand."""


class Want(StrEnum):
    """What Stripe may want, in the order in which its page asks."""

    IDENTITY = "identity"
    PAPERS = "papers"
    BANK = "bank"
    TERMS = "terms"
    OTHER = "other"


class Standing(StrEnum):
    """Where a mentor stands on the way to being paid."""

    NOT_BEGUN = "not_begun"
    MAKING = "making"
    """The account is asked of Stripe, and there is no answer yet."""
    WANTED = "wanted"
    """Stripe waits for the mentor."""
    CHECKING = "checking"
    """Stripe is at work."""
    READY = "ready"
    REFUSED = "refused"
    """Only Stripe can say more."""


_WORDS = (
    (("document", "verification"), Want.PAPERS),
    (("outbound_destination", "payout_method", "external_account", "bank"), Want.BANK),
    (("terms_of_service", "tos"), Want.TERMS),
    (("identity", "individual", "person", "representative"), Want.IDENTITY),
)


def wants_of(descriptions: Iterable[str]) -> list[Want]:
    """Each once. What we cannot place is `other`: Stripe adds requirements without asking us."""
    found = {_want(description) for description in descriptions}
    return [want for want in Want if want in found]


def _want(description: str) -> Want:
    return next((want for words, want in _WORDS if any(word in description for word in words)), Want.OTHER)


def standing(transfers: Transfers | None, *, is_made: bool, wants: bool) -> Standing:
    """`transfers` is None for who has not begun."""
    if transfers is None:
        return Standing.NOT_BEGUN
    if not is_made:
        return Standing.MAKING
    if transfers is Transfers.ACTIVE:
        return Standing.READY
    if transfers in {Transfers.REJECTED, Transfers.UNSUPPORTED, Transfers.CLOSED, Transfers.GONE}:
        return Standing.REFUSED
    if transfers is Transfers.PENDING and not wants:
        return Standing.CHECKING
    return Standing.WANTED
