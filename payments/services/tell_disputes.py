"""Letters about disputes, queued with the fact in the same transaction. Nobody is woken by them (rule quiet_hours)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from booking.services.notify import reach_mentee_at, reach_mentor_at, reach_person_at, tell_cancelled
from marketplace.accounts.models import User
from marketplace.core import mail
from marketplace.core.language import speaking
from marketplace.core.money import Money
from payments.domain.disputes import CHARGEBACKS, INQUIRIES, DisputeStatus
from payments.models.disputes import Dispute, DisputeAttachment
from payments.words.disputes import all_back_words, given_by_bank_words, nothing_earned_words

TO_MENTOR, TO_OPERATOR, WARNED = "payments:dispute", "payments:dispute_operator", "payments:warned"
ATTACHED = "payments:attached"
_TELLINGS = (INQUIRIES, CHARGEBACKS, frozenset({DisputeStatus.LOST}))


def tell_dispute(session: Session, booking: Booking, dispute: Dispute, *, now: datetime) -> None:
    """To the mentor and to every operator, once for each thing that becomes of it."""
    due = {booking.mentor_id: (TO_MENTOR, reach_mentor_at(session, booking.mentor_id, about=None, now=now))}
    operators = select(User.id).where(User.is_operator, User.suspended_at.is_(None)).order_by(User.id)
    for user_id in session.scalars(operators):
        due.setdefault(user_id, (TO_OPERATOR, reach_mentee_at(session, user_id, about=None, now=now)))
    for user_id, (fact, due_at) in due.items():
        mail.post(
            session,
            fact,
            key=f"dispute-{dispute.id}",
            user_id=user_id,
            now=now,
            due_at=due_at,
            sequence=telling_of(dispute.state),
            dispute_id=dispute.id,
        )


def telling_of(status: DisputeStatus) -> int:
    """Asked, taken, lost, and closed in another way: each is told once."""
    return next((number for number, known in enumerate(_TELLINGS) if status in known), len(_TELLINGS))


def tell_called_off(session: Session, booking: Booking, paid: Money, *, by_bank: bool, now: datetime) -> None:
    """That the site has called it off, to both; `by_bank`: a bank has given the money back already."""
    with speaking(session.get_one(User, booking.mentee_id).locale):
        mentee_line = given_by_bank_words(paid) if by_bank else all_back_words(paid)
    with speaking(session.get_one(User, booking.mentor_id).locale):
        mentor_line = nothing_earned_words()
    tell_cancelled(session, booking, now=now, mentee_lines=[mentee_line], mentor_lines=[mentor_line])


def tell_warned(session: Session, booking: Booking, back: Money, *, now: datetime) -> None:
    """To both, of what went back of a session that has begun: the mentee has it, the mentor keeps what is earned."""
    for person_id in (booking.mentee_id, booking.mentor_id):
        mail.post(
            session,
            WARNED,
            key=booking.public_id,
            user_id=person_id,
            now=now,
            due_at=reach_person_at(session, booking, person_id, about=None, now=now),
            back_minor=back.minor,
            currency=back.currency,
        )


def tell_attached(
    session: Session, booking: Booking, dispute: Dispute, sources: Sequence[str], *, by: int, now: datetime
) -> None:
    """To the other one, of each press. Rows are only added, under the sale's lock: how many there are of this session
    says which telling it is."""
    other_id = booking.mentee_id if by == booking.mentor_id else booking.mentor_id
    so_far = select(func.count()).where(DisputeAttachment.booking_id == booking.id)
    mail.post(
        session,
        ATTACHED,
        key=booking.public_id,
        user_id=other_id,
        now=now,
        due_at=reach_person_at(session, booking, other_id, about=None, now=now),
        sequence=session.execute(so_far).scalar_one(),
        dispute_id=dispute.id,
        sources=list(sources),
    )
