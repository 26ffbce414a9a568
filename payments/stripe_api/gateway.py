"""The only place that speaks to Stripe, with `stripe_accounts` and `stripe_transfers` for those whom it pays,
`stripe_disputes` for what banks do, and `stripe_events` for what it sends. Values in, values out, and never with a
database transaction open.

What Stripe does not answer in time is GatewayUnavailable: unknown, so the same call with the same key comes again.
What it refuses is StripeRefused: asking the same again would be refused again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import stripe
from stripe import StripeClient
from stripe.checkout import Session as CheckoutSession

from marketplace.core.config import Settings
from marketplace.core.db import Json, assert_no_transaction
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.money import Money
from payments.domain.checkout import CheckoutState
from payments.domain.refunds import BOOKED_FOR_REFUNDS, RefundState
from payments.stripe_api.accounts import StripeAccounts
from payments.stripe_api.balance import StripeBalance
from payments.stripe_api.bank_payouts import StripeBankPayouts
from payments.stripe_api.disputes import StripeDisputes
from payments.stripe_api.events import IncomingEvent, snapshot, verified
from payments.stripe_api.exchanged import moved_elsewhere
from payments.stripe_api.transfers import StripeTransfers

TIMEOUT_SECONDS = 8
RETRIES = 1
CONFLICT, TOO_MANY = 409, 429
_OF_EACH = [f"data.{name}" for name in BOOKED_FOR_REFUNDS]
Answer = TypeVar("Answer")


class StripeRefused(Exception):
    """Stripe understood and said no; `code` is its word for why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class StripeBroke(GatewayUnavailable):
    """Stripe answered 500, and keeps that answer for the key: the same call with the same key would bring it again."""


class StripeDenied(GatewayUnavailable):
    """The key is not valid, or may not do this. To a visitor it is as if Stripe were away; the operator has to act."""


