"""Mentors and their topics."""

from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Identity, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from marketplace.accounts.models import User
from marketplace.core.db import Base


class MentorStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    CHANGES_WANTED = "changes_wanted"
    PAUSED = "paused"
    SUSPENDED = "suspended"


class Mentor(Base):
    """A user who mentors; shares the user's id. `zone` is where the working hours are meant."""

    __tablename__ = "mentor"

    id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(server_default=MentorStatus.DRAFT)
    headline: Mapped[str]
    how_i_work: Mapped[str]
    city: Mapped[str]
    zone: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=text("'{}'"))
    meeting_url: Mapped[str | None]
    """Where sessions take place; the site's own address when empty. Without either a mentor cannot be booked."""

    user: Mapped[User] = relationship(lazy="raise")
    topics: Mapped[list["MentorTopic"]] = relationship(lazy="raise", order_by="MentorTopic.position")

    __table_args__ = (
        CheckConstraint(f"status IN ({', '.join(repr(str(s)) for s in MentorStatus)})", name="mentor_status_is_known"),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug_is_plain"),
        CheckConstraint("meeting_url LIKE 'https://%'", name="meeting_url_is_https"),
    )

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class MentorTopic(Base):
    """What a mentor can speak about: in depth or in breadth, and when it was last practised (a year)."""

    __tablename__ = "mentor_topic"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), index=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str]
    reach: Mapped[str]
    last_practised: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (CheckConstraint("reach IN ('depth', 'breadth')", name="reach_is_depth_or_breadth"),)
