"""Payments that Stripe settled in another currency than the sale's."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import User
from marketplace.core.db import Base
from marketplace.core.money import Money
from payments.domain.exchanges import Moved
from payments.models.disputes import Dispute
from payments.models.sales import Payment, Refund


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


class ExchangedLater(Base):
    """What Stripe has booked instead of what went back, or came back again, after such a payment: one of its balance
    transactions, which has a rate of its own."""

    __tablename__ = "exchanged_later"

    stripe_id: Mapped[str] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey(Payment.id), index=True)
    refund_id: Mapped[int | None] = mapped_column(ForeignKey(Refund.id), index=True)
    dispute_id: Mapped[int | None] = mapped_column(ForeignKey(Dispute.id), index=True)
    sold_minor: Mapped[int]
    """Signed, as `settled_minor` is: what left the balance is negative."""
    sold_currency: Mapped[str]
    settled_minor: Mapped[int]
    settled_currency: Mapped[str]
    found_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("num_nonnulls(refund_id, dispute_id) = 1", name="exchanged_for_one_thing"),
        CheckConstraint("sign(sold_minor) = sign(settled_minor) AND sold_minor <> 0", name="exchanged_one_way"),
        CheckConstraint("sold_currency <> settled_currency", name="exchanged_into_another"),
    )

    @property
    def moved(self) -> Moved:
        sold = Money(self.sold_minor, self.sold_currency)
        return Moved(self.stripe_id, sold, Money(self.settled_minor, self.settled_currency))
