"""Stripe in plain Python, as far as the site's decisions depend on it: sessions, refunds, transfers, what banks do,
keys, and what goes wrong."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar, cast

from marketplace.core.money import Money
from payments.domain.checkout import CheckoutState
from payments.domain.disputes import DisputeState, DisputeStatus, Standing
from payments.domain.refunds import RefundState
from payments.domain.transfers import ReversalState, TransferState

KEPT = timedelta(hours=24)
LEAST = timedelta(minutes=30)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Unavailable(Exception):
    """No answer: it may have been done or not."""


class Broke(Unavailable):
    """A 500, which is this key's answer from now on."""


class Refused(Exception):
    """Understood, and no."""


class KeptRefusal(Refused):
    """No, and this key's answer from now on."""


@dataclass
class Theirs:
    """A Checkout Session; `intent` is the payment intent's status."""

    id: str
    payment: str
    purchase: int
    amount: int
    expires_at: datetime
    status: str = "open"
    payment_status: str = "unpaid"
    intent: str = ""
    discount: int = 0
    is_exchanged: bool = False
    """It is settled in another currency, and nothing can be transferred out of it."""

    def seen(self) -> CheckoutState:
        return CheckoutState(
            id=self.id,
            status=self.status,
            payment_status=self.payment_status,
            amount_total=self.amount - self.discount,
            amount_discount=self.discount,
            amount_tax=0,
            currency="EUR",
            expires_at=self.expires_at,
            payment_intent=f"pi_{self.id}",
            payment_intent_status=self.intent,
            payment=self.payment,
        )


@dataclass
class TheirRefund:
    id: str
    session: str
    reference: str
    amount: int
    status: str

    def seen(self) -> RefundState:
        return RefundState(self.id, self.status, self.amount, "EUR")


@dataclass
class TheirDispute:
    id: str
    session: str
    amount: int
    status: DisputeStatus
    was_taken: bool = False

    def seen(self) -> DisputeState:
        nothing, all_of_it = Money(0, "EUR"), Money(self.amount, "EUR")
        return DisputeState(
            id=self.id,
            status=self.status,
            reason="fraudulent",
            payment_intent=f"pi_{self.session}",
            amount=all_of_it,
            taken=all_of_it if self.was_taken else nothing,
            returned=all_of_it if self.status is DisputeStatus.WON else nothing,
            fee=nothing,
            due_by=None,
            submissions=0,
            created_at=LONG_AGO,
        )


@dataclass
class TheirTransfer:
    id: str
    mentor: int
    reference: str
    amount: int
    reversed: int = 0

    def seen(self) -> TransferState:
        sums = Money(self.amount, "EUR"), Money(self.reversed, "EUR")
        return TransferState(self.id, *sums, f"acct_{self.mentor}", self.reference)


MAY_BECOME = {
    DisputeStatus.WARNING_NEEDS_RESPONSE: {DisputeStatus.WARNING_CLOSED, DisputeStatus.NEEDS_RESPONSE},
    DisputeStatus.NEEDS_RESPONSE: {DisputeStatus.WON, DisputeStatus.LOST},
    DisputeStatus.LOST: {DisputeStatus.WON},
}
Seen = TypeVar("Seen", CheckoutState, RefundState, TransferState, ReversalState)


