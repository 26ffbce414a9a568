"""The part of the gateway about those whom Stripe pays for us: accounts (v2), and the links to Stripe's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from stripe import StripeClient
from stripe.v2.core import Account

from marketplace.core.db import Json
from payments.domain.payouts import AccountState, Transfers

Answer = TypeVar("Answer")
Ask = Callable[[Callable[[], Answer]], Answer]
PARTS = ["configuration.recipient", "requirements"]
"""v2 leaves out whatever is not asked for."""


class StripeAccounts:
    """`ask` is the gateway's: it refuses to run in a transaction, and gives each failure its meaning."""

    def __init__(self, client: StripeClient, ask: Ask[Any]) -> None:
        self._core, self._ask = client.v2.core, ask

    def create(self, params: Json, key: str) -> AccountState:
        made = self._ask(lambda: self._core.accounts.create(cast("Any", params), {"idempotency_key": key}))
        return _state(made)

    def fetch(self, account_id: str) -> AccountState:
        return _state(self._ask(lambda: self._core.accounts.retrieve(account_id, cast("Any", {"include": PARTS}))))

    def find(self, reference: str) -> AccountState | None:
        """The account that has our reference in its metadata, if there is one."""

        def search() -> str | None:
            every = self._core.accounts.list({"limit": 100}).auto_paging_iter()
            return next((each.id for each in every if _reference(each) == reference), None)

        found = self._ask(search)
        return None if found is None else self.fetch(found)

    def link(self, account_id: str, *, refresh_url: str, return_url: str) -> str:
        """Where the mentor says at Stripe who they are. Good for one visit, and only for minutes."""
        onboarding = {"refresh_url": refresh_url, "return_url": return_url}
        wanted = {"account": account_id, "use_case": {"type": "account_onboarding", "account_onboarding": onboarding}}
        made: str = self._ask(lambda: self._core.account_links.create(cast("Any", wanted)).url)
        return made

    def events_told_to(self, url: str) -> frozenset[str]:
        """Which thin events of this Stripe account go there; `*` stands for all."""
        wanted = {"include": ["webhook_endpoint.url"], "limit": 100}

        def search() -> frozenset[str]:
            every = self._core.event_destinations.list(cast("Any", wanted)).auto_paging_iter()
            ours = [each for each in every if each.webhook_endpoint and each.webhook_endpoint.url == url]
            thin = [each for each in ours if each.status == "enabled" and each.event_payload == "thin"]
            return frozenset[str]().union(*(each.enabled_events for each in thin))

        found: frozenset[str] = self._ask(search)
        return found


def _state(account: Account) -> AccountState:
    required = account.requirements
    entries = (required.entries or []) if required else []
    return AccountState(
        id=account.id,
        transfers=Transfers.CLOSED if account.closed else _transfers(account),
        wants=tuple(each.description for each in entries if each.awaiting_action_from == "user"),
        reference=_reference(account),
    )


def _transfers(account: Account) -> Transfers:
    """Nothing said is as good as restricted: only `active` lets money through."""
    recipient = account.configuration.recipient if account.configuration else None
    balance = recipient.capabilities.stripe_balance if recipient and recipient.capabilities else None
    capability = balance.stripe_transfers if balance else None
    known = set(Transfers) - {Transfers.UNKNOWN, Transfers.GONE}
    return Transfers(capability.status) if capability and capability.status in known else Transfers.RESTRICTED


def _reference(account: Account) -> str | None:
    metadata = account.metadata
    return metadata["mentor"] if metadata and "mentor" in metadata else None
