"""A mentor's proposal of another time, from being made to its end; each in one transaction, with a letter to whom it
concerns. No money moves, but where the mentee takes all back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.proposals import ProposalStatus
from booking.domain.states import Canceller
from booking.queries.bookings import envelope_of
from booking.queries.moves import open_proposal
from booking.services.cancel import cancel_booking, require_cancellable
from booking.services.move import NewTime
from booking.services.notify import tell_moved, tell_proposed, tell_withdrawn
from booking.services.proposal_ends import close, lapse
from booking.services.propose import Answer, accept, proposal_to_answer, propose
from booking.services.remind import plan_reminders
from marketplace.core.config import Settings
from payments.queries.cancelling import Cancelling, dues_if_cancelled
from payments.services.cancel import tell_both
from payments.services.move import mentee_lines
from payments.services.rows import lock_sold
from payments.services.settle import settle_sale


def propose_time(session: Session, booking_id: int, wanted: NewTime, *, now: datetime, settings: Settings) -> None:
    """For the mentor. Raises AlreadyCancelled, NotMovable, MovedMeanwhile, ProposedAlready, SlotTaken, NotBookable,
    HoldOverdue."""
    booking = lock_sold(session, booking_id).booking
    proposal = propose(session, booking, wanted, now=now, envelope=envelope_of(settings))
    tell_proposed(session, booking, proposal, now=now)


def accept_proposal(session: Session, booking_id: int, answer: Answer, *, now: datetime) -> None:
    """For the mentee. Raises AlreadyCancelled, NotMovable, ProposalOver."""
    rows = lock_sold(session, booking_id)
    move = accept(session, rows.booking, answer, now=now)
    lines = mentee_lines(session, rows.purchase, rows.booking, now)
    tell_moved(session, rows.booking, move, now=now, mentee_lines=lines)
    plan_reminders(session, rows.booking, now=now)


def take_all_back(session: Session, booking_id: int, answer: Answer, *, now: datetime) -> None:
    """For the mentee, at any notice: it counts as the mentor's cancelling. Raises AlreadyCancelled, NotCancellable,
    ProposalOver."""
    rows = lock_sold(session, booking_id)
    require_cancellable(rows.booking, now)
    proposal_to_answer(session, rows.booking, answer, now)
    dues = dues_if_cancelled(session, rows.purchase, rows.booking, Canceller.MENTOR, now)
    cancel_booking(
        session,
        rows.booking,
        by=Canceller.MENTOR,
        person_id=answer.person_id,
        reason="",
        now=now,
        took_all_back=True,
    )
    settle_sale(session, rows, now=now)
    tell_both(session, rows.purchase, rows.booking, Cancelling(dues), now)


def withdraw_proposal(session: Session, booking_id: int, answer: Answer, *, now: datetime) -> None:
    """For the mentor. Raises ProposalOver."""
    booking = lock_sold(session, booking_id).booking
    proposal = proposal_to_answer(session, booking, answer, now)
    close(session, proposal, ProposalStatus.WITHDRAWN, now=now)
    tell_withdrawn(session, booking, proposal, now=now)


def lapse_proposal(session: Session, booking_id: int, *, now: datetime) -> None:
    """What was not answered in time is over; nothing, the second time."""
    booking = lock_sold(session, booking_id).booking
    proposal = open_proposal(session, booking.id)
    if proposal is not None and not proposal.is_open(now):
        lapse(session, proposal, now=now)
