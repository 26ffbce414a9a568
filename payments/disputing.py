"""What banks do: commit, look at Stripe, commit. Events, the sweep, and whoever is about to move money come here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from payments.domain.disputes import DisputeState, DisputeStatus, Standing
from payments.domain.states import RefundStatus
from payments.models.disputes import Dispute
from payments.models.sales import FETCH_NUMBER, Payment, Refund, StripeCommand
from payments.outbox import Outbox
from payments.queries import disputes as dispute_queries
from payments.services.disputes import apply_dispute, apply_warning, left_of
from payments.services.refund import apply_refund
from payments.stripe_api.gateway import StripeGateway, StripeRefused

MAY_HAVE_CHANGED = (RefundStatus.OWED, RefundStatus.SENT, RefundStatus.SUCCEEDED)


class Disputing:
    """Holds no state of its own: a session, a gateway and the time of one request or job."""

    def __init__(self, session: Session, gateway: StripeGateway, now: datetime) -> None:
        self.session, self.gateway, self.now = session, gateway, now

    def look(self, dispute_id: str) -> bool:
        """How it stands at Stripe. False if it is about no payment of ours. Raises GatewayUnavailable."""
        fetch = self._number()
        try:
            theirs = self.gateway.disputes.fetch(dispute_id)
        except StripeRefused:
            return False
        return self._learnt(theirs, fetch)

    def look_at_warning(self, warning_id: str) -> bool:
        """All that is left goes back at once. False if it is about no payment of ours. Raises GatewayUnavailable."""
        try:
            theirs = self.gateway.disputes.fetch_warning(warning_id)
        except StripeRefused:
            return False
        payment_id = self._payment_of(theirs.payment_intent)
        if payment_id is None:
            return False
        apply_warning(self.session, payment_id, theirs, now=self.now)
        self.session.commit()
        return True

    def hand_in(self, dispute_id: str) -> None:
        """The evidence that is stored, once in effect however often it is called. Raises GatewayUnavailable."""
        row = self.session.execute(
            select(Dispute.evidence_command_id, StripeCommand.business_key)
            .join(StripeCommand, StripeCommand.id == Dispute.evidence_command_id)
            .where(Dispute.stripe_dispute_id == dispute_id)
        ).one_or_none()
        self.session.commit()
        if row is None or row.evidence_command_id is None:
            return
        fetch = self._number()
        state = Outbox(self.session, self.now).perform(
            row.evidence_command_id,
            send=lambda params, key: self.gateway.disputes.hand_in(dispute_id, params, key),
            look_up=lambda: self.gateway.disputes.handed_in(dispute_id, row.business_key),
        )
        if state is not None:
            self.learn([state], fetch)

    def standing(self, payment_intent: str) -> Standing:
        """How a payment stands at Stripe before something is done with it; what is new of its disputes is learnt."""
        fetch = self._number()
        found = self.gateway.disputes.standing(payment_intent)
        self.learn(found.disputes, fetch)
        return found

    def learn(self, disputes: Iterable[DisputeState], fetch: int) -> int:
        """How many of them are about payments of ours."""
        return sum(self._learnt(theirs, fetch) for theirs in disputes)

    def _learnt(self, theirs: DisputeState, fetch: int) -> bool:
        payment_id = self._payment_of(theirs.payment_intent)
        if payment_id is None:
            return False
        if theirs.status is DisputeStatus.LOST:
            self._look_at_refunds(payment_id, fetch)
        apply_dispute(self.session, payment_id, theirs, fetch=fetch, now=self.now)
        self.session.commit()
        return True

    def _look_at_refunds(self, payment_id: int, fetch: int) -> None:
        """Of which no answer came may have been made before the dispute began. What was made may have been sent back
        since: then the dispute is about that too, and covers it."""
        asked = (
            select(Refund.id, Refund.stripe_refund_id, Payment.stripe_payment_intent_id, StripeCommand.business_key)
            .join(Payment, Payment.id == Refund.payment_id)
            .join(StripeCommand, StripeCommand.id == Refund.command_id)
            .where(Refund.payment_id == payment_id)
            .where(Refund.status.in_(MAY_HAVE_CHANGED), StripeCommand.first_sent_at.is_not(None))
        )
        rows = self.session.execute(asked).all()
        self.session.commit()
        for refund_id, made_as, intent, reference in rows:
            found = self.gateway.fetch_refund(made_as) if made_as else self.gateway.find_refund(str(intent), reference)
            if found is not None:
                apply_refund(self.session, refund_id, found, fetch=fetch, now=self.now)
                self.session.commit()

    def is_ours(self, payment_intent: str | None) -> bool:
        return self._payment_of(payment_intent) is not None

    def is_something_left(self, payment_intent: str | None) -> bool:
        """Whether a payment of ours has anything that neither went back nor is owed."""
        payment_id = self._payment_of(payment_intent)
        left = payment_id is not None and left_of(self.session, self.session.get_one(Payment, payment_id)).minor > 0
        self.session.commit()
        return left

    def _payment_of(self, payment_intent: str | None) -> int | None:
        payment_id = dispute_queries.payment_of_intent(self.session, payment_intent or "")
        self.session.commit()
        return payment_id

    def _number(self) -> int:
        number: int = self.session.scalar(FETCH_NUMBER)
        self.session.commit()
        return number
