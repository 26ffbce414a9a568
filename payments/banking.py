"""What becomes of mentors' money after it was transferred: commit, ask Stripe what it has paid out to their banks,
commit. The sweep, events and reconciling come here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from payments.models.sales import FETCH_NUMBER
from payments.queries.bank_payouts import look_from
from payments.queries.payouts import account_row, mentor_of_account
from payments.services.bank_payouts import keep_bank_payouts, note_bank_look
from payments.stripe_api.gateway import StripeGateway, StripeRefused


class Banking:
    """Holds no state of its own: a session, a gateway and the time of one request or job."""

    def __init__(self, session: Session, gateway: StripeGateway, now: datetime) -> None:
        self.session, self.gateway, self.now = session, gateway, now

    def look(self, mentor_id: int) -> None:
        """At what may be new or other; nothing for who has no account, or one that Stripe does not know any more.

        Raises GatewayUnavailable.
        """
        row, since = account_row(self.session, mentor_id), look_from(self.session, mentor_id, self.now)
        note_bank_look(self.session, mentor_id, now=self.now)
        fetch: int = self.session.scalar(FETCH_NUMBER)
        self.session.commit()
        if row is None or row.stripe_account_id is None:
            return
        try:
            found = self.gateway.bank_payouts.of(row.stripe_account_id, since)
        except StripeRefused:
            return
        keep_bank_payouts(self.session, mentor_id, found, fetch=fetch, now=self.now)
        self.session.commit()

    def look_at_account(self, account_id: str) -> None:
        """By Stripe's id; nothing if the account is none of ours. Raises GatewayUnavailable."""
        mentor_id = mentor_of_account(self.session, account_id)
        self.session.commit()
        if mentor_id is not None:
            self.look(mentor_id)
