"""What a mentee takes along from one mentorship to another mentor."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import User
from marketplace.core.db import Base, Json
from marketplace.mentors.models import Mentor
from marketplace.mentorships.models.pairs import Mentorship


class Carried(Base):
    """In the mentee's own words only. With the next session that the two confirm, the trigger `take_along` makes drafts
    of the goals, and the brief stands on the page of that mentorship."""

    __tablename__ = "mentorship_carried"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id))
    """To whom."""
    mentee_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    brief: Mapped[Json]
    """By what was asked before the fit call; empty if it stays behind."""
    goals: Mapped[list[Json]] = mapped_column(JSONB)
    at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("from_id", "mentor_id", name="carried_once_to_each"),
        CheckConstraint("jsonb_typeof(goals) = 'array'", name="carried_goals_are_a_list"),
        CheckConstraint("brief <> '{}'::jsonb OR goals <> '[]'::jsonb", name="something_is_carried"),
        Index("ix_mentorship_carried_pair", "mentee_id", "mentor_id"),
    )
