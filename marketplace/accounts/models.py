"""The account."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Base


class User(UserMixin, Base):
    """One person, any role. `zone` is an IANA name; quiet hours are minutes of the local day, from later than until
    when they cross midnight, both null when there are none."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    email: Mapped[str]
    password_hash: Mapped[str]
    name: Mapped[str]
    zone: Mapped[str]
    locale: Mapped[str] = mapped_column(server_default="en")
    is_operator: Mapped[bool] = mapped_column(server_default=text("false"))
    verified_at: Mapped[datetime | None]
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    calendar_revision: Mapped[int] = mapped_column(server_default=text("0"))
    """Raised by a trigger with every change that a calendar of theirs shows (rule `calendars_agree`)."""
    calendar_changed_at: Mapped[datetime]
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("one_account_per_address", text("lower(email)"), unique=True),
        CheckConstraint("email LIKE '%_@_%' AND email = btrim(email)", name="email_looks_like_one"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours_have_both_ends"),
        CheckConstraint(
            "quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1440", name="quiet_hours_are_minutes_of_a_day"
        ),
    )

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)
