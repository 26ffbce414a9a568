"""Whether somebody said that they fit: read by that person alone, and told of many together."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.mentorships.domain.fit import LEAST, MOST, Answers, Item
from marketplace.mentorships.models.pairs import Mentorship

ITEMS = ", ".join(Item)
_IN_RANGE = " AND ".join(f"{item} BETWEEN {LEAST} AND {MOST}" for item in Item)


class FitCheck(Base):
    """What one of the two said after the session of that `number`; nothing where they chose not to."""

    __tablename__ = "fit_check"

    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)
    at: Mapped[datetime]
    heard: Mapped[int | None] = mapped_column(SmallInteger)
    goal: Mapped[int | None] = mapped_column(SmallInteger)
    way: Mapped[int | None] = mapped_column(SmallInteger)
    person: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (
        CheckConstraint(_IN_RANGE, name="fit_is_out_of_four"),
        CheckConstraint(f"num_nonnulls({ITEMS}) IN (0, {len(Item)})", name="all_of_fit_or_nothing"),
        Index("ix_fit_check_at", "at"),
    )

    @property
    def answers(self) -> Answers | None:
        """None of what was left."""
        said = {item: getattr(self, item) for item in Item}
        return None if said[Item.PERSON] is None else said
