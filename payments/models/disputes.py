"""What banks do about payments: disputes, with what Stripe last said of them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.bookings import Booking, listed
from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.core.money import Money
from payments.domain.attachments import AttachedKind
from payments.domain.disputes import OPEN, DisputeStatus
from payments.models.sales import Payment, StripeCommand


class Dispute(Base):
    """Its sums are what Stripe has booked for it: taken from the balance, given back to it, and Stripe's fee."""

    __tablename__ = "dispute"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey(Payment.id), index=True)
    stripe_dispute_id: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    reason: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    taken_minor: Mapped[int]
    taken_at: Mapped[datetime | None]
    """When that was first seen; null while a bank only asks."""
    returned_minor: Mapped[int]
    lost_minor: Mapped[int] = mapped_column(server_default=text("0"))
    """What is with the mentee for good."""
    fee_minor: Mapped[int]
    fee_currency: Mapped[str]
    due_by: Mapped[datetime | None]
    """When evidence has to be with Stripe."""
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    last_fetch: Mapped[int] = mapped_column(server_default=text("0"))
    """The highest fetch number whose state was applied here."""
    looked_at: Mapped[datetime]
    """When Stripe was last asked: the sweep asks again when this grows old."""
    submissions: Mapped[int] = mapped_column(server_default=text("0"))
    """How often evidence was handed in, here or at Stripe."""
    evidence_command_id: Mapped[int | None] = mapped_column(ForeignKey(StripeCommand.id), unique=True)
    """What hands the evidence in, with its text."""
    evidence_by: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    evidence_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(f"status IN ({listed(DisputeStatus)})", name="dispute_status_is_known"),
        CheckConstraint(f"(status IN ({listed(OPEN)})) = (decided_at IS NULL)", name="decided_at_a_time"),
        CheckConstraint(
            "amount_minor > 0 AND taken_minor >= 0 AND returned_minor >= 0"
            " AND (taken_minor > 0) = (taken_at IS NOT NULL)",
            name="dispute_sums_are_sums",
        ),
        CheckConstraint(
            "lost_minor = CASE status WHEN 'lost' THEN taken_minor - returned_minor ELSE 0 END",
            name="lost_is_what_stays_away",
        ),
        CheckConstraint(
            "num_nonnulls(evidence_command_id, evidence_by, evidence_at) IN (0, 3)", name="evidence_says_who_and_when"
        ),
        Index("ix_dispute_open", "looked_at", postgresql_where=text("decided_at IS NULL")),
    )

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def state(self) -> DisputeStatus:
        return DisputeStatus(self.status)

    @property
    def lost(self) -> Money:
        return Money(self.lost_minor, self.currency)


class DisputeAttachment(Base):
    """What one of a session's two people lets the site show to the bank; the other one sees that and what."""

    __tablename__ = "dispute_attachment"

    dispute_id: Mapped[int] = mapped_column(ForeignKey(Dispute.id), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    """What it is a copy of, so that it is attached once."""
    kind: Mapped[str]
    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    words: Mapped[str]
    """As they were then."""
    written_by: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    """Of a message, as `written_at`."""
    written_at: Mapped[datetime | None]
    attached_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"kind IN ({listed(AttachedKind)})", name="attached_kind_is_known"),
        CheckConstraint(
            "(kind = 'message') = (written_by IS NOT NULL) AND (kind = 'message') = (written_at IS NOT NULL)",
            name="message_says_whose_and_when",
        ),
    )
