"""Programmes that were bought: their course as it was sold, how they end, and the bookings that did not use them up."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.offerings.models import LONGEST_CADENCE
from payments.models.sales import Purchase, PurchaseSession


class Programme(Base):
    """Beside its purchase. What the mentor offered is frozen with the sale (rule `sold_is_frozen`)."""

    __tablename__ = "programme"

    purchase_id: Mapped[int] = mapped_column(ForeignKey(Purchase.id), primary_key=True)
    minutes: Mapped[int] = mapped_column(SmallInteger)
    cadence_days: Mapped[int] = mapped_column(SmallInteger)
    milestones: Mapped[str]
    pre_work: Mapped[str]
    early_asked_at: Mapped[datetime | None]
    """When the mentee asked that a session may begin before their right to withdraw ends."""
    ended_at: Mapped[datetime | None]
    """Since then nothing more is booked of it, and what was unused has gone back."""
    ended_by: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    """Null when the site has done it by itself, since a bank wants the money back."""
    ask_at: Mapped[datetime | None]
    """When both are asked how it goes on, if nothing is booked until then; null while nobody is to be asked."""
    asked: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    """How often they were asked since something was last booked."""

    __table_args__ = (
        CheckConstraint(f"cadence_days BETWEEN 1 AND {LONGEST_CADENCE}", name="cadence_is_sane"),
        CheckConstraint("ended_by IS NULL OR ended_at IS NOT NULL", name="ended_by_somebody_at_a_time"),
        CheckConstraint("ended_at IS NULL OR ask_at IS NULL", name="nobody_is_asked_after_the_end"),
        Index("ix_programme_ask_at", "ask_at", postgresql_where=text("ask_at IS NOT NULL")),
    )

    @property
    def cadence(self) -> timedelta:
        return timedelta(days=self.cadence_days)


class SessionBefore(Base):
    """A booking that was called off, and in whose place another one was made: what it had of its purchase."""

    __tablename__ = "session_before"

    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id), primary_key=True)
    purchase_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        ForeignKeyConstraint(["purchase_id", "position"], [PurchaseSession.purchase_id, PurchaseSession.position]),
    )
