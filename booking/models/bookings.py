"""Hours, boundaries, bookings, and the calendars that read them.

Whatever is local wall time stands in the mentor's zone; whatever ends in `_at` is an instant.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY, INT4MULTIRANGE, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.domain.boundaries import MOST_A_DAY, MOST_A_WEEK
from booking.domain.fit_calls import Question
from booking.domain.outcomes import Decision
from booking.domain.states import CANCELLED, NO_SHOW, OCCUPYING, TOOK_PLACE, BookingStatus
from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering

WallTime = DateTime(timezone=False)
MinutesOfDay = list[Range[int]]


def listed(statuses: object) -> str:
    return ", ".join(sorted(f"'{status}'" for status in statuses))  # type: ignore[attr-defined]


class WorkingHours(Base):
    """One row per weekday that is worked; minutes of the local day, 1440 being its end."""

    __tablename__ = "working_hours"

    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), primary_key=True)
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    minutes: Mapped[MinutesOfDay] = mapped_column(INT4MULTIRANGE)

    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_is_iso"),
        CheckConstraint("minutes <@ int4range(0, 1440)", name="hours_lie_within_a_day"),
        CheckConstraint("NOT isempty(minutes)", name="a_day_without_hours_has_no_row"),
    )


class DateOverride(Base):
    """The hours of one date, instead of the weekly ones; empty: closed."""

    __tablename__ = "date_override"

    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    minutes: Mapped[MinutesOfDay] = mapped_column(INT4MULTIRANGE)

    __table_args__ = (CheckConstraint("minutes <@ int4range(0, 1440)", name="override_lies_within_a_day"),)


class BoundaryRow(Base):
    """A mentor's boundaries; `booking.domain.boundaries.Boundaries` says what each means."""

    __tablename__ = "boundaries"

    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), primary_key=True)
    notice_minutes: Mapped[int] = mapped_column(server_default=text("1440"))
    horizon_days: Mapped[int] = mapped_column(SmallInteger, server_default=text("60"))
    step_minutes: Mapped[int] = mapped_column(SmallInteger, server_default=text("15"))
    buffer_before_minutes: Mapped[int] = mapped_column(SmallInteger, server_default=text("10"))
    buffer_after_minutes: Mapped[int] = mapped_column(SmallInteger, server_default=text("10"))
    sessions_a_day: Mapped[int] = mapped_column(SmallInteger, server_default=text("5"))
    sessions_a_week: Mapped[int] = mapped_column(SmallInteger, server_default=text("20"))
    minutes_a_day: Mapped[int] = mapped_column(SmallInteger, server_default=text("300"))

    __table_args__ = (
        CheckConstraint("notice_minutes >= 60", name="notice_is_an_hour_at_least"),
        CheckConstraint("horizon_days BETWEEN 1 AND 400", name="horizon_is_bounded"),
        CheckConstraint("horizon_days * 1440 > notice_minutes", name="bookings_open_before_the_notice"),
        CheckConstraint("step_minutes BETWEEN 5 AND 240", name="step_is_sane"),
        CheckConstraint(
            "buffer_before_minutes BETWEEN 0 AND 240 AND buffer_after_minutes BETWEEN 0 AND 240",
            name="buffers_are_sane",
        ),
        CheckConstraint(
            f"sessions_a_day BETWEEN 1 AND {MOST_A_DAY} AND sessions_a_week BETWEEN 1 AND {MOST_A_WEEK}"
            " AND minutes_a_day BETWEEN 1 AND 1440",
            name="caps_are_sane",
        ),
    )


