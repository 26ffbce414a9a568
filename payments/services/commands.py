"""The outbox of commands to Stripe: wanted, begun, answered, or withdrawn before they were sent.

The rows only; the till speaks to Stripe between `begin` and what follows (rule no_remote_call_in_a_transaction).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.core.db import Json
from payments.domain.commands import Approach, approach, next_key
from payments.domain.states import CommandStatus
from payments.models.sales import StripeCommand


@dataclass(frozen=True, slots=True)
class Attempt:
    """What to do now, and with which key and parameters; `again` if that key may have reached Stripe before."""

    how: Approach
    key: str
    params: Json
    again: bool


def want(session: Session, kind: str, business_key: str, params: Json, *, now: datetime) -> int | None:
    """The new command's id; None if it was wanted before."""
    row = {
        "kind": kind,
        "business_key": business_key,
        "idempotency_key": business_key,
        "params": params,
        "created_at": now,
    }
    statement = insert(StripeCommand).values(row).on_conflict_do_nothing(index_elements=["business_key"])
    command_id: int | None = session.scalar(statement.returning(StripeCommand.id))
    return command_id


def free_key(session: Session, first: str) -> str:
    """`first`, or what it is called when that was wanted before. The caller holds the lock of what it is about."""
    asked = select(func.count()).where(
        (StripeCommand.business_key == first) | StripeCommand.business_key.startswith(f"{first}:", autoescape=True)
    )
    count = session.scalar(asked)
    return f"{first}:again-{count}" if count else first


def is_refused(session: Session, command_id: int) -> bool:
    """Read afresh."""
    status = session.scalar(select(StripeCommand.status).where(StripeCommand.id == command_id))
    return status == CommandStatus.REFUSED


def begin(session: Session, command_id: int, *, now: datetime) -> Attempt:
    """From here on the command counts as sent: a process that dies now may or may not have reached Stripe."""
    command = _locked(session, command_id)
    how, again = _approach(command, now), command.first_sent_at is not None
    if how is not Approach.NOTHING:
        command.attempts += 1
    if how is Approach.SEND and command.first_sent_at is None:
        command.first_sent_at = now
    session.flush()
    return Attempt(how, command.idempotency_key, command.params, again)


def approach_of(session: Session, command_id: int, *, now: datetime) -> Approach:
    """What `begin` would say, without beginning."""
    return _approach(session.get_one(StripeCommand, command_id, populate_existing=True), now)


def renew(session: Session, command_id: int, key: str, *, now: datetime) -> Attempt:
    """A new key, after a look-up has shown that `key` brought nothing about. What came of a later one is not known."""
    command = _locked(session, command_id)
    # Else somebody else has just done this, and may have made something since we looked.
    mine = command.idempotency_key == key and _approach(command, now) is Approach.LOOK_UP
    if mine:
        command.idempotency_key = next_key(command.business_key, command.keys_used)
        command.keys_used += 1
        command.first_sent_at, command.spoilt = now, False
    session.flush()
    return Attempt(_approach(command, now), command.idempotency_key, command.params, again=not mine)


def spoil(session: Session, command_id: int, key: str) -> None:
    """Stripe would answer this key with what it has said before: a 500, or a refusal whose reason may be gone."""
    command = _locked(session, command_id)
    if command.idempotency_key == key:
        command.spoilt = True
    session.flush()


def close(session: Session, command_id: int, status: CommandStatus, *, error: str | None = None) -> None:
    command = _locked(session, command_id)
    if command.status == CommandStatus.WAITING:
        command.status, command.error = status, error
    session.flush()


def withdraw(session: Session, command_id: int) -> bool:
    """True if it was never sent, and now never will be."""
    command = _locked(session, command_id)
    if command.first_sent_at is None:
        command.status = CommandStatus.WITHDRAWN
    session.flush()
    return command.status == CommandStatus.WITHDRAWN


def _locked(session: Session, command_id: int) -> StripeCommand:
    statement = select(StripeCommand).where(StripeCommand.id == command_id).with_for_update(key_share=True)
    return session.execute(statement, execution_options={"populate_existing": True}).scalar_one()


def _approach(command: StripeCommand, now: datetime) -> Approach:
    return approach(CommandStatus(command.status), first_sent_at=command.first_sent_at, spoilt=command.spoilt, now=now)
