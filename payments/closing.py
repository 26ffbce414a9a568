"""What payments know of an account that is to be closed: money on its way keeps it open."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.closing import goes_with_it, keeps_open
from marketplace.core import mail
from marketplace.core.sentences import Sentence, sentence
from payments.domain.states import PAYABLE, PurchaseStatus, RefundStatus
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund
from payments.queries.disputes import is_disputed
from payments.queries.programmes import IS_TO_BOOK
from payments.queries.transfers import is_something_unsent

_NOT_ARRIVED = [RefundStatus.OWED, RefundStatus.SENT, RefundStatus.FAILED]
"""What the bank sent back is owed until it is paid by hand."""


@goes_with_it
def forget_letters(session: Session, user_id: int, _now: datetime) -> None:
    """Letters about their sessions name them, to whomever they went."""
    theirs = (Booking.mentor_id == user_id) | (Booking.mentee_id == user_id)
    mail.forget_words_about(session, select(Booking.public_id).where(theirs))


@keeps_open
def disputes_to_decide(session: Session, user_id: int, _now: datetime) -> list[Sentence]:
    """Of what they bought or sold: until the bank has decided, what is known of it is needed."""
    theirs = (Purchase.mentee_id == user_id) | (Purchase.mentor_id == user_id)
    open_ones = select(Payment.id).join(Purchase, Purchase.id == Payment.purchase_id).where(theirs)
    if session.scalar(open_ones.where(is_disputed(Payment.id)).limit(1)) is None:
        return []
    return [sentence("A bank disputes a payment, and has not decided yet.")]


@keeps_open
def money_on_its_way(session: Session, user_id: int, _now: datetime) -> list[Sentence]:
    """Of what they bought: a checkout that can still be paid, or a refund that has not arrived."""
    theirs = Purchase.mentee_id == user_id
    payments = select(Payment.id).join(Purchase, Purchase.id == Payment.purchase_id)
    payable = payments.where(theirs, Payment.status.in_(sorted(PAYABLE))).limit(1)
    refunds = select(Refund.id).join(Payment, Payment.id == Refund.payment_id)
    coming = refunds.join(Purchase, Purchase.id == Payment.purchase_id)
    coming = coming.where(theirs, Refund.status.in_(_NOT_ARRIVED), Refund.by_hand_at.is_(None)).limit(1)
    if session.scalar(payable) is None and session.scalar(coming) is None:
        return []
    return [sentence("Money is on its way: a payment that is not finished, or a refund that has not arrived.")]


@keeps_open
def sessions_to_settle(session: Session, user_id: int, now: datetime) -> list[Sentence]:
    """Over, paid for, and not final yet: either of the two may still say how it was."""
    theirs = (Booking.mentor_id == user_id) | (Booking.mentee_id == user_id)
    over = Booking.status.in_([BookingStatus.CONFIRMED, BookingStatus.COMPLETED]) & (Booking.ends_at <= now)
    unsettled = (
        select(Booking.id)
        .join(PurchaseSession, PurchaseSession.booking_id == Booking.id)
        .join(Purchase, Purchase.id == PurchaseSession.purchase_id)
        .where(theirs, over, Booking.settled_at.is_(None), Purchase.gross_minor > 0)
        .limit(1)
    )
    if session.scalar(unsettled) is None:
        return []
    return [sentence("A session is over and not settled yet: that takes two days, or an operator’s decision.")]


@keeps_open
def sessions_to_book(session: Session, user_id: int, _now: datetime) -> list[Sentence]:
    """Of programmes that they bought or sold: either of the two may end one, and the money goes back."""
    theirs = (Purchase.mentee_id == user_id) | (Purchase.mentor_id == user_id)
    parts = select(PurchaseSession.position).join(Purchase, Purchase.id == PurchaseSession.purchase_id)
    sold = parts.where(theirs, IS_TO_BOOK, Purchase.status == PurchaseStatus.SOLD).limit(1)
    if session.scalar(sold) is None:
        return []
    return [
        sentence("A programme has sessions that are not booked yet: end it on its page, and their money goes back.")
    ]


@keeps_open
def earnings_to_send(session: Session, user_id: int, _now: datetime) -> list[Sentence]:
    """What a mentor has earned is not forgotten with their account."""
    if not is_something_unsent(session, user_id):
        return []
    return [sentence("What you have earned has not all been sent to you: see “Getting paid”, or write to us.")]
