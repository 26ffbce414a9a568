"""Stripe in plain Python, as far as the site's decisions depend on it: sessions, refunds, keys, and what goes wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar, cast

from payments.domain.checkout import CheckoutState
from payments.domain.refunds import RefundState

KEPT = timedelta(hours=24)
LEAST = timedelta(minutes=30)


class Unavailable(Exception):
    """No answer: it may have been done or not."""


class Broke(Unavailable):
    """A 500, which is this key's answer from now on."""


class Refused(Exception):
    """Understood, and no."""


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


Seen = TypeVar("Seen", CheckoutState, RefundState)


@dataclass
class ModelStripe:
    now: datetime
    sessions: dict[str, Theirs] = field(default_factory=dict)
    refunds: dict[str, TheirRefund] = field(default_factory=dict)
    answers: dict[str, tuple[datetime, object, CheckoutState | RefundState | Broke]] = field(default_factory=dict)
    refund_plans: list[str] = field(default_factory=list)
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
            given = sum(each.amount for each in self.refunds.values() if each.session == session and is_given(each))
            theirs = self.sessions[session]
            if given + amount > theirs.amount - theirs.discount:
                raise Refused("more than was paid")
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
            answer = cast("Seen | Broke", known[2])
        else:
            answer = Broke() if fault == "500_before" else make()
            answer = Broke() if fault == "500_after" else answer
            self.answers[key] = (self.now, params, answer)
        if fault == "cut_after":
            raise Unavailable
        if isinstance(answer, Broke):
            raise Broke
        return answer

    def _may_fail(self, kinds: tuple[str, ...]) -> str | None:
        """The next fault, if it is of these kinds; silence is raised here."""
        if not self.faults or self.faults[-1] not in kinds:
            return None
        fault = self.faults.pop()
        if fault == "silence":
            raise Unavailable
        return fault


def is_given(refund: TheirRefund) -> bool:
    return refund.status in {"succeeded", "pending"}
