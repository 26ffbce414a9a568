"""The part of the gateway about money that goes to mentors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

import stripe
from stripe import StripeClient

from marketplace.core.db import Json
from marketplace.core.money import Money
from payments.domain.transfers import ReversalState, TransferState

Answer = TypeVar("Answer")
Ask = Callable[[Callable[[], Answer]], Answer]


class StripeTransfers:
    """`ask` is the gateway's: it refuses to run in a transaction, and gives each failure its meaning."""

    def __init__(self, client: StripeClient, ask: Ask[Any]) -> None:
        self._v1, self._ask = client.v1, ask

    def charge_of(self, payment_intent: str) -> str | None:
        """The charge that a transfer draws on."""
        charge = self._ask(lambda: self._v1.payment_intents.retrieve(payment_intent).latest_charge)
        return charge.id if isinstance(charge, stripe.Charge) else cast("str | None", charge)

    def create(self, params: Json, key: str) -> TransferState:
        return _state(self._ask(lambda: self._v1.transfers.create(cast("Any", params), {"idempotency_key": key})))

    def fetch(self, transfer_id: str) -> TransferState:
        return _state(self._ask(lambda: self._v1.transfers.retrieve(transfer_id)))

    def find(self, group: str, reference: str) -> TransferState | None:
        """The transfer of that group that has our reference in its metadata, if there is one."""
        return next((each for each in self._listed({"transfer_group": group}) if each.reference == reference), None)

    def reverse(self, transfer_id: str, params: Json, key: str) -> ReversalState:
        reversals = self._v1.transfers.reversals
        return _reversal(
            self._ask(lambda: reversals.create(transfer_id, cast("Any", params), {"idempotency_key": key}))
        )

    def find_reversal(self, transfer_id: str, reference: str) -> ReversalState | None:
        """The reversal of that transfer that has our reference in its metadata, if there is one."""

        def search() -> stripe.TransferReversal | None:
            found = self._v1.transfers.reversals.list(transfer_id, {"limit": 100}).auto_paging_iter()
            return next((each for each in found if _reference(each, "reversal") == reference), None)

        reversal = self._ask(search)
        return None if reversal is None else _reversal(reversal)

    def available(self, account: str, currency: str) -> Money:
        """What is on the balance of a mentor's account and can be taken."""
        balance = self._ask(lambda: self._v1.balance.retrieve(options={"stripe_account": account}))
        found = [each.amount for each in balance.available if each.currency == currency.lower()]
        return Money(sum(found), currency)

    def since(self, since: datetime) -> list[TransferState]:
        """Every transfer made since then, by us or by hand, the newest first."""
        return self._listed({"created": {"gte": int(since.timestamp())}})

    def _listed(self, query: dict[str, object]) -> list[TransferState]:
        wanted = cast("Any", {**query, "limit": 100})
        found: list[TransferState] = self._ask(
            lambda: [_state(each) for each in self._v1.transfers.list(wanted).auto_paging_iter()]
        )
        return found


def _state(transfer: stripe.Transfer) -> TransferState:
    destination, currency = transfer.destination, transfer.currency.upper()
    return TransferState(
        id=transfer.id,
        amount=Money(transfer.amount, currency),
        reversed=Money(transfer.amount_reversed, currency),
        destination=destination.id if isinstance(destination, stripe.Account) else str(destination),
        reference=_reference(transfer, "transfer"),
    )


def _reversal(reversal: stripe.TransferReversal) -> ReversalState:
    return ReversalState(reversal.id, Money(reversal.amount, reversal.currency.upper()))


def _reference(found: stripe.Transfer | stripe.TransferReversal, key: str) -> str | None:
    metadata = found.metadata
    return metadata[key] if metadata and key in metadata else None
