"""What is written down around a session: notes, what somebody will do, check-ins, and whether somebody was heard."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.mentorships.domain.sessions import Heard, Part
from marketplace.mentorships.models.pairs import Mentorship

PARTS = ", ".join(f"'{part}'" for part in sorted(Part))
ANSWERS = ", ".join(f"'{answer}'" for answer in sorted(Heard))


class SessionNote(Base):
    """One text for each part of a session; `version` rises with each change, so that nobody overwrites another."""

    __tablename__ = "session_note"

    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(server_default=text("0"))
    words: Mapped[str] = mapped_column(server_default=text("''"))
    by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"part IN ({PARTS})", name="note_part_is_known"),
        CheckConstraint("char_length(words) <= 10000", name="note_is_bounded"),
    )


class NoteAside(Base):
    """A text that was made from an older version: it is kept beside the note until somebody puts them together.

    `form` names the page on which it was written: what goes on there replaces it, and nothing else does.
    """

    __tablename__ = "session_note_aside"

    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"part IN ({PARTS})", name="aside_part_is_known"),
        CheckConstraint("char_length(words) BETWEEN 1 AND 10000", name="aside_says_something"),
    )


class ActionItem(Base):
    """What one of the two will do. `cue`: when that happens, they do it."""

    __tablename__ = "action_item"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    owner_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey(Booking.id))
    """The session that it is to be done before; null for any time."""
    words: Mapped[str]
    cue: Mapped[str] = mapped_column(server_default=text("''"))
    due: Mapped[date | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("char_length(words) BETWEEN 1 AND 200", name="action_says_something"),
        CheckConstraint("char_length(cue) <= 200", name="cue_is_bounded"),
        Index("ix_action_item_mentorship", "mentorship_id", "id"),
    )


class CheckIn(Base):
    """How a week went, on the mentee's clock; the last word of a week counts."""

    __tablename__ = "check_in"

    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    """Its Monday."""
    progress: Mapped[int] = mapped_column(SmallInteger)
    is_stuck: Mapped[bool]
    words: Mapped[str] = mapped_column(server_default=text("''"))
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """When the mentor said that they have read it."""

    __table_args__ = (
        CheckConstraint("progress BETWEEN 0 AND 10", name="progress_is_out_of_ten"),
        CheckConstraint("extract(isodow FROM week) = 1", name="a_week_begins_on_monday"),
        CheckConstraint("char_length(words) <= 1000", name="check_in_is_bounded"),
    )


class HeardAnswer(Base):
    """Read by the mentee alone."""

    __tablename__ = "heard_answer"

    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id), primary_key=True)
    answer: Mapped[str]
    words: Mapped[str] = mapped_column(server_default=text("''"))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"answer IN ({ANSWERS})", name="heard_answer_is_known"),
        CheckConstraint("char_length(words) <= 1000", name="heard_is_bounded"),
    )
