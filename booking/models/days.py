"""When a mentor offers nothing, whatever their hours say: time off, protected days, public holidays."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import DATERANGE, TSRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Base
from marketplace.mentors.models import Mentor


class TimeOff(Base):
    """Away: a span of local wall time in the mentor's zone, [start, end). No two of a mentor share a minute."""

    __tablename__ = "time_off"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), index=True)
    span: Mapped[Range[datetime]] = mapped_column(TSRANGE)
    closes_week: Mapped[date | None]
    """The Monday of the week whose rest was closed in one press, which can be undone in one."""

    __table_args__ = (
        CheckConstraint(
            "NOT isempty(span) AND lower(span) IS NOT NULL AND upper(span) IS NOT NULL", name="time_off_has_both_ends"
        ),
        CheckConstraint("lower_inc(span) AND NOT upper_inc(span)", name="time_off_is_half_open"),
        CheckConstraint(
            "extract(isodow FROM closes_week) = 1 AND lower(span) >= closes_week"
            " AND upper(span) <= closes_week + interval '7 days'",
            name="a_week_is_closed_from_its_monday",
        ),
        ExcludeConstraint(("mentor_id", "="), ("span", "&&"), using="gist", name="time_off_is_written_once"),
    )


class JourneyRow(Base):
    """The dates, [from, to), on which a mentor lives by the clocks of another zone (`booking.domain.zones`)."""

    __tablename__ = "journey"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id))
    days: Mapped[Range[date]] = mapped_column(DATERANGE)
    zone: Mapped[str]

    __table_args__ = (
        CheckConstraint(
            "NOT isempty(days) AND lower(days) IS NOT NULL AND upper(days) IS NOT NULL", name="journey_has_both_ends"
        ),
        ExcludeConstraint(("mentor_id", "="), ("days", "&&"), using="gist", name="in_one_place_at_a_time"),
    )


class ProtectedDay(Base):
    """A weekday (1 is Monday), each week, or one date of the mentor's own calendar."""

    __tablename__ = "protected_day"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id))
    weekday: Mapped[int | None] = mapped_column(SmallInteger)
    day: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("num_nonnulls(weekday, day) = 1", name="protects_a_weekday_or_a_date"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="protected_weekday_is_iso"),
        UniqueConstraint("mentor_id", "weekday", name="a_weekday_is_protected_once"),
        UniqueConstraint("mentor_id", "day", name="a_date_is_protected_once"),
    )


class HolidayChoice(Base):
    """Whose public holidays a mentor keeps; `region` is empty for those of the whole country."""

    __tablename__ = "holiday_choice"

    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), primary_key=True)
    country: Mapped[str]
    region: Mapped[str] = mapped_column(server_default=text("''"))
    known_until: Mapped[date]
    """The last day up to which the holidays stand in `holiday`; always beyond the furthest that anybody can book."""
    edition: Mapped[str]
    """The version of the package that named them."""

    __table_args__ = (
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="holiday_country_is_a_code"),
        CheckConstraint("char_length(region) <= 40", name="holiday_region_is_a_code"),
    )


class Holiday(Base):
    """A public holiday of the mentor's choice. Without hours, unless the mentor said to work on it."""

    __tablename__ = "holiday"

    mentor_id: Mapped[int] = mapped_column(ForeignKey(HolidayChoice.mentor_id, ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    is_worked: Mapped[bool] = mapped_column(server_default=text("false"))
