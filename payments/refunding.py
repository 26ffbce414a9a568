"""Sends a refund, once in effect: never while a bank has the money, nor more than is left of the payment at Stripe."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.core.money import Money
from payments.disputing import Disputing
from payments.domain.commands import Approach
from payments.domain.disputes import Standing
from payments.domain.refunds import RefundState
from payments.domain.states import CommandStatus, RefundStatus
from payments.models.sales import Refund
from payments.outbox import Outbox
from payments.services.commands import approach_of, close
from payments.services.refund import note_look
from payments.stripe_api.gateway import StripeGateway

DISPUTED = "charge_disputed"
"""Stripe's word for a bank that came between our look and its answer, and for one that has the money for good."""


class Refunding:
    """Holds no state of its own: a session, a gateway and the time of one request or job."""

    def __init__(self, session: Session, gateway: StripeGateway, now: datetime) -> None:
        self.session, self.gateway, self.now = session, gateway, now

    def made(self, refund: Refund, intent: str, reference: str) -> RefundState | None:
        """The refund at Stripe; None while it waits, and when Stripe refuses it. Raises GatewayUnavailable."""
        command_id, amount = refund.command_id, refund.amount
        if self._is_to_be_sent(refund) and not self._may_be_sent(refund.id, command_id, amount, intent, reference):
            return None
        return Outbox(self.session, self.now).perform(
            command_id,
            send=self.gateway.create_refund,
            look_up=lambda: self.gateway.find_refund(intent, reference),
            passes=lambda code: code == DISPUTED and self._standing(intent).is_charged_back,
        )

    def _standing(self, intent: str) -> Standing:
        return Disputing(self.session, self.gateway, self.now).standing(intent)

    def _is_to_be_sent(self, refund: Refund) -> bool:
        how = approach_of(self.session, refund.command_id, now=self.now)
        wanted = refund.status == RefundStatus.OWED and how is not Approach.NOTHING
        self.session.commit()
        return wanted

    def _may_be_sent(self, refund_id: int, command_id: int, amount: Money, intent: str, reference: str) -> bool:
        """What Stripe says of the payment at this moment, whatever our rows say."""
        standing = self._standing(intent)
        if standing.is_charged_back:
            note_look(self.session, refund_id, now=self.now)
            self.session.commit()
            return False
        if standing.left >= amount or self.gateway.find_refund(intent, reference) is not None:
            return True
        close(self.session, command_id, CommandStatus.REFUSED, error=TOO_LITTLE)
        self.session.commit()
        return False


TOO_LITTLE = "Less than that is left of the payment at Stripe: a part of it was given back there."
