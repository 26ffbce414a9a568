"""Mentorships. The trigger `begin_mentorship` makes a row with the first session that a pair confirms."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.mentors.models import Mentor
from marketplace.mentorships.domain.states import Standing

STANDINGS = ", ".join(f"'{standing}'" for standing in sorted(Standing))


class Mentorship(Base):
    """One mentor and one mentee over all that they book together."""

    __tablename__ = "mentorship"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id))
    mentee_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    standing: Mapped[str] = mapped_column(server_default=text("'open'"))
    """What the two decided; `domain.states.stage` says where they stand."""
    since: Mapped[datetime]
    """When that was decided; at first, when it began."""
    back_on: Mapped[date | None]
    """While it rests: from when on they want to go on, if one of them has said so. Nothing happens by itself."""
    began_at: Mapped[datetime]
    reviews_asked_at: Mapped[datetime | None]
    """When both were asked to write about each other; once."""
    next_look_at: Mapped[datetime | None]
    """When a sweep next looks what waits for the two (`services/waiting.py`); null where it has not yet."""

    mentor: Mapped[Mentor] = relationship(lazy="raise")
    mentee: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("mentor_id", "mentee_id", name="one_mentorship_per_pair"),
        CheckConstraint(f"standing IN ({STANDINGS})", name="standing_is_known"),
        CheckConstraint("back_on IS NULL OR standing = 'paused'", name="only_a_rest_has_a_day_to_be_back"),
        Index("ix_mentorship_next_look", "next_look_at", postgresql_where=text("standing = 'open'")),
        Index("ix_mentorship_reviews_unasked", "id", postgresql_where=text("reviews_asked_at IS NULL")),
    )


class StandingChange(Base):
    """What was decided before and what stands now, in its order."""

    __tablename__ = "mentorship_standing_change"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), index=True)
    at: Mapped[datetime]
    standing: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    """Null where a new booking has opened it again."""

    __table_args__ = (CheckConstraint(f"standing IN ({STANDINGS})", name="changed_standing_is_known"),)
