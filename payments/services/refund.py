"""Money on its way back: owed in the transaction that finds the reason, sent after it (rule paid_or_refunded)."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.core import mail
from marketplace.core.db import Json
from marketplace.core.jobs import enqueue
from marketplace.core.money import Money
from payments.domain.refunds import BOOKED_FOR_REFUNDS, ENDED, RefundState, next_refund_status
from payments.domain.states import RefundStatus
from payments.models.sales import Payment, Purchase, Refund
from payments.services.commands import want
from payments.services.ledger import book_refund_exchanged, book_refund_owed, book_refund_progress

CANCELLED, OUTCOME, GIVEN_BACK = "cancelled", "outcome", "given_back"
"""Why something goes back for a session that was bought: it was called off, its outcome or an operator says so."""


def owe_refund(
    session: Session,
    payment: Payment,
    purchase: Purchase,
    booking: Booking,
    *,
    reason: str,
    amount: Money,
    now: datetime,
) -> None:
    """Once per payment and reason, however often it is called; what was paid with nothing is owed nothing."""
    reference = f"refund-{payment.public_id}-{reason}"
    refund = _owe(session, payment, reference, reason=reason, amount=amount, now=now)
    if refund is None:
        return
    mail.post(
        session,
        "payments:refunded",
        key=reference,
        user_id=purchase.mentee_id,
        now=now,
        refund_id=refund.id,
        booking_id=booking.id,
    )


def owe_for_session(session: Session, payment: Payment, booking: Booking, *, amount: Money, now: datetime) -> None:
    """Once per session, however often it is called. The letter about what became of the session says so."""
    reason = CANCELLED if booking.cancelled_at is not None else OUTCOME
    reference = f"refund-{payment.public_id}-{reason}-{booking.public_id}"
    reference += _after_covered(session, (Refund.booking_id == booking.id) & (Refund.reason == reason))
    _owe(session, payment, reference, reason=reason, amount=amount, now=now, booking_id=booking.id)


def owe_for_unused(session: Session, payment: Payment, *, amount: Money, now: datetime) -> None:
    """Once for all that a programme had unused when it ended. The letter about its end says so."""
    reference = f"refund-{payment.public_id}-{ENDED}"
    reference += _after_covered(session, (Refund.payment_id == payment.id) & (Refund.reason == ENDED))
    _owe(session, payment, reference, reason=ENDED, amount=amount, now=now)


def _after_covered(session: Session, same: ColumnElement[bool]) -> str:
    """What a bank has given back in place of one is no longer that one: the next has a number."""
    covered = select(func.count()).select_from(Refund).where(same, Refund.status == RefundStatus.COVERED)
    before = session.scalar(covered)
    return f"-{before + 1}" if before else ""


def owe_given_back(
    session: Session, payment: Payment, booking: Booking, *, number: int, amount: Money, now: datetime
) -> Refund:
    """For a session that was settled, under its locks: the `number`th time."""
    reference = f"refund-{payment.public_id}-{GIVEN_BACK}-{booking.public_id}-{number}"
    refund = _owe(session, payment, reference, reason=GIVEN_BACK, amount=amount, now=now, booking_id=booking.id)
    assert refund is not None, "it is something, and the number is new"
    return refund


def owe_rest(session: Session, payment: Payment, reference: str, *, reason: str, amount: Money, now: datetime) -> None:
    """Of a payment, for no one session; the caller says to whom it may concern."""
    _owe(session, payment, reference, reason=reason, amount=amount, now=now)


def _owe(
    session: Session,
    payment: Payment,
    reference: str,
    *,
    reason: str,
    amount: Money,
    now: datetime,
    booking_id: int | None = None,
) -> Refund | None:
    """None if there is nothing to owe, or it is owed already."""
    if not amount:
        return None
    params: Json = {
        "payment_intent": payment.stripe_payment_intent_id,
        "amount": amount.minor,
        "metadata": {"refund": reference},
        "expand": list(BOOKED_FOR_REFUNDS),
    }
    command_id = want(session, "refund", reference, params, now=now)
    if command_id is None:
        return None
    refund = Refund(
        payment_id=payment.id,
        status=RefundStatus.OWED,
        reason=reason,
        booking_id=booking_id,
        amount_minor=amount.minor,
        currency=amount.currency,
        command_id=command_id,
        created_at=now,
        looked_at=now,
    )
    session.add(refund)
    session.flush()
    book_refund_owed(session, refund, now=now)
    enqueue(session, "payments:send_refund", refund_id=refund.id)
    return refund


def note_look(session: Session, refund_id: int, *, now: datetime) -> None:
    """Stripe was asked, and it is not to be sent now: it is not asked again at once."""
    seen = update(Refund).where(Refund.id == refund_id, Refund.looked_at < now)
    session.execute(seen.values(looked_at=now))


def apply_refund(session: Session, refund_id: int, theirs: RefundState, *, fetch: int, now: datetime) -> None:
    refund = session.execute(
        select(Refund).where(Refund.id == refund_id).with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    ).scalar_one()
    refund.looked_at = max(refund.looked_at, now)
    if fetch <= refund.last_fetch:
        return
    refund.last_fetch = fetch
    refund.stripe_refund_id = theirs.id
    refund.sent_at = refund.sent_at or now
    before = RefundStatus(refund.status)
    refund.status = next_refund_status(before, theirs.status)
    session.flush()
    book_refund_progress(session, refund, before, now=now)
    if refund.status != RefundStatus.SENT:
        book_refund_exchanged(session, refund, theirs.exchanged, now=now)
