"""Mail: one outbox row per fact, recipient and sequence, written with the fact and sent after the commit.

A feature registers how its facts are written; writing happens at sending time from the rows as they are then, and a
fact that has become pointless by then is dropped. Sending is at least once; the Message-ID is the row's, so that a
repeated message is recognised as one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

from sqlalchemy import CheckConstraint, ColumnElement, Identity, Index, Select, select, update
from sqlalchemy import text as text_of_sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.core.db import Base, Json
from marketplace.core.jobs import enqueue

LEASE = timedelta(minutes=5)
KEPT_FOR = timedelta(days=540)
"""A card holder may dispute a payment for that long, in some networks."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is to read. `calendar` is an iTIP object, sent as the last part of the alternative."""

    to: str
    subject: str
    text: str
    html: str
    calendar: bytes | None = None
    calendar_method: str = "REQUEST"


class MailRow(Base):
    """`fact` names the writer, `key` the thing it is about, `sequence` which telling of it this is."""

    __tablename__ = "mail_outbox"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    fact: Mapped[str]
    key: Mapped[str]
    user_id: Mapped[int]
    sequence: Mapped[int] = mapped_column(server_default=text_of_sql("0"))
    arguments: Mapped[Json]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(server_default="waiting")
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default=text_of_sql("0"))
    closed_at: Mapped[datetime | None]
    subject: Mapped[str | None]
    """As it went out, of what is kept as a proof, for as long as a bank may ask about it."""
    text: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'sent', 'dropped')", name="mail_status_is_known"),
        CheckConstraint("text IS NULL OR (status = 'sent' AND subject IS NOT NULL)", name="kept_is_what_was_sent"),
        Index("ix_mail_outbox_kept", "closed_at", postgresql_where=text_of_sql("text IS NOT NULL")),
        Index("one_mail_per_fact", "fact", "key", "user_id", "sequence", unique=True),
        Index("ix_mail_outbox_due", "due_at", postgresql_where=text_of_sql("status = 'waiting'")),
    )


Writer = Callable[[Session, MailRow], Letter | None]
WRITERS: dict[str, Writer] = {}


Timer = Callable[[Session, MailRow, datetime], datetime]
TIMERS: dict[str, Timer] = {}


def times(fact: str) -> Callable[[Timer], Timer]:
    """Register when a fact may reach its reader, asked again as it goes out: a worker that was away may come back in
    somebody's quiet time (rule `quiet_hours`)."""

    def register(timer: Timer) -> Timer:
        TIMERS[fact] = timer
        return timer

    return register


def put_off(session: Session, row: MailRow, now: datetime) -> bool:
    """True if the row has to wait for its reader's quiet time to end; then it is due when that ends."""
    timer = TIMERS.get(row.fact)
    at = timer(session, row, now) if timer else now
    if at <= now:
        return False
    row.due_at, row.leased_until = at, None
    session.flush()
    return True


def writes(fact: str) -> Callable[[Writer], Writer]:
    """Register how a fact is put into words. The writer returns None when there is no point in telling any more."""

    def register(writer: Writer) -> Writer:
        WRITERS[fact] = writer
        return writer

    return register


def post(
    session: Session,
    fact: str,
    *,
    key: str,
    user_id: int,
    now: datetime,
    due_at: datetime | None = None,
    sequence: int = 0,
    **arguments: object,
) -> None:
    """Queue a letter in the caller's transaction; a second call for the same telling changes nothing."""
    telling = {"fact": fact, "key": key, "user_id": user_id, "sequence": sequence}
    row = {**telling, "arguments": arguments, "created_at": now, "due_at": due_at or now}
    statement = insert(MailRow).values(row).on_conflict_do_nothing().returning(MailRow.id)
    mail_id = session.execute(statement).scalar_one_or_none()
    if mail_id is not None and (due_at is None or due_at <= now):
        enqueue(session, "core:send_mail", mail_id=mail_id)


KEPT: set[str] = set()


def keeps(*facts: str) -> None:
    """Register letters whose words are kept after they were sent: what was promised and told about what was paid."""
    KEPT.update(facts)


def forget_old_words(session: Session, now: datetime) -> None:
    """Of letters that nobody can ask about any more."""
    _forget(session, MailRow.closed_at < now - KEPT_FOR)


def forget_words_about(session: Session, keys: Select[str]) -> None:
    """Of all letters about these things, to whomever."""
    _forget(session, MailRow.key.in_(keys))


def _forget(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(update(MailRow).where(MailRow.text.is_not(None), which).values(text=None, subject=None))


def due(session: Session, now: datetime, limit: int = 50) -> list[int]:
    waiting = (MailRow.status == "waiting") & (MailRow.due_at <= now)
    free = MailRow.leased_until.is_(None) | (MailRow.leased_until < now)
    return list(session.scalars(select(MailRow.id).where(waiting, free).order_by(MailRow.due_at).limit(limit)))


def claim(session: Session, mail_id: int, now: datetime) -> MailRow | None:
    """Take a waiting row for the time of one sending; None if it is closed, not due, or being sent elsewhere."""
    row = session.scalar(select(MailRow).where(MailRow.id == mail_id).with_for_update(skip_locked=True))
    if row is None or row.status != "waiting" or row.due_at > now or (row.leased_until and row.leased_until > now):
        return None
    row.leased_until = now + LEASE
    row.attempts += 1
    return row


def compose(letter: Letter, *, sender: str, message_id: str, sent_at: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)  # CRLF, also inside the invitation
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Message-ID"], message["Date"] = message_id, sent_at
    message["Auto-Submitted"] = "auto-generated"
    # smtplib does not ask whether the server takes 8 bits, so nothing of ours needs them.
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.calendar is not None:
        # base64 keeps the bytes exactly; quoted-printable changed line ends.
        message.add_alternative(
            letter.calendar.decode(),
            subtype="calendar",
            params={"method": letter.calendar_method, "name": "invite.ics"},
            cte="base64",
        )
    return message
