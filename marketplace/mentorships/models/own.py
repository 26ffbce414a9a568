"""What a mentor keeps for themselves: a journal of their own journey, and whom they name where mentoring ends."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Base
from marketplace.mentors.models import Mentor

LONGEST_ENTRY = 10_000
LONGEST_NAME, LONGEST_LINE, LONGEST_NOTE = 120, 200, 1000


class JournalEntry(Base):
    """Read by its mentor alone; `version` rises with each change, so that no tab overwrites what another has kept."""

    __tablename__ = "journal_entry"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id))
    month: Mapped[date]
    """Its first day, on the mentor's clock: what was asked goes by it."""
    words: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"char_length(words) BETWEEN 1 AND {LONGEST_ENTRY}", name="entry_says_something"),
        CheckConstraint("extract(day FROM month) = 1", name="a_month_begins_on_its_first"),
        Index("ix_journal_entry_mentor", "mentor_id", "id"),
    )


class Referral(Base):
    """Whom a mentor would name, and what for. The note is never part of what is handed on."""

    __tablename__ = "referral"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id))
    name: Mapped[str]
    good_for: Mapped[str]
    where_to: Mapped[str] = mapped_column(server_default=text("''"))
    """An address, a link, a number: as it was typed."""
    note: Mapped[str] = mapped_column(server_default=text("''"))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"char_length(name) BETWEEN 1 AND {LONGEST_NAME}", name="referral_has_a_name"),
        CheckConstraint(f"char_length(good_for) BETWEEN 1 AND {LONGEST_LINE}", name="referral_says_what_for"),
        CheckConstraint(f"char_length(where_to) <= {LONGEST_LINE}", name="where_to_is_bounded"),
        CheckConstraint(f"char_length(note) <= {LONGEST_NOTE}", name="referral_note_is_bounded"),
        Index("ix_referral_mentor", "mentor_id", "id"),
    )
