"""Whom Stripe pays for us: one account of a mentor with what Stripe last said of it, and what was transferred."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.bookings import Booking, listed
from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from payments.domain.payouts import Transfers
from payments.domain.states import TransferStatus
from payments.models.sales import Payment, StripeCommand


class PayoutAccount(Base):
    """A trigger keeps `mentor.can_be_paid` in line with `transfers`, whatever path changes it."""

    __tablename__ = "payout_account"

    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), primary_key=True)
    command_id: Mapped[int | None] = mapped_column(ForeignKey(StripeCommand.id), unique=True)
    """What makes it; null for one that was there before it was ours."""
    stripe_account_id: Mapped[str | None] = mapped_column(unique=True)
    transfers: Mapped[str] = mapped_column(server_default=Transfers.UNKNOWN)
    wants: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=text("'{}'"))
    """What Stripe waits for from the mentor, in its own words."""
    last_fetch: Mapped[int] = mapped_column(server_default=text("0"))
    """The highest fetch number whose state was applied here."""
    created_at: Mapped[datetime]
    looked_at: Mapped[datetime]
    """When Stripe was last asked: the sweep asks again when this grows old."""
    bank_looked_at: Mapped[datetime | None]
    """The same for what it pays out to the mentor's bank; null until the first time."""

    __table_args__ = (
        CheckConstraint(f"transfers IN ({listed(Transfers)})", name="transfers_are_known"),
        CheckConstraint("num_nonnulls(command_id, stripe_account_id) > 0", name="made_or_to_be_made"),
        CheckConstraint("transfers = 'unknown' OR stripe_account_id IS NOT NULL", name="only_the_made_is_known"),
        Index("ix_payout_account_looked_at", "looked_at"),
    )


class Transfer(Base):
    """What a mentor has earned by one session, on its way or gone. It draws on the charge of `payment_id`.

    What is earned by it again, after it was taken back, is another one with the next `number`.
    """

    __tablename__ = "transfer"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id))
    payment_id: Mapped[int] = mapped_column(ForeignKey(Payment.id), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), index=True)
    number: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    status: Mapped[str]
    amount_minor: Mapped[int]
    """What goes to the mentor; `netted_minor` is what was kept for what they owed, and with it all that was earned."""
    netted_minor: Mapped[int] = mapped_column(server_default=text("0"))
    currency: Mapped[str]
    command_id: Mapped[int | None] = mapped_column(ForeignKey(StripeCommand.id), unique=True)
    """Null for what does not go through Stripe."""
    stripe_transfer_id: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    looked_at: Mapped[datetime]
    """When it was last tried: the sweep tries again when this grows old."""
    sent_at: Mapped[datetime | None]
    by_hand_at: Mapped[datetime | None]
    """When an operator paid it past Stripe; who that was, and how, in words for the mentor."""
    by_hand_by: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    by_hand_how: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(f"status IN ({listed(TransferStatus)})", name="transfer_status_is_known"),
        CheckConstraint(
            "netted_minor >= 0 AND amount_minor + netted_minor > 0 AND (amount_minor = 0) = (status = 'netted')"
            " AND amount_minor >= 0",
            name="transfer_is_something",
        ),
        CheckConstraint("command_id IS NOT NULL OR status IN ('netted', 'by_hand')", name="transfer_has_a_command"),
        CheckConstraint(
            "num_nonnulls(by_hand_at, by_hand_by, by_hand_how) = CASE status WHEN 'by_hand' THEN 3 ELSE 0 END",
            name="transfer_by_hand_says_how",
        ),
        CheckConstraint(
            "(status = 'sent') = (stripe_transfer_id IS NOT NULL) AND (status = 'sent') = (sent_at IS NOT NULL)",
            name="sent_transfer_has_an_id",
        ),
        Index("one_transfer_per_session", "booking_id", "number", unique=True),
        Index("one_transfer_on_its_way", "booking_id", unique=True, postgresql_where=text("status = 'owed'")),
    )

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def whole(self) -> Money:
        """With what was kept of it."""
        return Money(self.amount_minor + self.netted_minor, self.currency)
