"""Paying mentors: commit, call Stripe, commit. A transfer draws on the charge that the mentee paid, so it never waits
for the balance, and never takes from another's money; only what the site adds to a discounted price comes from its own
balance (docs/adr/0013)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from payments.disputing import Disputing
from payments.domain.payouts import Transfers
from payments.domain.states import TransferStatus
from payments.kept import learn_what_stripe_kept
from payments.models.payouts import Transfer
from payments.models.sales import Payment, StripeCommand
from payments.onboarding import Onboarding
from payments.outbox import Outbox
from payments.queries import payouts as payout_queries
from payments.queries import transfers as transfer_queries
from payments.services.transfers import apply_transfer, ask_again, note_try, owe_transfer
from payments.stripe_api.gateway import StripeGateway


class Paying:
    """Holds no state of its own: a session, a gateway and the time of one request or job."""

    def __init__(self, session: Session, gateway: StripeGateway, now: datetime) -> None:
        self.session, self.gateway, self.now = session, gateway, now

    def pay(self, booking_id: int) -> None:
        """What the mentor has earned by a session, once however often it is called. Raises GatewayUnavailable."""
        transfer = self._owed(booking_id)
        if transfer is None or transfer.status != TransferStatus.OWED:
            return
        note_try(self.session, transfer.id, now=self.now)
        self.session.commit()
        if self._can_be_paid(transfer.mentor_id) and not self._is_disputed(transfer.payment_id):
            self._send(transfer)

    def again(self, booking_id: int) -> None:
        """The same for what Stripe refused: under a new key, for when the reason is gone, and less what is owed now."""
        ask_again(self.session, booking_id, now=self.now)
        self.session.commit()
        self.pay(booking_id)

    def _owed(self, booking_id: int) -> Transfer | None:
        """Stored with its command before Stripe is asked for it, once it is known in which currency Stripe holds what
        was paid: what it has exchanged cannot be drawn on."""
        known = transfer_queries.unsent_of(self.session, booking_id)
        source = transfer_queries.source_of(self.session, booking_id)
        due = transfer_queries.due_of(self.session, booking_id)
        self.session.commit()
        if source is not None and source.waits:
            return None
        if known is not None or source is None or not due:
            return known
        if source.intent and not learn_what_stripe_kept(self.session, self.gateway, source.payment_id, now=self.now):
            return None
        charge = self.gateway.transfers.charge_of(source.intent) if source.intent else None
        if charge is None and source.intent:
            return None
        owed = owe_transfer(self.session, booking_id, charge, now=self.now)
        self.session.commit()
        return owed

    def _can_be_paid(self, mentor_id: int) -> bool:
        """As Stripe says now, whatever our row says."""
        Onboarding(self.session, self.gateway, self.now).look(mentor_id)
        row = payout_queries.account_row(self.session, mentor_id)
        self.session.commit()
        return row is not None and row.transfers is Transfers.ACTIVE

    def _is_disputed(self, payment_id: int) -> bool:
        """As Stripe says now: no transfer leaves while a bank wants the money back."""
        intent = self.session.get_one(Payment, payment_id).stripe_payment_intent_id
        self.session.commit()
        return intent is not None and Disputing(self.session, self.gateway, self.now).standing(intent).is_disputed

    def _send(self, transfer: Transfer) -> None:
        assert transfer.command_id is not None, "it is on its way"
        command = self.session.get_one(StripeCommand, transfer.command_id)
        group, reference = str(command.params["transfer_group"]), command.business_key
        self.session.commit()
        state = Outbox(self.session, self.now).perform(
            command.id,
            send=self.gateway.transfers.create,
            look_up=lambda: self.gateway.transfers.find(group, reference),
        )
        if state is not None:
            apply_transfer(self.session, transfer.id, state, now=self.now)
            self.session.commit()
