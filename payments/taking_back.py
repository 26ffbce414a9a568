"""Money that goes back after settling, and taking back what was transferred of it: commit, call Stripe, commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.db import retry_deadlock
from marketplace.core.money import Money
from payments.domain.states import ReversalStatus
from payments.models.payouts import PayoutAccount, Transfer
from payments.models.returns import TransferReversal
from payments.models.sales import StripeCommand
from payments.outbox import Outbox
from payments.services.commands import is_refused
from payments.services.give_back import Giving, give_back
from payments.services.reversals import apply_reversal, leave_reversal, note_try
from payments.services.rows import being_changed
from payments.stripe_api.gateway import StripeGateway


class TakingBack:
    """Holds no state of its own: a session, a gateway and the time of one request or job."""

    def __init__(self, session: Session, gateway: StripeGateway, now: datetime) -> None:
        self.session, self.gateway, self.now = session, gateway, now

    def give_back(self, booking_id: int, giving: Giving) -> None:
        """Commits; what follows at Stripe is done by jobs. Raises NotToBeGivenBack, TooMuchToGiveBack."""

        def given() -> None:
            give_back(self.session, booking_id, giving, now=self.now)
            self.session.commit()

        retry_deadlock(self.session, given, being_changed)

    def ask(self, reversal_id: int) -> None:
        """Once in effect however often it is called; nothing while the transfer itself is not made. Raises
        GatewayUnavailable."""
        row = self.session.execute(
            select(TransferReversal, Transfer, StripeCommand.business_key, PayoutAccount.stripe_account_id)
            .join(Transfer, Transfer.id == TransferReversal.transfer_id)
            .join(StripeCommand, StripeCommand.id == TransferReversal.command_id)
            .join(PayoutAccount, PayoutAccount.mentor_id == Transfer.mentor_id)
            .where(TransferReversal.id == reversal_id),
            execution_options={"populate_existing": True},
        ).one()
        command_id, sent_as, amount = row.TransferReversal.command_id, row.Transfer.stripe_transfer_id, row[0].amount
        wanted = row.TransferReversal.status == ReversalStatus.OWED and sent_as is not None
        refused_before = is_refused(self.session, command_id)
        self.session.commit()
        if wanted:
            note_try(self.session, reversal_id, now=self.now)
            self.session.commit()
            self._perform(reversal_id, command_id, sent_as, row.business_key)
            if is_refused(self.session, command_id):
                self._leave(reversal_id, row.stripe_account_id, amount, refused_before=refused_before)
            self.session.commit()

    def _perform(self, reversal_id: int, command_id: int, sent_as: str, reference: str) -> None:
        transfers = self.gateway.transfers
        state = Outbox(self.session, self.now).perform(
            command_id,
            send=lambda params, key: transfers.reverse(sent_as, params, key),
            look_up=lambda: transfers.find_reversal(sent_as, reference),
        )
        if state is not None:
            apply_reversal(self.session, reversal_id, state, now=self.now)
            self.session.commit()

    def _leave(self, reversal_id: int, account: str, amount: Money, *, refused_before: bool) -> None:
        """What the balance has of it is asked for anew; all of it only if it was refused a while ago, since then
        there was perhaps less. What is refused although it is there is refused for something else."""
        self.session.commit()
        available = self.gateway.transfers.available(account, amount.currency)
        part = min(available, amount) if refused_before or available < amount else Money(0, amount.currency)
        leave_reversal(self.session, reversal_id, part, now=self.now)
        self.session.commit()
