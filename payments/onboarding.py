"""A mentor's way to being paid: commit, call Stripe, commit. Pages, events and the sweep all go through here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict
from payments.domain.payouts import AccountState, Transfers
from payments.models.sales import FETCH_NUMBER
from payments.outbox import Outbox
from payments.queries import payouts as payout_queries
from payments.services.payouts import apply_account, note_look, want_account
from payments.stripe_api.gateway import StripeGateway, StripeRefused


class NoAccountYet(Conflict):
    """Stripe has made no account for the mentor: it refused to, or has not answered."""


class Onboarding:
    """Holds no state of its own: a session, a gateway and the time of one request or job."""

    def __init__(self, session: Session, gateway: StripeGateway, now: datetime) -> None:
        self.session, self.gateway, self.now = session, gateway, now

    def begin(self, mentor_id: int) -> None:
        """See to it that Stripe knows the mentor; a second press finds the same account.

        Raises NotFound, GatewayUnavailable.
        """
        account = want_account(self.session, mentor_id, now=self.now)
        is_made = account.stripe_account_id is not None
        self.session.commit()
        if not is_made:
            self.look(mentor_id)

    def link(self, mentor_id: int, *, refresh_url: str, return_url: str) -> str:
        """A fresh address of Stripe's page, good for one visit. Raises NoAccountYet, GatewayUnavailable."""
        row = payout_queries.account_row(self.session, mentor_id)
        self.session.commit()
        if row is None or row.stripe_account_id is None:
            raise NoAccountYet("Stripe has not made an account for you yet. Nothing is lost; please try again.")
        try:
            return self.gateway.accounts.link(row.stripe_account_id, refresh_url=refresh_url, return_url=return_url)
        except StripeRefused as refused:
            raise NoAccountYet("Stripe does not open its page for this account. Please write to us.") from refused

    def look(self, mentor_id: int) -> None:
        """How the account stands at Stripe, made if it was not; nothing for who has none. Raises GatewayUnavailable."""
        row = payout_queries.account_row(self.session, mentor_id)
        if row is None:
            self.session.commit()
            return
        note_look(self.session, mentor_id, now=self.now)
        fetch: int = self.session.scalar(FETCH_NUMBER)
        self.session.commit()
        state = self._made(row) if row.stripe_account_id is None else self._fetched(row.stripe_account_id)
        if state is not None:
            apply_account(self.session, mentor_id, state, fetch=fetch, now=self.now)
            self.session.commit()

    def look_at_account(self, account_id: str) -> bool:
        """By Stripe's id. False if the account is none of ours."""
        mentor_id = payout_queries.mentor_of_account(self.session, account_id)
        self.session.commit()
        if mentor_id is None:
            # Its creation was answered, but our process died before the id was stored.
            mentor_id = self._of_lost(account_id)
        if mentor_id is None:
            return False
        self.look(mentor_id)
        return True

    def _of_lost(self, account_id: str) -> int | None:
        try:
            state = self.gateway.accounts.fetch(account_id)
        except StripeRefused:
            return None
        mentor_id = payout_queries.mentor_of_reference(self.session, state.reference or "")
        self.session.commit()
        return mentor_id

    def _made(self, row: payout_queries.AccountRow) -> AccountState | None:
        """None if Stripe refuses to make it."""
        command_id, reference = row.command_id, row.reference or ""
        assert command_id is not None, "constraint made_or_to_be_made"
        return Outbox(self.session, self.now).perform(
            command_id,
            send=self.gateway.accounts.create,
            look_up=lambda: self.gateway.accounts.find(reference),
        )

    def _fetched(self, account_id: str) -> AccountState:
        try:
            return self.gateway.accounts.fetch(account_id)
        except StripeRefused:
            return AccountState(account_id, Transfers.GONE)
