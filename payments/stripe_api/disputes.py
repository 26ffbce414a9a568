"""The part of the gateway about what banks do: disputes, early fraud warnings, and how a payment stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import stripe
from stripe import StripeClient

from marketplace.core.db import Json
from marketplace.core.money import Money
from payments.domain.disputes import DisputeState, DisputeStatus, Standing, WarningState
from payments.stripe_api.exchanged import moved_elsewhere

Answer = TypeVar("Answer")
Ask = Callable[[Callable[[], Answer]], Answer]


class StripeDisputes:
    """`ask` is the gateway's: it refuses to run in a transaction, and gives each failure its meaning."""

    def __init__(self, client: StripeClient, ask: Ask[Any]) -> None:
        self._v1, self._ask = client.v1, ask

    def fetch(self, dispute_id: str) -> DisputeState:
        return _state(self._ask(lambda: self._v1.disputes.retrieve(dispute_id)))

    def fetch_warning(self, warning_id: str) -> WarningState:
        return _warning(self._ask(lambda: self._v1.radar.early_fraud_warnings.retrieve(warning_id)))

    def since(self, since: datetime) -> list[DisputeState]:
        """Every dispute opened since then, the newest first."""
        return self._listed({"created": {"gte": int(since.timestamp())}})

    def warnings_since(self, since: datetime) -> list[WarningState]:
        query = cast("Any", {"created": {"gte": int(since.timestamp())}, "limit": 100})
        warnings = self._v1.radar.early_fraud_warnings
        found: list[WarningState] = self._ask(
            lambda: [_warning(each) for each in warnings.list(query).auto_paging_iter()]
        )
        return found

    def standing(self, payment_intent: str) -> Standing:
        """How a payment stands just now; its disputes are asked for only if it has any."""
        expanded = cast("Any", {"expand": ["latest_charge"]})
        charge = self._ask(lambda: self._v1.payment_intents.retrieve(payment_intent, expanded)).latest_charge
        if not isinstance(charge, stripe.Charge):
            raise TypeError(f"{payment_intent} has no charge")
        left = Money(charge.amount - charge.amount_refunded, charge.currency.upper())
        disputes = self._listed({"payment_intent": payment_intent}) if charge.disputed else []
        return Standing(left, tuple(disputes))

    def hand_in(self, dispute_id: str, params: Json, key: str) -> DisputeState:
        """Evidence, for good."""
        disputes = self._v1.disputes
        return _state(self._ask(lambda: disputes.update(dispute_id, cast("Any", params), {"idempotency_key": key})))

    def handed_in(self, dispute_id: str, reference: str) -> DisputeState | None:
        """The dispute, if it has that evidence of ours already."""
        dispute = self._ask(lambda: self._v1.disputes.retrieve(dispute_id))
        ours = "evidence" in dispute.metadata and dispute.metadata["evidence"] == reference
        return _state(dispute) if ours and dispute.evidence_details.submission_count else None

    def _listed(self, query: dict[str, object]) -> list[DisputeState]:
        wanted = cast("Any", {**query, "limit": 100})
        found: list[DisputeState] = self._ask(
            lambda: [_state(each) for each in self._v1.disputes.list(wanted).auto_paging_iter()]
        )
        return found


def _state(dispute: stripe.Dispute) -> DisputeState:
    """Sums in the currency of the payment. Where Stripe books in another one, the whole of the dispute counts."""
    amount = Money(dispute.amount, dispute.currency.upper())
    booked = dispute.balance_transactions
    due_by = dispute.evidence_details.due_by
    return DisputeState(
        id=dispute.id,
        status=DisputeStatus(dispute.status),
        reason=dispute.reason,
        payment_intent=_id_of(dispute.payment_intent),
        amount=amount,
        taken=_sum(amount, [each for each in booked if each.amount < 0]),
        returned=_sum(amount, [each for each in booked if each.amount > 0]),
        fee=_fee(amount.currency, booked),
        due_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
        submissions=dispute.evidence_details.submission_count,
        created_at=datetime.fromtimestamp(dispute.created, UTC),
        exchanged=moved_elsewhere(amount, booked),
    )


def _sum(amount: Money, booked: list[stripe.BalanceTransaction]) -> Money:
    if all(each.currency.upper() == amount.currency for each in booked):
        return Money(sum(abs(each.amount) for each in booked), amount.currency)
    return amount if booked else Money(0, amount.currency)


def _fee(currency: str, booked: Iterable[stripe.BalanceTransaction]) -> Money:
    """In the currency that Stripe pays out in."""
    fees = [Money(each.fee, each.currency.upper()) for each in booked]
    return sum(fees[1:], start=fees[0]) if fees else Money(0, currency)


def _warning(warning: stripe.radar.EarlyFraudWarning) -> WarningState:
    return WarningState(warning.id, _id_of(warning.payment_intent), warning.actionable, warning.fraud_type)


def _id_of(found: object) -> str | None:
    return found.id if isinstance(found, stripe.PaymentIntent) else cast("str | None", found)
