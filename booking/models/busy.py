"""Calendars of others that say when somebody is busy, and what they say: times, and nothing else of what is in them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from booking.domain.busy import Trouble
from booking.domain.busy_address import LONGEST_ADDRESS
from booking.models.bookings import listed
from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.core.sealing import NONCE_BYTES, TAG_BYTES

LONGEST_NAME = 60
LONGEST_TAG = 1000
LONGEST_SEALED = 4 * LONGEST_ADDRESS + NONCE_BYTES + TAG_BYTES
"""In bytes, of which a letter has four at most."""
NONE = text("0")


class BusyCalendar(Base):
    """A calendar that is read over and over. Its address is a secret, since whoever knows it can read the calendar: of
    it only the host is kept as it is."""

    __tablename__ = "busy_calendar"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    name: Mapped[str] = mapped_column(server_default="")
    """For its owner; empty: the host."""
    host: Mapped[str]
    sealed_address: Mapped[bytes]
    """As `booking.services.busy_addresses` seals it for its owner."""
    known_by: Mapped[bytes]
    """The same for the same address."""
    created_at: Mapped[datetime]
    next_read_at: Mapped[datetime] = mapped_column(index=True)
    """While it is being read: when somebody else may try, if the reader has died."""
    reads: Mapped[int] = mapped_column(server_default=NONE)
    """How often it was begun to read: an answer counts only if no reading was begun after it."""
    asked_at: Mapped[datetime | None]
    """When it was last begun."""
    answered_at: Mapped[datetime | None]
    """When it last answered, also that nothing has changed."""
    whole_at: Mapped[datetime | None]
    """When it was last read as a whole, for an owner who lived in `zone`; `etag` and `last_modified` are of that."""
    zone: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    events: Mapped[int] = mapped_column(server_default=NONE)
    unread: Mapped[int] = mapped_column(server_default=NONE)
    unzoned: Mapped[int] = mapped_column(server_default=NONE)
    """As `booking.domain.busy.Reading` counts them."""
    failures: Mapped[int] = mapped_column(server_default=NONE)
    """In a row, since `failing_since`; `trouble` is the last, and `status` what an HTTP server then said."""
    failing_since: Mapped[datetime | None]
    trouble: Mapped[str | None]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    outages: Mapped[int] = mapped_column(server_default=NONE)
    """How often it began to fail; its owner is asked once of each, at `told_at`."""
    told_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("user_id", "known_by", name="a_busy_calendar_is_read_once"),
        CheckConstraint(f"char_length(name) <= {LONGEST_NAME}", name="busy_name_is_bounded"),
        CheckConstraint(f"octet_length(sealed_address) <= {LONGEST_SEALED}", name="busy_address_is_bounded"),
        CheckConstraint(f"trouble IN ({listed(Trouble)})", name="busy_trouble_is_known"),
        CheckConstraint(
            "(failures = 0) = (trouble IS NULL) AND (trouble IS NULL) = (failing_since IS NULL)"
            " AND (status IS NULL OR trouble = 'status') AND (told_at IS NULL OR trouble IS NOT NULL)",
            name="busy_trouble_is_told_whole",
        ),
        CheckConstraint(
            "(whole_at IS NULL) = (zone IS NULL) AND (whole_at IS NULL OR answered_at IS NOT NULL)"
            " AND (whole_at IS NOT NULL OR num_nonnulls(etag, last_modified) = 0)",
            name="busy_known_says_when",
        ),
    )

    @property
    def title(self) -> str:
        return self.name or self.host

    @property
    def silent_since(self) -> datetime:
        """Since when nothing was heard of it."""
        return self.answered_at or self.created_at


class BusyTime(Base):
    """A span of time that a calendar takes of its owner, [start, end) in UTC. Those of one calendar lie apart, and are
    written in one transaction, under the owner's lock."""

    __tablename__ = "busy_time"

    calendar_id: Mapped[int] = mapped_column(ForeignKey(BusyCalendar.id, ondelete="CASCADE"), primary_key=True)
    span: Mapped[Range[datetime]] = mapped_column(TSTZRANGE, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))

    __table_args__ = (
        CheckConstraint(
            "NOT isempty(span) AND lower(span) IS NOT NULL AND upper(span) IS NOT NULL"
            " AND lower_inc(span) AND NOT upper_inc(span)",
            name="busy_time_is_half_open",
        ),
        Index("ix_busy_time_user_span", "user_id", "span", postgresql_using="gist"),
    )