@dataclass
class ModelStripe:
    now: datetime
    sessions: dict[str, Theirs] = field(default_factory=dict)
    refunds: dict[str, TheirRefund] = field(default_factory=dict)
    disputes: dict[str, TheirDispute] = field(default_factory=dict)
    transfers: dict[str, TheirTransfer] = field(default_factory=dict)
    reversals: dict[str, ReversalState] = field(default_factory=dict)
    """By our reference."""
    paid_out: Counter[int] = field(default_factory=Counter)
    """By mentor: what has left their balance for their bank."""
    unpayable: set[int] = field(default_factory=set)
    answers: dict[str, tuple[datetime, object, object]] = field(default_factory=dict)
    refund_plans: list[str] = field(default_factory=list)
    exchanges_next: bool = False
    faults: list[str] = field(default_factory=list)
    """What the next requests meet: `silence`, `cut_after`, `500_before`, `500_after`."""
    misused: list[str] = field(default_factory=list)

    def create_checkout(
        self, key: str, payment: str, purchase: int, amount: int, expires_at: datetime
    ) -> CheckoutState:
        def make() -> CheckoutState:
            if expires_at < self.now + LEAST:
                raise Refused("expires_at is too near")
            made = Theirs(f"cs_{len(self.sessions)}", payment, purchase, amount, expires_at)
            self.sessions[made.id] = made
            return made.seen()

        return self._once(key, (payment, purchase, amount, expires_at), make)

    def create_refund(self, key: str, session: str, reference: str, amount: int) -> RefundState:
        def make() -> RefundState:
            if self.standing(session).is_charged_back:
                raise KeptRefusal("charge_disputed")
            if amount > self.standing(session).left.minor:
                raise KeptRefusal("more than is left")
            status = self.refund_plans.pop() if self.refund_plans else "succeeded"
            made = TheirRefund(f"re_{len(self.refunds)}", session, reference, amount, status)
            self.refunds[made.id] = made
            return made.seen()

        return self._once(key, (session, reference, amount), make)

    def fetch(self, session_id: str) -> CheckoutState:
        self._may_fail(("silence",))
        return self._aged(self.sessions[session_id]).seen()

    def fetch_refund(self, refund_id: str) -> RefundState:
        self._may_fail(("silence",))
        return self.refunds[refund_id].seen()

    def expire(self, session_id: str) -> CheckoutState:
        """As the gateway tells it: the state afterwards, whatever it is."""
        fault = self._may_fail(("silence", "cut_after"))
        theirs = self._aged(self.sessions[session_id])
        if theirs.status == "open":
            theirs.status = "expired"
        if fault:
            raise Unavailable
        return theirs.seen()

    def find(self, payment: str) -> CheckoutState | None:
        self._may_fail(("silence",))
        found = [self._aged(each).seen() for each in self.sessions.values() if each.payment == payment]
        return found[-1] if found else None

    def find_refund(self, reference: str) -> RefundState | None:
        self._may_fail(("silence",))
        found = [each.seen() for each in self.refunds.values() if each.reference == reference]
        return found[-1] if found else None

    def is_exchanged(self, session: str) -> bool:
        self._may_fail(("silence",))
        return self.sessions[session].is_exchanged

    def transfer(self, key: str, reference: str, mentor: int, amount: int, source: str | None) -> TransferState:
        def make() -> TransferState:
            if mentor in self.unpayable:
                raise KeptRefusal("insufficient_capabilities_for_transfer")
            if source is not None and self.sessions[source].is_exchanged:
                raise KeptRefusal("the balance transaction has another currency")
            made = TheirTransfer(f"tr_{len(self.transfers)}", mentor, reference, amount)
            self.transfers[made.id] = made
            return made.seen()

        return self._once(key, (reference, mentor, amount, source), make)

    def reverse(self, key: str, transfer: str, reference: str, amount: int) -> ReversalState:
        def make() -> ReversalState:
            theirs = self.transfers[transfer]
            if amount > min(theirs.amount - theirs.reversed, self.on_balance(theirs.mentor)):
                raise KeptRefusal("balance_insufficient")
            theirs.reversed += amount
            self.reversals[reference] = ReversalState(f"trr_{len(self.reversals)}", Money(amount, "EUR"))
            return self.reversals[reference]

        return self._once(key, (transfer, reference, amount), make)

    def find_transfer(self, reference: str) -> TransferState | None:
        self._may_fail(("silence",))
        return next((each.seen() for each in self.transfers.values() if each.reference == reference), None)

    def find_reversal(self, reference: str) -> ReversalState | None:
        self._may_fail(("silence",))
        return self.reversals.get(reference)

    def can_be_paid(self, mentor: int) -> bool:
        self._may_fail(("silence",))
        return mentor not in self.unpayable

    def on_balance(self, mentor: int) -> int:
        return self.has(mentor) - self.paid_out[mentor]

    def has(self, mentor: int) -> int:
        """What a mentor was sent and was not taken back."""
        return sum(each.amount - each.reversed for each in self.transfers.values() if each.mentor == mentor)

    def ask_standing(self, session: str) -> Standing:
        self._may_fail(("silence",))
        return self.standing(session)

    def standing(self, session: str) -> Standing:
        """Of what a bank has taken nothing is left to refund, until it is given back."""
        theirs = self.sessions[session]
        back = sum(each.amount for each in self.refunds.values() if each.session == session and is_given(each))
        disputes = tuple(each.seen() for each in self.disputes.values() if each.session == session)
        taken = sum(each.taken.minor - each.returned.minor for each in disputes)
        return Standing(Money(theirs.amount - theirs.discount - back - taken, "EUR"), disputes)

    def fetch_dispute(self, dispute_id: str) -> DisputeState:
        self._may_fail(("silence",))
        return self.disputes[dispute_id].seen()

    def dispute(self, session: str, *, inquiry: bool) -> None:
        """A bank takes what is left of a payment, or asks about it first; one dispute of a payment."""
        left, known = self.standing(session).left.minor, [each.session for each in self.disputes.values()]
        if left > 0 and session not in known:
            status = DisputeStatus.WARNING_NEEDS_RESPONSE if inquiry else DisputeStatus.NEEDS_RESPONSE
            made = TheirDispute(f"dp_{len(self.disputes)}", session, left, status, was_taken=not inquiry)
            self.disputes[made.id] = made

    def decide(self, dispute: TheirDispute, status: DisputeStatus) -> None:
        """What was lost may still be given back; what was asked about is closed, or taken after all."""
        if status not in MAY_BECOME.get(dispute.status, set()):
            return
        if status is DisputeStatus.NEEDS_RESPONSE and self.standing(dispute.session).left.minor < dispute.amount:
            return
        dispute.status, dispute.was_taken = status, dispute.was_taken or status is DisputeStatus.NEEDS_RESPONSE

    def is_payable(self, theirs: Theirs) -> bool:
        return self._aged(theirs).status == "open"

    def _aged(self, theirs: Theirs) -> Theirs:
        if theirs.status == "open" and theirs.expires_at <= self.now:
            theirs.status = "expired"
        return theirs

    def _once(self, key: str, params: object, make: Callable[[], Seen]) -> Seen:
        fault = self._may_fail(("silence", "cut_after", "500_before", "500_after"))
        known = self.answers.get(key)
        if known is not None and self.now - known[0] < KEPT:
            if known[1] != params:
                self.misused.append(key)
            answer = known[2]
        else:
            answer = Broke() if fault == "500_before" else _made(make)
            answer = Broke() if fault == "500_after" else answer
            self.answers[key] = (self.now, params, answer)
        if fault == "cut_after":
            raise Unavailable
        if isinstance(answer, Broke | KeptRefusal):
            raise type(answer)(*answer.args)
        return cast("Seen", answer)

    def _may_fail(self, kinds: tuple[str, ...]) -> str | None:
        """The next fault, if it is of these kinds; silence is raised here."""
        if not self.faults or self.faults[-1] not in kinds:
            return None
        fault = self.faults.pop()
        if fault == "silence":
            raise Unavailable
        return fault


def _made(make: Callable[[], Seen]) -> Seen | KeptRefusal:
    try:
        return make()
    except KeptRefusal as refused:
        return refused


def is_given(refund: TheirRefund) -> bool:
    return refund.status in {"succeeded", "pending"}
