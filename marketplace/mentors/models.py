"""Mentors: what they say about themselves, and what has been decided about them."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from marketplace.accounts.models import User
from marketplace.core.db import Base, Json
from marketplace.mentors.domain.profile import Step
from marketplace.mentors.domain.states import PUBLIC, MentorStatus

NONE = text("'{}'")


def _listed(values: type[StrEnum]) -> str:
    return ", ".join(repr(str(value)) for value in values)


class Mentor(Base):
    """A user who mentors, or wants to; shares the user's id. `zone` is where the working hours are meant."""

    __tablename__ = "mentor"

    id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    """Made from the name once; it stays when the name changes, since people keep the address."""
    status: Mapped[str] = mapped_column(server_default=MentorStatus.DRAFT)
    headline: Mapped[str]
    story: Mapped[str] = mapped_column(server_default="")
    """Markdown, as is `how_i_work`."""
    how_i_work: Mapped[str]
    ways: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=NONE)
    """Ways of working, by their names in `domain.profile.Way`."""
    can_give: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=NONE)
    journey: Mapped[list[Json]] = mapped_column(JSONB, server_default=text("'[]'"))
    """Steps with `year` and `what`, in the mentor's order. Nobody asks for a single one of them."""
    city: Mapped[str]
    country: Mapped[str | None]
    """ISO 3166 code of two letters."""
    zone: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=NONE)
    """ISO 639 codes, in the mentor's order; the first is the one they prefer."""
    meeting_url: Mapped[str | None]
    """Where sessions take place; the site's own address when empty. Without either a mentor cannot be booked."""

    can_be_paid: Mapped[bool] = mapped_column(server_default=text("false"))
    """Kept by a trigger from what Stripe says of the mentor's account. Without it only what is free is for sale."""

    reason: Mapped[str] = mapped_column(server_default="")
    """What the operator wrote to the mentor: which changes are wanted, or why the page was taken down."""
    suspended_from: Mapped[str | None]
    """The state that lifting leads back to."""
    free_again_on: Mapped[date | None]
    """What a paused mentor has told mentees, in the mentor's zone. Nothing happens on that day by itself."""
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    """For the first time; null for whoever was approved before this was written down."""
    revision: Mapped[int] = mapped_column(server_default=text("0"))
    """Raised by every change of what mentees read, so that nobody approves what they have not seen."""
    seen_revision: Mapped[int] = mapped_column(server_default=text("0"))
    """The one that an operator has looked at."""

    user: Mapped[User] = relationship(lazy="raise")
    topics: Mapped[list["MentorTopic"]] = relationship(lazy="raise", order_by="MentorTopic.position")
    photo: Mapped["MentorPhoto | None"] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint(f"status IN ({_listed(MentorStatus)})", name="mentor_status_is_known"),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug_is_plain"),
        CheckConstraint("meeting_url LIKE 'https://%'", name="meeting_url_is_https"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_a_code"),
        CheckConstraint(
            "array_to_string(languages, ',', '-') ~ '^([a-z]{2,3}(,[a-z]{2,3})*)?$'", name="languages_are_codes"
        ),
        CheckConstraint("status <> 'submitted' OR submitted_at IS NOT NULL", name="submitted_at_a_time"),
        CheckConstraint("jsonb_typeof(journey) = 'array'", name="journey_is_a_list"),
        CheckConstraint("(status = 'suspended') = (suspended_from IS NOT NULL)", name="suspended_from_a_state"),
        CheckConstraint("status NOT IN ('changes_wanted', 'suspended') OR reason <> ''", name="mentors_are_told_why"),
        CheckConstraint("free_again_on IS NULL OR status <> 'approved'", name="who_is_there_is_not_away"),
        Index("ix_mentor_queue", "status", "submitted_at"),
    )

    def meets_at(self, site_meeting_url: str) -> str:
        """The address of this mentor's sessions; empty if there is none."""
        return self.meeting_url or site_meeting_url

    @property
    def state(self) -> MentorStatus:
        return MentorStatus(self.status)

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC

    @property
    def steps(self) -> list[Step]:
        return [Step(int(str(step["year"])), str(step["what"])) for step in self.journey]

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
    kept_fresh_on: Mapped[date | None]
    """When the mentor last said that it is theirs, in their zone; null for nothing said since they were approved."""

    __table_args__ = (CheckConstraint("reach IN ('depth', 'breadth')", name="reach_is_depth_or_breadth"),)


class MentorPhoto(Base):
    """Square, in two sizes, as WebP of our own making. The bytes are read only where they are sent."""

    __tablename__ = "mentor_photo"

    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    """Names the picture in its address: another picture has another one, so that it may be kept for ever."""
    alt: Mapped[str]
    large: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    small: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    __table_args__ = (CheckConstraint("btrim(alt) <> ''", name="photo_is_described"),)


class ProfileChange(Base):
    """The words of a change that others had read before, for operators to compare. That it happened is an entry of the
    log, which holds no words and stays; this goes with the account."""

    __tablename__ = "profile_change"

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The log's, to which no foreign key leads: nothing in it ever goes."""
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), index=True)
    changed_at: Mapped[datetime]
    before: Mapped[Json]
    """By the name of the field, as are those that came after."""
    after: Mapped[Json]
