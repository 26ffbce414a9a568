"""Money that comes back from mentors: why it is taken, what of it is owed, and what Stripe is asked to reverse."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.bookings import Booking, listed
from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from payments.domain.states import ReversalStatus
from payments.models.payouts import Transfer
from payments.models.sales import Payment, Refund, StripeCommand


class GivenBack(Base):
    """What an operator gives back to the mentee for a session that was settled; both of its people read the reason."""

    __tablename__ = "given_back"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id))
    number: Mapped[int] = mapped_column(SmallInteger)
    amount_minor: Mapped[int]
    currency: Mapped[str]
    refund_id: Mapped[int] = mapped_column(ForeignKey(Refund.id), unique=True)
    given_by: Mapped[int] = mapped_column(ForeignKey(User.id))
    reason: Mapped[str]
    given_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="given_back_is_something"),
        Index("given_back_is_counted", "booking_id", "number", unique=True),
    )

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class TakenBack(Base):
    """What a mentor has less of a session that earned something, once for a `business_key`; a negative sum is had
    again. `payable_minor` of it had not gone to them yet; the rest was on its way or gone, and they owe it."""

    __tablename__ = "taken_back"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id), index=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey(Payment.id), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), index=True)
    business_key: Mapped[str] = mapped_column(unique=True)
    against: Mapped[str]
    """The account of the books that has it instead."""
    amount_minor: Mapped[int]
    payable_minor: Mapped[int]
    currency: Mapped[str]
    taken_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="taken_back_is_something"),
        CheckConstraint(
            "payable_minor BETWEEN 0 AND amount_minor OR payable_minor = amount_minor",
            name="taken_from_payable_or_owed",
        ),
    )

    @property
    def payable(self) -> Money:
        return Money(self.payable_minor, self.currency)

    @property
    def owed(self) -> Money:
        return Money(self.amount_minor - self.payable_minor, self.currency)


class TransferReversal(Base):
    """What Stripe is asked to take back of a transfer, for what is owed. `left`: Stripe refuses, mostly since the
    mentor's balance does not cover it; then it is kept of what they earn next."""

    __tablename__ = "transfer_reversal"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey(Transfer.id), index=True)
    taken_back_id: Mapped[int] = mapped_column(ForeignKey(TakenBack.id), index=True)
    status: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    command_id: Mapped[int] = mapped_column(ForeignKey(StripeCommand.id), unique=True)
    stripe_reversal_id: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    looked_at: Mapped[datetime]
    """When it was last tried: the sweep tries again when this grows old."""
    made_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(f"status IN ({listed(ReversalStatus)})", name="reversal_status_is_known"),
        CheckConstraint("amount_minor > 0", name="reversal_is_something"),
        CheckConstraint(
            "(status = 'made') = (stripe_reversal_id IS NOT NULL) AND (status = 'made') = (made_at IS NOT NULL)",
            name="made_reversal_has_an_id",
        ),
        Index("ix_transfer_reversal_owed", "looked_at", postgresql_where=text("status = 'owed'")),
    )

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
