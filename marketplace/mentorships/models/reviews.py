"""What the two say of each other to others, and what somebody reports to those who run the site."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.mentorships.models.messages import Message
from marketplace.mentorships.models.pairs import Mentorship


class Review(Base):
    """One of each of the two. When it is published follows from `at` of both (`domain.reviews`)."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    by_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    words: Mapped[str]
    helped_with: Mapped[str] = mapped_column(server_default=text("''"))
    is_named: Mapped[bool]
    """By the first name of who wrote it, or by none."""
    at: Mapped[datetime]
    """When it was first written."""
    changed_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(server_default=text("''"))
    """Of the mentor, once."""
    answered_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("mentorship_id", "by_id", name="one_review_of_each"),
        CheckConstraint("char_length(words) BETWEEN 1 AND 2000", name="review_says_something"),
        CheckConstraint("char_length(helped_with) <= 120", name="help_is_bounded"),
        CheckConstraint("char_length(answer) <= 1000", name="answer_is_bounded"),
        CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answer_says_when"),
    )


class Report(Base):
    """Of a message, of a review, or of how somebody writes at all; read by those who run the site."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    about_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    message_id: Mapped[int | None] = mapped_column(ForeignKey(Message.id))
    review_id: Mapped[int | None] = mapped_column(ForeignKey(Review.id))
    reason: Mapped[str]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("char_length(reason) BETWEEN 1 AND 1000", name="report_says_why"),
        CheckConstraint("message_id IS NULL OR review_id IS NULL", name="report_is_of_one_thing"),
    )