class Booking(Base):
    """A session's slot, and the facts about it. Triggers keep `occupancy` and both people's calendar revision."""

    __tablename__ = "booking"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id))
    mentee_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    offering_id: Mapped[int] = mapped_column(ForeignKey(Offering.id), index=True)
    title: Mapped[str]
    """As the offering was called when it was booked."""
    status: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    buffer_before_minutes: Mapped[int] = mapped_column(SmallInteger)
    buffer_after_minutes: Mapped[int] = mapped_column(SmallInteger)

    # What it was judged by (rule `business_hours_only`), kept for ever.
    zone: Mapped[str]
    local_start: Mapped[datetime] = mapped_column(WallTime)
    local_end: Mapped[datetime] = mapped_column(WallTime)
    envelope_weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    envelope_opens: Mapped[int] = mapped_column(SmallInteger)
    envelope_closes: Mapped[int] = mapped_column(SmallInteger)

    held_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    """Null when the site has done it by itself, since a bank wants the money back."""
    cancel_reason: Mapped[str | None]
    """In words for the other one; an operator always gives one, for both, here and in `decision_reason`."""
    took_all_back: Mapped[bool] = mapped_column(server_default=text("false"))
    """The mentee cancelled in answer to the mentor's proposal of another time, so it counts as the mentor's doing."""
    completed_at: Mapped[datetime | None]
    """When it was seen to be over. What became of it then follows from its claims (`booking.domain.outcomes`)."""
    settle_at: Mapped[datetime | None]
    """When it goes on by itself; null before it is over, while an operator is waited for, and once it is settled."""
    settled_at: Mapped[datetime | None]
    """Since then what became of it is final."""
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decision_reason: Mapped[str | None]
    changed_at: Mapped[datetime]
    """When a calendar last had something new to show: DTSTAMP and LAST-MODIFIED of the event."""
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(server_default=text("0"))
    agenda: Mapped[str | None]
    """What the mentee wants to talk about; for the two of them only."""

    mentor: Mapped[Mentor] = relationship(lazy="raise")
    mentee: Mapped[User] = relationship(lazy="raise", foreign_keys=[mentee_id])

    __table_args__ = (
        CheckConstraint(f"status IN ({listed(BookingStatus)})", name="booking_status_is_known"),
        CheckConstraint("starts_at < ends_at", name="session_has_a_length"),
        CheckConstraint("mentor_id <> mentee_id", name="nobody_mentors_themselves"),
        CheckConstraint("char_length(agenda) BETWEEN 1 AND 2000", name="agenda_is_bounded"),
        CheckConstraint("status NOT IN ('held') OR held_until IS NOT NULL", name="a_hold_ends"),
        CheckConstraint("status <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_at_a_time"),
        CheckConstraint(
            f"(status IN ({listed(CANCELLED)})) = (cancelled_at IS NOT NULL)"
            " AND (status = 'cancelled_by_operator' OR num_nonnulls(cancelled_at, cancelled_by) IN (0, 2))"
            " AND (cancelled_at IS NOT NULL OR cancelled_by IS NULL)",
            name="cancelled_says_who_and_when",
        ),
        CheckConstraint("cancelled_at < starts_at", name="cancelled_before_it_begins"),
        CheckConstraint(
            "(status <> 'cancelled_by_mentee' OR cancelled_by = mentee_id)"
            " AND (status <> 'cancelled_by_mentor'"
            " OR cancelled_by = CASE WHEN took_all_back THEN mentee_id ELSE mentor_id END)"
            " AND (NOT took_all_back OR status = 'cancelled_by_mentor')",
            name="cancelled_by_whom_it_says",
        ),
        CheckConstraint(
            "status <> 'cancelled_by_operator' OR (cancel_reason IS NULL) = (cancelled_by IS NULL)",
            name="operators_say_why",
        ),
        CheckConstraint(
            "cancel_reason IS NULL OR (cancelled_at IS NOT NULL AND char_length(cancel_reason) BETWEEN 1 AND 500)",
            name="cancel_reason_is_bounded",
        ),
        CheckConstraint(f"(status IN ({listed(TOOK_PLACE)})) = (completed_at IS NOT NULL)", name="over_says_when"),
        CheckConstraint("completed_at >= ends_at", name="over_after_its_end"),
        CheckConstraint(
            "completed_at IS NOT NULL OR num_nonnulls(settle_at, settled_at) = 0", name="settled_once_over"
        ),
        CheckConstraint("settled_at IS NULL OR settle_at IS NULL", name="settled_waits_for_nothing"),
        CheckConstraint(f"status NOT IN ({listed(NO_SHOW)}) OR settled_at IS NOT NULL", name="missed_is_settled"),
        CheckConstraint(
            "num_nonnulls(decision, decided_at, decided_by, decision_reason) IN (0, 4)"
            " AND (decision IS NULL OR settled_at IS NOT NULL)",
            name="decided_says_who_when_and_why",
        ),
        CheckConstraint(f"decision IN ({listed(Decision)})", name="decision_is_known"),
        CheckConstraint("char_length(decision_reason) BETWEEN 1 AND 500", name="decision_reason_is_bounded"),
        # The local times are those of the instants, and both lie in the envelope: on a weekday of it, between its
        # opening and closing minute, the end being allowed to be the next midnight.
        CheckConstraint(
            "local_start = (starts_at AT TIME ZONE zone) AND local_end = (ends_at AT TIME ZONE zone)",
            name="local_times_are_of_the_instants",
        ),
        CheckConstraint(
            "extract(isodow FROM local_start) = ANY (envelope_weekdays)"
            " AND extract(hour FROM local_start) * 60 + extract(minute FROM local_start) >= envelope_opens"
            " AND (extract(epoch FROM local_end - date_trunc('day', local_start)) / 60) <= envelope_closes",
            name="business_hours_only",
        ),
        Index("ix_booking_mentor_starts", "mentor_id", "starts_at"),
        Index("ix_booking_mentee_starts", "mentee_id", "starts_at"),
        Index("ix_booking_overdue", "held_until", postgresql_where=text("status = 'held'")),
        Index("ix_booking_ends", "ends_at", postgresql_where=text("status = 'confirmed'")),
        Index("ix_booking_to_settle", "settle_at", postgresql_where=text("settle_at IS NOT NULL")),
    )

    @property
    def state(self) -> BookingStatus:
        return BookingStatus(self.status)

    def is_ahead(self, now: datetime) -> bool:
        """It is to take place, or is on: the two may still join it."""
        return self.state is BookingStatus.CONFIRMED and now < self.ends_at

    @property
    def occupies(self) -> bool:
        return self.state in OCCUPYING

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at) / timedelta(minutes=1))

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class BookingAnswer(Base):
    """What the mentee answered before a fit call was booked; the two people read it, and nobody else."""

    __tablename__ = "booking_answer"

    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]

    __table_args__ = (
        CheckConstraint(f"question IN ({', '.join(repr(str(q)) for q in Question)})", name="question_is_known"),
        CheckConstraint("btrim(answer) <> ''", name="answer_says_something"),
    )


class Occupancy(Base):
    """Whose time an occupying booking takes: the mentor's with buffers, the mentee's without. While another time is
    proposed for it, that one is taken as well, and the two may overlap.

    Only the triggers `keep_occupancy` and `keep_proposed_occupancy` write here, so that no path can forget to; the
    constraint is rule 1.
    """

    __tablename__ = "occupancy"

    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id, ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)
    is_proposed: Mapped[bool] = mapped_column(primary_key=True, server_default=text("false"))
    span: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)

    __table_args__ = (
        ExcludeConstraint(
            ("user_id", "="), ("span", "&&"), ("booking_id", "<>"), using="gist", name="no_double_booking"
        ),
    )