@dataclass(frozen=True, slots=True)
class MadeRefund:
    """A refund at Stripe with what it is for; `reference` is ours, and None for one that was made by hand."""

    state: RefundState
    payment_intent: str | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """A payment as Stripe has booked it: `amount` before its `fee`."""

    amount: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where Stripe sends events, and which; `*` stands for all."""

    url: str
    enabled: bool
    events: frozenset[str]


class StripeGateway:
    def __init__(self, settings: Settings) -> None:
        base = {"api": settings.stripe_api_base} if settings.stripe_api_base else {}
        self._client = StripeClient(
            settings.stripe_secret_key,
            base_addresses=cast("Any", base),
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        )
        self._webhook_secrets = (settings.stripe_webhook_secret, settings.stripe_accounts_webhook_secret)
        self.accounts = StripeAccounts(self._client, self._ask)
        self.disputes = StripeDisputes(self._client, self._ask)
        self.transfers = StripeTransfers(self._client, self._ask)
        self.balance = StripeBalance(self._client, self._ask)
        self.bank_payouts = StripeBankPayouts(self._client, self._ask)
        self.live = settings.stripe_secret_key.startswith(("sk_live_", "rk_live_"))

    def create_checkout(self, params: Json, key: str) -> CheckoutState:
        sessions = self._client.v1.checkout.sessions
        return _checkout(self._ask(lambda: sessions.create(cast("Any", params), {"idempotency_key": key})))

    def fetch_checkout(self, session_id: str) -> CheckoutState:
        sessions = self._client.v1.checkout.sessions
        return _checkout(self._ask(lambda: sessions.retrieve(session_id, {"expand": ["payment_intent"]})))

    def find_checkout(self, payment: str, since: datetime) -> CheckoutState | None:
        """The session made for our payment, if there is one: by creation time, then by metadata."""
        query = {"created": {"gte": int(since.timestamp())}, "limit": 100, "expand": ["data.payment_intent"]}
        sessions = self._client.v1.checkout.sessions

        def search() -> CheckoutSession | None:
            found = sessions.list(cast("Any", query)).auto_paging_iter()
            return next((each for each in found if _metadata(each, "payment") == payment), None)

        session = self._ask(search)
        return None if session is None else _checkout(session)

    def expire_checkout(self, session_id: str) -> CheckoutState:
        """The session's state afterwards: `expired`, or `complete` when the mentee was faster.

        Any other refusal is GatewayUnavailable: the slot is kept, and it is asked again.
        """
        try:
            expired = self._ask(lambda: self._client.v1.checkout.sessions.expire(session_id))
        except StripeRefused as refused:
            state = self.fetch_checkout(session_id)
            if state.status == "open":
                raise unanswered() from refused
            return state
        return _checkout(expired)

    def create_refund(self, params: Json, key: str) -> RefundState:
        refunds = self._client.v1.refunds
        return _refund(self._ask(lambda: refunds.create(cast("Any", params), {"idempotency_key": key})))

    def fetch_refund(self, refund_id: str) -> RefundState:
        expanded = {"expand": list(BOOKED_FOR_REFUNDS)}
        return _refund(self._ask(lambda: self._client.v1.refunds.retrieve(refund_id, cast("Any", expanded))))

    def find_refund(self, payment_intent: str, reference: str) -> RefundState | None:
        """The refund that has our reference in its metadata, if there is one."""

        def search() -> stripe.Refund | None:
            query = {"payment_intent": payment_intent, "limit": 100, "expand": _OF_EACH}
            found = self._client.v1.refunds.list(cast("Any", query)).auto_paging_iter()
            return next((each for each in found if _metadata(each, "refund") == reference), None)

        refund = self._ask(search)
        return None if refund is None else _refund(refund)

    def sessions_since(self, since: datetime) -> list[CheckoutState]:
        """Every Checkout Session made since then, the newest first."""
        query = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        sessions = self._client.v1.checkout.sessions
        return self._ask(lambda: [_checkout(each) for each in sessions.list(cast("Any", query)).auto_paging_iter()])

    def refunds_since(self, since: datetime) -> list[MadeRefund]:
        """Every refund made since then, by us or by hand, the newest first."""
        query = {"created": {"gte": int(since.timestamp())}, "limit": 100, "expand": _OF_EACH}
        refunds = self._client.v1.refunds
        return self._ask(lambda: [_made(each) for each in refunds.list(cast("Any", query)).auto_paging_iter()])

    def undelivered_events(self, since: datetime, types: Sequence[str]) -> list[IncomingEvent]:
        """What Stripe could not tell us of since then, or is about to, the oldest first; 20 types at most."""
        query = {
            "created": {"gte": int(since.timestamp())},
            "types": list(types),
            "delivery_success": False,
            "limit": 100,
        }
        events = self._client.v1.events
        found = self._ask(lambda: list(events.list(cast("Any", query)).auto_paging_iter()))
        return [snapshot(each.to_dict(for_json=True)) for each in reversed(found)]

    def endpoints(self) -> list[Endpoint]:
        """Where this account's events go. Also the cheapest question that needs a valid key."""
        listed = self._client.v1.webhook_endpoints
        found = self._ask(lambda: list(listed.list({"limit": 100}).auto_paging_iter()))
        return [Endpoint(each.url, each.status == "enabled", frozenset(each.enabled_events)) for each in found]

    def collects_tax(self) -> bool:
        """Whether there is a registration that Stripe Tax collects for; without one it collects nothing, silently."""
        registrations = self._client.v1.tax.registrations
        return bool(self._ask(lambda: registrations.list({"status": "active", "limit": 1}).data))

    def fetch_receipt(self, session_id: str) -> str | None:
        """The address of Stripe's invoice, or else of its receipt, of a session that was paid. It is made for each
        visit: Stripe ends it after a while."""
        expanded = {"expand": ["invoice", "payment_intent.latest_charge"]}
        sessions = self._client.v1.checkout.sessions
        session = self._ask(lambda: sessions.retrieve(session_id, cast("Any", expanded)))
        if isinstance(session.invoice, stripe.Invoice) and session.invoice.hosted_invoice_url:
            return session.invoice.hosted_invoice_url
        intent = session.payment_intent
        charge = intent.latest_charge if isinstance(intent, stripe.PaymentIntent) else None
        return charge.receipt_url if isinstance(charge, stripe.Charge) else None

    def fetch_settled(self, payment_intent: str) -> Settled | None:
        """What Stripe holds and what it kept, in the currency that it pays out in; None while it has not booked the
        charge."""
        expanded = {"expand": ["latest_charge.balance_transaction"]}
        intents = self._client.v1.payment_intents
        intent = self._ask(lambda: intents.retrieve(payment_intent, cast("Any", expanded)))
        charge = intent.latest_charge
        booked = charge.balance_transaction if isinstance(charge, stripe.Charge) else None
        if not isinstance(booked, stripe.BalanceTransaction):
            return None
        currency = booked.currency.upper()
        return Settled(Money(booked.amount, currency), Money(booked.fee, currency))

    def settled_currencies(self) -> set[str]:
        """Of the newest hundred payments, as Stripe has booked them."""
        wanted = {"type": "charge", "limit": 100}
        booked = self._client.v1.balance_transactions
        return self._ask(lambda: {each.currency.upper() for each in booked.list(cast("Any", wanted)).data})

    def verify(self, body: bytes, signature: str, now: datetime) -> IncomingEvent:
        """Raises ForgedEvent."""
        return verified(body, signature, self._webhook_secrets, now)

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        assert_no_transaction("Stripe")
        try:
            return call()
        except stripe.StripeError as failure:
            raise _meaning(failure) from failure


