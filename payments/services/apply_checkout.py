"""Bring our rows in line with a Checkout Session as Stripe says it is now.

The only place where money moves a slot. Webhook, sweep, return page and cancel page all end here, in any order and any
number of times (rules paid_or_refunded, events_once).
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import PENDING, BookingStatus
from booking.models.bookings import Booking
from booking.queries.bookings import envelope_of
from booking.services.hold import NotBookable, SlotTaken, revive
from booking.services.notify import tell_hold_ended
from booking.services.settle_hold import await_payment, end_hold
from marketplace.core.config import Settings
from marketplace.core.jobs import enqueue
from marketplace.core.money import Money
from payments.domain.checkout import CheckoutState, Ours, Step, next_step
from payments.domain.spread import Paid
from payments.domain.states import PAYABLE, PaymentStatus, PurchaseStatus
from payments.models.sales import Payment
from payments.services.commands import withdraw
from payments.services.complete import complete_sale
from payments.services.ledger import book_payment
from payments.services.refund import owe_refund
from payments.services.rows import SaleRows, lock_sale


def apply_checkout(
    session: Session,
    payment_id: int,
    theirs: CheckoutState,
    *,
    fetch: int,
    now: datetime,
    settings: Settings,
    given_back: bool = False,
) -> Step:
    """`fetch` was drawn before the fetch began: a state is applied only if no fetch that began later was.

    Raises HoldOverdue when a late payment could revive its slot but for overdue holds: end those, then apply again.
    """
    rows = lock_sale(session, payment_id)
    payment = rows.payment
    payment.looked_at = max(payment.looked_at, now)
    if fetch <= payment.last_fetch:
        return Step.NOTHING
    payment.last_fetch = fetch
    payment.stripe_session_id = theirs.id
    step = next_step(theirs, _ours(rows))
    _take(session, step, rows, theirs, now=now, settings=settings, given_back=given_back)
    session.flush()
    return step


def lapse_unsent(session: Session, payment_id: int, *, now: datetime, given_back: bool = False) -> None:
    """For a payment whose Checkout Session never came to be: nobody can pay it, so the slot is free again."""
    rows = lock_sale(session, payment_id)
    if rows.payment.status == PaymentStatus.UNSENT:
        _lapse(session, rows, PaymentStatus.EXPIRED, now=now, given_back=given_back)
        session.flush()


def withdraw_unsent(session: Session, payment_id: int, *, now: datetime, given_back: bool) -> bool:
    """True if Stripe was never asked for the session, and now never will be: the slot is free again."""
    rows = lock_sale(session, payment_id)
    if rows.payment.status != PaymentStatus.UNSENT or not withdraw(session, rows.payment.command_id):
        return False
    _lapse(session, rows, PaymentStatus.EXPIRED, now=now, given_back=given_back)
    session.flush()
    return True


def _ours(rows: SaleRows) -> Ours:
    return Ours(
        payment=PaymentStatus(rows.payment.status),
        purchase=PurchaseStatus(rows.purchase.status),
        booking=rows.booking.state,
        gross_minor=rows.purchase.gross_minor,
        tax_included=rows.purchase.tax_included,
        currency=rows.purchase.currency,
    )


def _take(
    session: Session,
    step: Step,
    rows: SaleRows,
    theirs: CheckoutState,
    *,
    now: datetime,
    settings: Settings,
    given_back: bool,
) -> None:
    match step:
        case Step.NOTHING:
            return
        case Step.NOTE_OPEN:
            rows.payment.status, rows.payment.checkout_url = PaymentStatus.OPEN, theirs.url
        case Step.AWAIT:
            rows.payment.status = PaymentStatus.PROCESSING
            if rows.booking.state is BookingStatus.HELD:
                await_payment(session, *rows.bookings)
        case Step.LAPSE:
            status = PaymentStatus.FAILED if theirs.has_failed else PaymentStatus.EXPIRED
            _lapse(session, rows, status, now=now, given_back=given_back)
        case _:
            _take_money(session, step, rows, theirs, now=now, settings=settings)


def _take_money(
    session: Session, step: Step, rows: SaleRows, theirs: CheckoutState, *, now: datetime, settings: Settings
) -> None:
    paid = Money(theirs.amount_total, theirs.currency)
    if step is Step.REVIVE and not _revived(session, rows.in_order, now=now, settings=settings):
        step = Step.REFUND_LATE
    _note_paid(rows.payment, theirs, now)
    book_payment(session, rows.payment, now=now)
    _end_other_checkouts(session, rows)
    if step in {Step.CONFIRM, Step.REVIVE}:
        sums = (Money(minor, theirs.currency) for minor in (theirs.amount_discount, theirs.amount_tax))
        complete_sale(session, rows.purchase, rows.in_order, paid=Paid(paid, *sums), now=now)
        return
    _give_up_slot(session, rows, now=now)
    owe_refund(session, rows.payment, rows.purchase, rows.booking, reason=step.value, amount=paid, now=now)


def _note_paid(payment: Payment, theirs: CheckoutState, now: datetime) -> None:
    payment.status = PaymentStatus.PAID
    payment.paid_minor, payment.paid_at = theirs.amount_total, now
    # One that was declined stays with its session, though a code has taken all of the price since.
    payment.stripe_payment_intent_id = theirs.payment_intent if theirs.amount_total else None


def _revived(session: Session, bookings: list[Booking], *, now: datetime, settings: Settings) -> bool:
    """Late money gets its slot, or all of a series, if the same function that lists the slots still says yes (decided
    here, not by hand)."""
    try:
        with session.begin_nested():
            revive(session, *bookings, now=now, envelope=envelope_of(settings), site_meeting_url=settings.meeting_url)
    except (SlotTaken, NotBookable):
        for booking in bookings:
            session.refresh(booking)
        return False
    return True


def _end_other_checkouts(session: Session, rows: SaleRows) -> None:
    """One payment is enough: whatever other session is still open for the same sale is ended after the commit."""
    others = (Payment.purchase_id == rows.purchase.id, Payment.id != rows.payment.id, Payment.status.in_(PAYABLE))
    for payment_id in session.scalars(select(Payment.id).where(*others)):
        enqueue(session, "payments:look", payment_id=payment_id)


def _give_up_slot(session: Session, rows: SaleRows, *, now: datetime) -> None:
    """A wrong sum ends the hold that it was meant for; a second payment must not touch what the first one bought."""
    if rows.purchase.status == PurchaseStatus.UNPAID:
        if rows.booking.state in PENDING:
            end_hold(session, *rows.bookings, now=now, given_back=False)
        rows.purchase.status = PurchaseStatus.LAPSED


def _lapse(session: Session, rows: SaleRows, status: PaymentStatus, *, now: datetime, given_back: bool) -> None:
    rows.payment.status = status
    if rows.purchase.status != PurchaseStatus.UNPAID:
        return
    rows.purchase.status = PurchaseStatus.LAPSED
    if rows.booking.state in PENDING:
        end_hold(session, *rows.bookings, now=now, given_back=given_back)
        if not given_back:
            tell_hold_ended(session, *rows.in_order, now=now)
