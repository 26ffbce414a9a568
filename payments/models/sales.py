"""Purchases, payments, refunds and the events that Stripe sent. All sums are minor units of `currency`."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Sequence, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.bookings import Booking, listed
from marketplace.accounts.models import User
from marketplace.core.db import Base, Json
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from payments.domain.inbox import EventSource
from payments.domain.states import PAYABLE, CommandStatus, PaymentStatus, PurchaseStatus, RefundStatus
from payments.models.fees import FeePolicy

FETCH_NUMBER = Sequence("stripe_fetch_number", metadata=Base.metadata)
"""Drawn before each fetch at Stripe: a state is applied only if no fetch that began later was (rule `events_once`)."""


_NOT_COVERED = text("status <> 'covered' AND reason <> 'given_back'")
_OF_NO_SESSION = text("booking_id IS NULL AND status <> 'covered'")


class StripeCommand(Base):
    """The outbox: what Stripe is to be asked to do, stored with its parameters before it is asked.

    `business_key` names what is wanted and exists once; `idempotency_key` is what Stripe is told. Stripe keeps a key
    for a day at least, and an answer of 500 with it: after either, what was asked for is looked up before there is a
    new key.
    """

    __tablename__ = "stripe_command"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str]
    business_key: Mapped[str] = mapped_column(unique=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    params: Mapped[Json]
    status: Mapped[str] = mapped_column(server_default="waiting")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    keys_used: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    created_at: Mapped[datetime]
    first_sent_at: Mapped[datetime | None]
    """When the present key was first sent; null until then, and the command can still be withdrawn."""
    spoilt: Mapped[bool] = mapped_column(server_default=text("false"))
    """Stripe answered the present key with a 500, and would go on doing so."""
    error: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(
            "kind IN ('account', 'checkout', 'evidence', 'refund', 'reversal', 'transfer')",
            name="command_kind_is_known",
        ),
        CheckConstraint(f"status IN ({listed(CommandStatus)})", name="command_status_is_known"),
        CheckConstraint("status <> 'withdrawn' OR first_sent_at IS NULL", name="only_the_unsent_is_withdrawn"),
    )


class Purchase(Base):
    """Who bought what, frozen at the hold (rule `sold_is_frozen`): price, fee, policy and the offering's words."""

    __tablename__ = "purchase"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    mentee_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), index=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey(Offering.id), index=True)
    status: Mapped[str]
    title: Mapped[str]
    policy: Mapped[str]
    currency: Mapped[str]
    price_minor: Mapped[int]
    fee_minor: Mapped[int]
    fee_bp: Mapped[int] = mapped_column(SmallInteger)
    fee_borne_by: Mapped[str]
    fee_policy_id: Mapped[int | None] = mapped_column(ForeignKey(FeePolicy.id))
    """The version that the fee is from; null: the settings."""
    gross_minor: Mapped[int]
    """What the sessions cost together before discount and tax."""
    tax_included: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the prices have the tax in them; else it comes on top."""
    discount_minor: Mapped[int] = mapped_column(server_default=text("0"))
    tax_minor: Mapped[int] = mapped_column(server_default=text("0"))
    total_minor: Mapped[int | None]
    """What was paid: set at confirmation, with discount and tax."""
    withdrawal_version: Mapped[str | None]
    """Which text of the right to withdraw it is sold by; null: without that right. It ends when the sale says."""
    early_asked_at: Mapped[datetime | None]
    withdrawal_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sold_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "(withdrawal_until IS NOT NULL) = (status = 'sold' AND withdrawal_version IS NOT NULL)",
            name="right_to_withdraw_ends",
        ),
        CheckConstraint("early_asked_at IS NULL OR withdrawal_version IS NOT NULL", name="asked_by_a_text"),
        CheckConstraint(f"status IN ({listed(PurchaseStatus)})", name="purchase_status_is_known"),
        CheckConstraint("mentor_id <> mentee_id", name="nobody_buys_from_themselves"),
        CheckConstraint("price_minor >= 0 AND fee_minor >= 0 AND gross_minor >= 0", name="sums_are_not_negative"),
        CheckConstraint(
            "gross_minor = price_minor + CASE fee_borne_by WHEN 'mentee' THEN fee_minor ELSE 0 END",
            name="gross_is_price_and_fee",
        ),
        CheckConstraint("(status = 'sold') = (total_minor IS NOT NULL)", name="sold_for_a_sum"),
        CheckConstraint(
            "discount_minor BETWEEN 0 AND gross_minor AND tax_minor >= 0", name="discount_and_tax_are_sane"
        ),
        CheckConstraint(
            "total_minor = gross_minor - discount_minor + CASE WHEN tax_included THEN 0 ELSE tax_minor END",
            name="total_is_gross_less_discount_with_tax",
        ),
        CheckConstraint("(status = 'sold') = (sold_at IS NOT NULL)", name="sold_at_a_time"),
        Index("one_unpaid_purchase", "mentee_id", unique=True, postgresql_where=text("status = 'unpaid'")),
    )

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)

    @property
    def paid(self) -> Money:
        """All that was paid; what it costs while nothing was."""
        return self.gross if self.total_minor is None else Money(self.total_minor, self.currency)

    @property
    def discount(self) -> Money:
        return Money(self.discount_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)


class PurchaseSession(Base):
    """One session of a purchase: gross is what it costs before discount and tax, share what the mentor earns; its parts
    of discount and tax are set when the purchase is paid. It is used once (trigger `session_is_used_once`): what is
    `to_book` has no booking yet, or one that was called off and did not use it up."""

    __tablename__ = "purchase_session"

    purchase_id: Mapped[int] = mapped_column(ForeignKey(Purchase.id), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey(Booking.id), unique=True)
    gross_minor: Mapped[int]
    fee_minor: Mapped[int]
    share_minor: Mapped[int]
    discount_minor: Mapped[int] = mapped_column(server_default=text("0"))
    tax_minor: Mapped[int] = mapped_column(server_default=text("0"))
    to_book: Mapped[bool] = mapped_column(server_default=text("false"))
    returned_at: Mapped[datetime | None]
    """When it went back unused, for good (trigger `returned_is_final`)."""

    __table_args__ = (
        CheckConstraint("gross_minor = fee_minor + share_minor", name="gross_is_fee_and_share"),
        CheckConstraint("booking_id IS NOT NULL OR to_book", name="unbooked_is_to_book"),
        CheckConstraint("returned_at IS NULL OR to_book", name="returned_was_to_book"),
        CheckConstraint("discount_minor BETWEEN 0 AND gross_minor AND tax_minor >= 0", name="parts_are_sane"),
    )


class Payment(Base):
    """One Checkout Session, made by a command. `looked_at` is when Stripe was last asked about it."""

    __tablename__ = "payment"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey(Purchase.id), index=True)
    status: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    expires_at: Mapped[datetime]
    command_id: Mapped[int] = mapped_column(ForeignKey(StripeCommand.id), unique=True)
    stripe_session_id: Mapped[str | None] = mapped_column(unique=True)
    stripe_payment_intent_id: Mapped[str | None] = mapped_column(unique=True)
    checkout_url: Mapped[str | None]
    paid_minor: Mapped[int | None]
    last_fetch: Mapped[int] = mapped_column(server_default=text("0"))
    """The highest fetch number whose state was applied here."""
    created_at: Mapped[datetime]
    looked_at: Mapped[datetime]
    """When Stripe was last asked: the sweep asks again when this grows old."""
    paid_at: Mapped[datetime | None]
    stripe_fee_minor: Mapped[int | None]
    """What Stripe kept for taking it; null until Stripe has booked it."""
    stripe_fee_currency: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(f"status IN ({listed(PaymentStatus)})", name="payment_status_is_known"),
        CheckConstraint("amount_minor > 0", name="stripe_is_asked_for_something"),
        CheckConstraint("status IN ('unsent', 'expired') OR stripe_session_id IS NOT NULL", name="sent_has_an_id"),
        CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name="paid_at_a_time"),
        CheckConstraint("(stripe_fee_minor IS NULL) = (stripe_fee_currency IS NULL)", name="fee_has_a_currency"),
        CheckConstraint("paid_minor > 0 OR stripe_payment_intent_id IS NULL", name="nothing_paid_has_no_intent"),
        Index(
            "one_payable_payment",
            "purchase_id",
            unique=True,
            postgresql_where=text(f"status IN ({listed(PAYABLE)})"),
        ),
        Index("ix_payment_payable", "looked_at", postgresql_where=text(f"status IN ({listed(PAYABLE)})")),
        Index(
            "ix_payment_fee_unknown",
            "looked_at",
            postgresql_where=text("status = 'paid' AND paid_minor > 0 AND stripe_fee_minor IS NULL"),
        ),
    )

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Refund(Base):
    """Money on its way back, sent by a command."""

    __tablename__ = "refund"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey(Payment.id), index=True)
    status: Mapped[str]
    reason: Mapped[str]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey(Booking.id))
    """The session that it is for, cancelled or missed; null when all of a payment goes back since it bought nothing."""
    amount_minor: Mapped[int]
    currency: Mapped[str]
    command_id: Mapped[int] = mapped_column(ForeignKey(StripeCommand.id), unique=True)
    stripe_refund_id: Mapped[str | None] = mapped_column(unique=True)
    last_fetch: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    looked_at: Mapped[datetime]
    by_hand_at: Mapped[datetime | None]
    """When an operator paid it past Stripe; who that was, and how, in words for the mentee."""
    by_hand_by: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    by_hand_how: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(f"status IN ({listed(RefundStatus)})", name="refund_status_is_known"),
        CheckConstraint("amount_minor > 0", name="refund_is_something"),
        CheckConstraint("status IN ('covered', 'owed') OR stripe_refund_id IS NOT NULL", name="sent_refund_has_an_id"),
        CheckConstraint("num_nonnulls(by_hand_at, by_hand_by, by_hand_how) IN (0, 3)", name="by_hand_says_who_and_how"),
        CheckConstraint("by_hand_at IS NULL OR status IN ('owed', 'failed')", name="by_hand_only_what_failed"),
        CheckConstraint(
            "(reason IN ('given_back', 'cancelled', 'outcome')) = (booking_id IS NOT NULL)",
            name="cancelled_names_its_session",
        ),
        Index("one_refund_per_reason", "payment_id", "reason", unique=True, postgresql_where=_OF_NO_SESSION),
        Index("one_refund_per_session", "booking_id", "reason", unique=True, postgresql_where=_NOT_COVERED),
        Index("ix_refund_unsettled", "looked_at", postgresql_where=text("status IN ('owed', 'sent')")),
    )

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class StripeEvent(Base):
    """The inbox. An event is only a reason to fetch the present state of the object that it names."""

    __tablename__ = "stripe_event"

    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    object_id: Mapped[str] = mapped_column(index=True)
    api_version: Mapped[str | None]
    livemode: Mapped[bool]
    created_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[Json]
    source: Mapped[str] = mapped_column(server_default="webhook")
    status: Mapped[str] = mapped_column(server_default="new")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    next_at: Mapped[datetime | None]
    """When the sweep takes it up; null when it is done, or left to a person."""
    error: Mapped[str | None]
    processed_at: Mapped[datetime | None]
    """When it was dealt with: by us, or by a person who set it aside."""

    __table_args__ = (
        CheckConstraint("status IN ('new', 'done', 'parked')", name="event_status_is_known"),
        CheckConstraint(f"source IN ({listed(EventSource)})", name="event_source_is_known"),
        CheckConstraint("(status = 'new') <= (next_at IS NOT NULL)", name="new_events_are_tried"),
        CheckConstraint("status <> 'done' OR next_at IS NULL", name="done_events_are_not"),
        Index("ix_stripe_event_due", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    )
