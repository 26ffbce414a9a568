"""What the operator reads of shares that do not reach their mentors through Stripe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from payments.domain.states import CommandStatus, TransferStatus
from payments.domain.transfers import net
from payments.models.ledger import LedgerEntry
from payments.models.payouts import Transfer
from payments.models.sales import StripeCommand
from payments.queries.owed import all_nettable, asked_back_of
from payments.queries.transfers import EARNED, IS_SHARE, due

_UNSENT = aliased(Transfer)


@dataclass(frozen=True, slots=True)
class StuckTransfer:
    """`amount` is what the mentor is to have now, `kept` what is kept of it for what they owe; `refused` is Stripe's
    reason, None where the mentor cannot be paid."""

    public_id: str
    title: str
    mentor: str
    email: str
    starts_at: datetime
    amount: Money
    kept: Money
    refused: str | None
    can_be_paid: bool


def _stuck() -> ColumnElement[bool]:
    """No machine brings it to an end: Stripe refuses it, or cannot pay the mentor."""
    refused = StripeCommand.status == CommandStatus.REFUSED
    waits = or_(_UNSENT.id.is_not(None), due() > 0)
    return or_(refused, and_(~Mentor.can_be_paid, waits))


def _joined() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (_UNSENT.booking_id == Booking.id) & (_UNSENT.status == TransferStatus.OWED), (
        StripeCommand.id == _UNSENT.command_id
    )


def stuck_count(session: Session) -> int:
    unsent, command = _joined()
    statement = (
        select(func.count())
        .select_from(EARNED)
        .join(Mentor, Mentor.id == Booking.mentor_id)
        .outerjoin(_UNSENT, unsent)
        .outerjoin(StripeCommand, command)
        .where(IS_SHARE, _stuck())
    )
    return session.scalar(statement) or 0


def stuck_transfers(session: Session, *, offset: int, limit: int) -> list[StuckTransfer]:
    """The oldest first, in a number of statements that does not grow."""
    unsent, command = _joined()
    statement = (
        select(
            Booking,
            User.name,
            User.email,
            Mentor.can_be_paid,
            _UNSENT,
            StripeCommand,
            due().label("due"),
            LedgerEntry.currency,
            asked_back_of(_UNSENT.id).label("asked_back"),
        )
        .select_from(EARNED)
        .join(Mentor, Mentor.id == Booking.mentor_id)
        .join(User, User.id == Mentor.id)
        .outerjoin(_UNSENT, unsent)
        .outerjoin(StripeCommand, command)
        .where(IS_SHARE, _stuck())
        .order_by(Booking.id)
        .offset(offset)
        .limit(limit)
    )
    owed = all_nettable(session)
    return [_line(row, owed[row.Booking.mentor_id, row.currency]) for row in session.execute(statement)]


def _line(row: Any, owed: int) -> StuckTransfer:
    """Of a row of the statement above."""
    unsent, command = row[4], row.StripeCommand
    refused = command is not None and command.status == CommandStatus.REFUSED
    whole = unsent.amount if unsent else Money(int(row.due), row.currency)
    nettable = owed + int(row.asked_back) if refused else owed if unsent is None else 0
    parts = net(whole, Money(nettable, row.currency))
    return StuckTransfer(
        public_id=row.Booking.public_id,
        title=row.Booking.title,
        mentor=row.name,
        email=row.email,
        starts_at=row.Booking.starts_at,
        amount=parts.sent,
        kept=parts.kept,
        refused=(command.error or "refused") if refused else None,
        can_be_paid=row.can_be_paid,
    )
