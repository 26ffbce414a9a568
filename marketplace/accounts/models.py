"""The account, where it is signed in, and what stands in for its second step."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_login import UserMixin
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    text,
)
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
    calendar_by: Mapped[str] = mapped_column(server_default="both")
    """How sessions reach this person's own calendar: by invitations in `mail`, by a subscribed `feed`, or `both`."""
    wants_reminders: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether letters remind them a day and an hour before a session."""
    wants_check_ins: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether a letter asks them on Fridays how their week was."""
    new_email: Mapped[str | None]
    """An address that waits to be confirmed; `email` is the account's until then."""
    second_step_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What the secret of the second step is derived with; the secret itself is stored nowhere."""
    second_step_used: Mapped[int | None]
    """The newest step of 30 seconds whose code was used: that one and older ones are refused."""
    suspended_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    terms_version: Mapped[str | None]
    terms_accepted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("one_account_per_address", text("lower(email)"), unique=True),
        CheckConstraint("email LIKE '%_@_%' AND email = btrim(email)", name="email_looks_like_one"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours_have_both_ends"),
        CheckConstraint(
            "quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1440", name="quiet_hours_are_minutes_of_a_day"
        ),
        CheckConstraint("calendar_by IN ('both', 'feed', 'mail')", name="calendar_by_is_known"),
        CheckConstraint("(second_step_salt IS NULL) = (second_step_used IS NULL)", name="second_step_is_whole"),
        CheckConstraint("(terms_version IS NULL) = (terms_accepted_at IS NULL)", name="terms_have_version_and_time"),
        CheckConstraint(
            "closed_at IS NULL OR (password_hash = '' AND verified_at IS NULL"
            " AND new_email IS NULL AND second_step_salt IS NULL AND quiet_from IS NULL)",
            name="closed_accounts_hold_nothing",
        ),
    )

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    @property
    def wants_invitations(self) -> bool:
        return self.calendar_by != "feed"

    @property
    def has_second_step(self) -> bool:
        return self.second_step_salt is not None

    @property
    def may_sign_in(self) -> bool:
        return self.suspended_at is None and self.closed_at is None

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class SignIn(Base):
    """A browser in which somebody is signed in; the row is deleted when that ends.

    The cookie holds the token, the row its SHA-256. Of the browser no more is kept than its name and its system.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    browser: Mapped[str]
    system: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    """Written every few minutes at most."""
    proved_at: Mapped[datetime | None]
    """When the password was last given there."""


class RecoveryCode(Base):
    """Stands in for the second step once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    code_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("user_id", "code_sha256"),)
