"""Payments that Stripe settled in another currency than the sale's."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.core.money import Money
from payments.models.sales import Payment


class Exchange(Base):
    """What Stripe holds for a payment instead of what was paid. Mentors' shares of it wait for an operator."""

    __tablename__ = "exchange"

    payment_id: Mapped[int] = mapped_column(ForeignKey(Payment.id), primary_key=True)
    settled_minor: Mapped[int]
    """Before Stripe's fee."""
    settled_currency: Mapped[str]
    found_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    __table_args__ = (
        CheckConstraint("settled_minor > 0", name="settled_is_something"),
        CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name="released_by_somebody"),
    )

    @property
    def settled(self) -> Money:
        return Money(self.settled_minor, self.settled_currency)
