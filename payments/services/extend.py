"""Hold a time for longer: a new Checkout Session after the old one has ended (rule no_release_while_payable)."""

from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.errors import RuleBroken
from payments.domain.checkout import CheckoutState
from payments.domain.extending import Extension
from payments.domain.states import PaymentStatus
from payments.models.sales import Payment
from payments.queries import sales as queries
from payments.services.buy import HOLD
from payments.services.freeze import new_payment
from payments.services.rows import lock_sale


class NotExtendable(RuleBroken):
    """A time is held longer only in the last minutes of a hold that lives, and only so often."""


def require_extendable(session: Session, payment: Payment | None, now: datetime) -> Payment:
    if payment is None or payment.status != PaymentStatus.OPEN or payment.expires_at <= now:
        raise NotExtendable("This time is not held for you any more.")
    offered = queries.extension_of(session, payment, now)
    if offered is Extension.LATER:
        raise NotExtendable("You can hold the time for longer in the last five minutes.")
    if offered is Extension.NEVER:
        raise NotExtendable("A time can be held for longer only twice. Pay for it now, or give it back.")
    return payment


def extend_hold(
    session: Session, payment_id: int, ended: CheckoutState, *, fetch: int, now: datetime, settings: Settings
) -> bool:
    """True if there is a new payment, for a session that Stripe says has ended unpaid; False if that came too late."""
    rows = lock_sale(session, payment_id)
    still_held = rows.booking.state is BookingStatus.HELD and rows.payment.status == PaymentStatus.OPEN
    if ended.status != "expired" or not still_held or fetch <= rows.payment.last_fetch:
        return False
    rows.payment.status, rows.payment.last_fetch = PaymentStatus.EXPIRED, fetch
    rows.payment.looked_at = max(rows.payment.looked_at, now)
    for booking in rows.bookings:
        booking.held_until = now + HOLD
    session.flush()  # the old payment first: only one of a purchase may be payable
    mentee = session.get_one(User, rows.purchase.mentee_id)
    new_payment(session, mentee, rows.purchase, rows.in_order, settings, now)
    return True
