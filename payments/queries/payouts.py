"""Reads of mentors' accounts at Stripe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from payments.domain.payouts import (
    LOOK_AGAIN_AFTER,
    LOOK_AGAIN_WHEN_READY,
    Standing,
    Transfers,
    Want,
    standing,
    wants_of,
)
from payments.domain.states import CommandStatus
from payments.models.payouts import PayoutAccount
from payments.models.sales import StripeCommand


@dataclass(frozen=True, slots=True)
class Payouts:
    """How far a mentor is. `refused`: Stripe's words for why it makes no account, if it refused to."""

    standing: Standing
    wants: list[Want]
    refused: str | None


@dataclass(frozen=True, slots=True)
class AccountRow:
    mentor_id: int
    stripe_account_id: str | None
    transfers: Transfers
    command_id: int | None
    reference: str | None
    refused: str | None


def payouts_of(session: Session, mentor_id: int) -> Payouts:
    row = account_row(session, mentor_id)
    if row is None:
        return Payouts(Standing.NOT_BEGUN, [], None)
    wants = session.scalar(select(PayoutAccount.wants).where(PayoutAccount.mentor_id == mentor_id)) or []
    stands = standing(row.transfers, is_made=row.stripe_account_id is not None, wants=bool(wants))
    return Payouts(stands, wants_of(wants), row.refused)


def account_row(session: Session, mentor_id: int) -> AccountRow | None:
    return next(iter(_rows(session, PayoutAccount.mentor_id == mentor_id)), None)


def account_rows(session: Session) -> list[AccountRow]:
    return _rows(session, PayoutAccount.mentor_id.is_not(None))


def mentor_of_account(session: Session, account_id: str) -> int | None:
    return session.scalar(select(PayoutAccount.mentor_id).where(PayoutAccount.stripe_account_id == account_id))


def mentor_of_reference(session: Session, reference: str) -> int | None:
    """Whose account was asked for with it."""
    statement = select(PayoutAccount.mentor_id).join(StripeCommand, StripeCommand.id == PayoutAccount.command_id)
    return session.scalar(statement.where(StripeCommand.business_key == reference))


def accounts_to_look_at(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Mentors of whose accounts Stripe has told nothing for a while; not those that it refused to make."""
    ready = PayoutAccount.transfers == Transfers.ACTIVE
    due = or_(
        ready & (PayoutAccount.looked_at <= now - LOOK_AGAIN_WHEN_READY),
        ~ready & (PayoutAccount.looked_at <= now - LOOK_AGAIN_AFTER),
    )
    refused = PayoutAccount.stripe_account_id.is_(None) & (StripeCommand.status == CommandStatus.REFUSED)
    statement = select(PayoutAccount.mentor_id).outerjoin(StripeCommand, StripeCommand.id == PayoutAccount.command_id)
    found = statement.where(due, refused.is_not(True)).order_by(PayoutAccount.looked_at).limit(limit)
    return list(session.scalars(found))


def _rows(session: Session, which: object) -> list[AccountRow]:
    statement = (
        select(PayoutAccount, StripeCommand.business_key, StripeCommand.status, StripeCommand.error)
        .outerjoin(StripeCommand, StripeCommand.id == PayoutAccount.command_id)
        .where(which)  # type: ignore[arg-type]
        .order_by(PayoutAccount.mentor_id)
        .execution_options(populate_existing=True)
    )
    return [
        AccountRow(
            account.mentor_id,
            account.stripe_account_id,
            Transfers(account.transfers),
            account.command_id,
            reference,
            (error or "refused") if status == CommandStatus.REFUSED and account.stripe_account_id is None else None,
        )
        for account, reference, status, error in session.execute(statement)
    ]
