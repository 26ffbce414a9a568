"""What the two people of a mentorship write to each other."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.mentorships.models.pairs import Mentorship


class Message(Base):
    """Never changed. `public_id` is that of the form that was sent, so sent twice it is one message."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    words: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("char_length(words) BETWEEN 1 AND 4000", name="message_says_something"),
        Index("ix_message_mentorship", "mentorship_id", "id"),
    )


class ThreadSide(Base):
    """Where one of the two is in their messages; nobody else reads it. No row: they have never looked."""

    __tablename__ = "thread_side"

    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)
    read_to: Mapped[int] = mapped_column(server_default=text("0"))
    """The number of the last message that this person has had before them."""
    blocked_at: Mapped[datetime | None]
    """Since when they want no messages of the other one."""


class AnswerWanted(Base):
    """What a mentee wrote and the mentor has not answered; the row goes away with the answer."""

    __tablename__ = "answer_wanted"

    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey(Message.id))
    """The first of them."""
    since: Mapped[datetime]
    """From when working days are counted: the message, or the end of a rest."""
    asked: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    """0: nobody was; 1: the mentor was; 2: whoever runs the site knows."""
    next_at: Mapped[datetime | None] = mapped_column(index=True)

    __table_args__ = (CheckConstraint("(asked < 2) = (next_at IS NOT NULL) AND asked >= 0", name="silence_goes_on"),)
