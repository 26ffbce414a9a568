"""What Stripe has paid out of mentors' accounts to their banks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.bookings import listed
from marketplace.core.db import Base
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from payments.domain.bank_payouts import BankPayoutStatus


class BankPayout(Base):
    """A copy of Stripe's state, and no entry of the books: those end with the transfer to the mentor's account."""

    __tablename__ = "bank_payout"

    stripe_payout_id: Mapped[str] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id))
    status: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    arrives_on: Mapped[date]
    failure_code: Mapped[str | None]
    failure_message: Mapped[str | None]
    made_at: Mapped[datetime]
    """At Stripe."""
    last_fetch: Mapped[int]
    """The highest fetch number whose state was applied here."""
    looked_at: Mapped[datetime]
    """When Stripe was asked for that state."""

    __table_args__ = (
        CheckConstraint(f"status IN ({listed(BankPayoutStatus)})", name="bank_payout_status_is_known"),
        Index("ix_bank_payout_mentor_id", "mentor_id", "made_at"),
    )

    @property
    def state(self) -> BankPayoutStatus:
        return BankPayoutStatus(self.status)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def moved(self) -> Money:
        """Whichever way it went."""
        return Money(abs(self.amount_minor), self.currency)
