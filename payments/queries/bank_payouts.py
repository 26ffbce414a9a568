"""Reads of what Stripe has paid out to mentors' banks, and of whom it is to be asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select, true, tuple_
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments.domain.bank_payouts import (
    LOOK_AGAIN_AFTER,
    ON_ITS_WAY,
    WATCHED_FOR,
    AtTheBank,
    BankPayoutStatus,
    at_the_bank,
)
from payments.domain.payouts import Transfers
from payments.domain.states import TransferStatus
from payments.models.bank_payouts import BankPayout
from payments.models.payouts import PayoutAccount, Transfer

SHOWN = 12
OVERLAP = timedelta(days=1)
"""Asked about again: clocks differ, and what Stripe lists may lag behind."""
_FRESH = {"populate_existing": True}
_IS_ON_ITS_WAY = BankPayout.status.in_(ON_ITS_WAY)
_OF_THEM = PayoutAccount.mentor_id


def newest(session: Session, mentor_id: int) -> list[BankPayout]:
    """Those that a page shows, the newest first."""
    statement = select(BankPayout).where(BankPayout.mentor_id == mentor_id)
    newest_first = statement.order_by(BankPayout.made_at.desc(), BankPayout.stripe_payout_id)
    return list(session.scalars(newest_first.limit(SHOWN)))


def at_bank_of(session: Session, mentor_id: int) -> dict[str, AtTheBank]:
    """By currency, of all that was ever paid out; empty while nothing was."""
    statement = select(BankPayout.status, BankPayout.currency, func.sum(BankPayout.amount_minor))
    rows = session.execute(
        statement.where(BankPayout.mentor_id == mentor_id).group_by(BankPayout.status, BankPayout.currency)
    )
    return at_the_bank((BankPayoutStatus(status), Money(int(minor), currency)) for status, currency, minor in rows)


def sent_back(session: Session, mentor_id: int | None = None) -> list[BankPayout]:
    """What a bank sent back and Stripe has not paid out anew since: the newest of a mentor in a currency. Of every
    mentor with an open account for None."""
    later = aliased(BankPayout)
    paid_anew = select(later.stripe_payout_id).where(
        later.mentor_id == BankPayout.mentor_id,
        later.currency == BankPayout.currency,
        tuple_(later.made_at, later.stripe_payout_id) > tuple_(BankPayout.made_at, BankPayout.stripe_payout_id),
        later.status != BankPayoutStatus.CANCELED,
    )
    statement = (
        select(BankPayout)
        .join(User, User.id == BankPayout.mentor_id)
        .where(true() if mentor_id is None else BankPayout.mentor_id == mentor_id, User.closed_at.is_(None))
        .where(BankPayout.status == BankPayoutStatus.FAILED, ~paid_anew.exists())
        .order_by(BankPayout.made_at, BankPayout.stripe_payout_id)
    )
    return list(session.scalars(statement, execution_options=_FRESH))


def states_of(session: Session, mentor_id: int) -> dict[str, BankPayoutStatus]:
    """Of each by Stripe's id."""
    rows = session.execute(
        select(BankPayout.stripe_payout_id, BankPayout.status).where(BankPayout.mentor_id == mentor_id)
    )
    return {stripe_id: BankPayoutStatus(status) for stripe_id, status in rows}


def look_from(session: Session, mentor_id: int, now: datetime) -> datetime | None:
    """Since when payouts are asked about: all that may have changed, and all that may be new. None while none is known:
    then every one is new."""
    made = func.max(BankPayout.made_at), func.min(BankPayout.made_at).filter(_IS_ON_ITS_WAY)
    last, unfinished = session.execute(select(*made).where(BankPayout.mentor_id == mentor_id)).one()
    return None if last is None else min(now - WATCHED_FOR, last - OVERLAP, unfinished or last)


def mentors_to_look_at(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """To whom something was transferred, or paid out, not long ago, or has been on its way since; each every few hours
    at most."""
    lately = now - WATCHED_FOR
    sent = select(Transfer.id).where(
        Transfer.mentor_id == _OF_THEM, Transfer.status == TransferStatus.SENT, Transfer.sent_at > lately
    )
    moved = select(BankPayout.stripe_payout_id).where(
        BankPayout.mentor_id == _OF_THEM, _IS_ON_ITS_WAY | (BankPayout.made_at > lately)
    )
    due = or_(PayoutAccount.bank_looked_at.is_(None), PayoutAccount.bank_looked_at <= now - LOOK_AGAIN_AFTER)
    statement = _reachable().where(due, or_(sent.exists(), moved.exists()))
    return list(session.scalars(statement.order_by(PayoutAccount.bank_looked_at.nulls_first(), _OF_THEM).limit(limit)))


def mentors_ever_paid(session: Session) -> list[int]:
    """To whom something was transferred at some time."""
    sent = select(Transfer.id).where(Transfer.mentor_id == _OF_THEM, Transfer.status == TransferStatus.SENT)
    return list(session.scalars(_reachable().where(sent.exists()).order_by(_OF_THEM)))


def _reachable() -> Select[int]:
    """Whose account Stripe has, and who still reads what becomes of it."""
    known = PayoutAccount.stripe_account_id.is_not(None) & (PayoutAccount.transfers != Transfers.GONE)
    return select(_OF_THEM).join(User, User.id == _OF_THEM).where(known, User.closed_at.is_(None))
