"""What is written down at the hold: the sale as it is sold, and the payment that is to be made for it.

Keeps rules sold_is_frozen (everything is copied here) and paid_or_refunded (what Stripe will be asked is stored before
it is asked).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.ids import public_id
from marketplace.offerings.models import Offering
from payments.domain.fees import Fee, Lines, total
from payments.domain.states import PaymentStatus, PurchaseStatus
from payments.models.sales import Payment, Purchase, PurchaseSession
from payments.services.checkout_params import checkout_params
from payments.services.commands import want
from payments.services.programme_rows import programme_of_offering


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """By which text, and when an early start was asked for."""

    version: str | None = None
    early_asked_at: datetime | None = None


def freeze_sale(
    session: Session,
    offering: Offering,
    bookings: Sequence[Booking],
    rows: list[Lines],
    fee: Fee,
    withdrawal: Withdrawal,
    now: datetime,
    *,
    tax_included: bool,
) -> Purchase:
    """The bookings are those of its first sessions; the others are still to be booked."""
    lines, first = total(rows), bookings[0]
    purchase = Purchase(
        public_id=public_id(),
        mentee_id=first.mentee_id,
        mentor_id=first.mentor_id,
        offering_id=offering.id,
        status=PurchaseStatus.UNPAID,
        title=offering.title,
        policy=offering.policy,
        currency=offering.currency,
        price_minor=lines.price.minor,
        fee_minor=lines.fee.minor,
        fee_bp=fee.rate_bp,
        fee_policy_id=fee.version,
        fee_borne_by=fee.borne_by,
        gross_minor=lines.gross.minor,
        tax_included=tax_included,
        withdrawal_version=withdrawal.version,
        early_asked_at=withdrawal.early_asked_at,
        created_at=now,
    )
    session.add(purchase)
    session.flush()
    booked = zip_longest(rows, bookings)
    session.add_all(_row(purchase, position, *each) for position, each in enumerate(booked, start=1))
    if offering.is_programme:
        session.add(programme_of_offering(purchase, offering, early_asked_at=withdrawal.early_asked_at))
    session.flush()
    return purchase


def _row(purchase: Purchase, position: int, lines: Lines, booking: Booking | None) -> PurchaseSession:
    return PurchaseSession(
        purchase_id=purchase.id,
        position=position,
        booking_id=booking.id if booking else None,
        to_book=booking is None,
        gross_minor=lines.gross.minor,
        fee_minor=lines.fee.minor,
        share_minor=lines.share.minor,
    )


def new_payment(
    session: Session,
    mentee: User,
    purchase: Purchase,
    bookings: Sequence[Booking],
    settings: Settings,
    now: datetime,
) -> Payment:
    """A payment to be made until the hold ends, with the command that makes its Checkout Session."""
    reference, held_until = public_id(), bookings[0].held_until
    assert held_until is not None
    params = checkout_params(session, mentee, purchase, bookings, reference, settings)
    payment = Payment(
        public_id=reference,
        purchase_id=purchase.id,
        status=PaymentStatus.UNSENT,
        amount_minor=purchase.gross_minor,
        currency=purchase.currency,
        expires_at=held_until,
        command_id=want(session, "checkout", f"checkout-{reference}", params, now=now),
        created_at=now,
        looked_at=now,
    )
    session.add(payment)
    session.flush()
    return payment
