"""A mentor's account at Stripe: wanted once, and kept as Stripe says that it is (rule events_once).

The rows only; `payments/onboarding.py` speaks to Stripe in between.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.services.notify import reach_applicant_at
from marketplace.accounts.models import User
from marketplace.core import mail
from marketplace.core.db import Json
from marketplace.core.ids import public_id
from marketplace.mentors.models import Mentor
from marketplace.mentors.services.rows import locked_mentor
from payments.domain.payouts import AccountState, Transfers
from payments.domain.states import CommandStatus
from payments.models.payouts import PayoutAccount
from payments.models.sales import StripeCommand
from payments.services.commands import want

_FRESH = {"populate_existing": True}


def want_account(session: Session, mentor_id: int, *, now: datetime) -> PayoutAccount:
    """One for a mentor, however often it is asked for; what Stripe refused is asked for anew. Raises NotFound."""
    mentor = locked_mentor(session, mentor_id)
    account = _account(session, mentor_id)
    if account is not None and not _is_refused(session, account):
        return account
    reference = f"account-{public_id()}"
    params = account_params(mentor, session.get_one(User, mentor_id), reference)
    command_id = want(session, "account", reference, params, now=now)
    if account is None:
        account = PayoutAccount(mentor_id=mentor_id, created_at=now, looked_at=now)
        session.add(account)
    account.command_id = command_id
    session.flush()
    return account


def account_params(mentor: Mentor, user: User, reference: str) -> Json:
    """Of a recipient, who only gets money; being a seller too would ask far more of them. What such an account costs,
    and what it may lose, is the site's."""
    identity = {"identity": {"country": mentor.country}} if mentor.country else {}
    return {
        "configuration": {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}},
        "contact_email": user.email,
        "dashboard": "express",
        "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
        "display_name": user.name,
        **identity,
        "include": ["configuration.recipient", "requirements"],
        "metadata": {"mentor": reference},
    }


def apply_account(session: Session, mentor_id: int, state: AccountState, *, fetch: int, now: datetime) -> None:
    """Unless a fetch that began later was applied. The mentor is told when money can reach them, and when no more."""
    locked_mentor(session, mentor_id)
    account = _account(session, mentor_id)
    if account is None or account.last_fetch > fetch:
        return
    was, account.last_fetch = Transfers(account.transfers), fetch
    account.stripe_account_id = state.id
    account.transfers, account.wants = state.transfers, list(state.wants)
    account.looked_at = max(account.looked_at, now)
    session.flush()
    ready = state.transfers is Transfers.ACTIVE
    if ready is not (was is Transfers.ACTIVE):
        _tell(session, account, ready=ready, now=now)


def note_look(session: Session, mentor_id: int, *, now: datetime) -> None:
    """Before Stripe is asked: if it stays silent, it is not asked again at once."""
    locked_mentor(session, mentor_id)
    account = _account(session, mentor_id)
    if account is not None:
        account.looked_at = max(account.looked_at, now)
        session.flush()


def _tell(session: Session, account: PayoutAccount, *, ready: bool, now: datetime) -> None:
    mail.post(
        session,
        "payments:payouts",
        key=f"{account.mentor_id}-{account.last_fetch}",
        user_id=account.mentor_id,
        now=now,
        due_at=reach_applicant_at(session, account.mentor_id, now=now),
        ready=ready,
    )


def _account(session: Session, mentor_id: int) -> PayoutAccount | None:
    """Under the mentor's lock, read again after it."""
    statement = select(PayoutAccount).where(PayoutAccount.mentor_id == mentor_id)
    return session.scalar(statement, execution_options=_FRESH)


def _is_refused(session: Session, account: PayoutAccount) -> bool:
    """Never made: there is nothing at Stripe that a new one would stand beside."""
    if account.stripe_account_id is not None:
        return False
    status = session.scalar(select(StripeCommand.status).where(StripeCommand.id == account.command_id))
    return status == CommandStatus.REFUSED