def _meaning(failure: stripe.StripeError) -> StripeRefused | GatewayUnavailable:
    """A refusal is final; a conflict (somebody asks with the same key just now), a limit or silence is not."""
    status = failure.http_status or 0
    if isinstance(failure, stripe.AuthenticationError | stripe.PermissionError):
        return StripeDenied("Stripe does not let this site in just now. Nothing is lost; it is tried again.")
    if status >= 500:
        return StripeBroke("Stripe did not answer in time. Nothing is lost; it is tried again.")
    final = isinstance(failure, stripe.InvalidRequestError | stripe.IdempotencyError | stripe.CardError)
    if final and status not in {CONFLICT, TOO_MANY}:
        return StripeRefused(failure.code or "", str(failure.user_message or failure))
    return unanswered()


def unanswered() -> GatewayUnavailable:
    return GatewayUnavailable("Stripe did not answer in time. Nothing is lost; it is tried again.")


def _instant(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def _metadata(found: Any, key: str) -> str | None:
    metadata = getattr(found, "metadata", None)
    return metadata[key] if metadata and key in metadata else None


def _checkout(session: CheckoutSession) -> CheckoutState:
    intent = session.payment_intent
    expanded = intent if isinstance(intent, stripe.PaymentIntent) else None
    details = session.total_details
    return CheckoutState(
        id=session.id,
        status=session.status or "",
        payment_status=session.payment_status,
        amount_total=session.amount_total or 0,
        amount_discount=details.amount_discount if details else 0,
        amount_tax=details.amount_tax if details else 0,
        currency=(session.currency or "").upper(),
        expires_at=_instant(session.expires_at),
        url=session.url,
        payment_intent=expanded.id if expanded else cast("str | None", intent),
        payment_intent_status=expanded.status if expanded else None,
        payment=_metadata(session, "payment"),
    )


def _made(refund: stripe.Refund) -> MadeRefund:
    intent = refund.payment_intent
    intent_id = intent.id if isinstance(intent, stripe.PaymentIntent) else intent
    return MadeRefund(_refund(refund), intent_id, _metadata(refund, "refund"))


def _refund(refund: stripe.Refund) -> RefundState:
    amount = Money(refund.amount, refund.currency.upper())
    booked = [getattr(refund, name, None) for name in BOOKED_FOR_REFUNDS]
    return RefundState(refund.id, refund.status or "", amount.minor, amount.currency, moved_elsewhere(amount, booked))
