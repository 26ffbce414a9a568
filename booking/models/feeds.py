"""Subscribed calendars: their addresses, and which app last read them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.domain.calendar import Scope
from booking.models.bookings import listed
from marketplace.accounts.models import User
from marketplace.core.db import Base

LONGEST_NAME = 60


class CalendarFeed(Base):
    """The secret in the address is derived and never stored; the row holds its SHA-256."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    scope: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    """Its owner's, to tell it from the others; empty: it is called by what it holds."""
    rotation: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    secret_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    with_join_link: Mapped[bool] = mapped_column(server_default=text("false"))
    with_cancelled: Mapped[bool] = mapped_column(server_default=text("true"))
    last_read_at: Mapped[datetime | None]
    last_read_by: Mapped[str | None]
    """The app, as far as it says (`booking.domain.apps`)."""
    last_read_revision: Mapped[int | None]
    """What of its owner's calendar the app knows since then."""
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"scope IN ({listed(Scope)})", name="feed_scope_is_known"),
        CheckConstraint(f"char_length(name) <= {LONGEST_NAME}", name="feed_name_is_bounded"),
        CheckConstraint(
            "num_nonnulls(last_read_at, last_read_by, last_read_revision) IN (0, 3)", name="read_says_by_whom"
        ),
    )
