"""What becomes of a person's mentorships when their account is closed.

What they wrote for themselves goes, and what they said of their weeks. What the two wrote together stays with the
other one, who reads it beside no name; the mentorship is over.
"""

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.accounts.closing import goes_with_it
from marketplace.mentorships.domain.sessions import Part
from marketplace.mentorships.domain.states import OVER, Standing
from marketplace.mentorships.models.carried import Carried
from marketplace.mentorships.models.fit import FitCheck
from marketplace.mentorships.models.messages import AnswerWanted, ThreadSide
from marketplace.mentorships.models.own import JournalEntry, Referral
from marketplace.mentorships.models.pairs import Mentorship, StandingChange
from marketplace.mentorships.models.reviews import Review
from marketplace.mentorships.models.sessions import CheckIn, HeardAnswer, NoteAside, SessionNote


@goes_with_it
def forget_own_words(session: Session, user_id: int, _now: datetime) -> None:
    as_mentee = select(Booking.id).where(Booking.mentee_id == user_id)
    as_mentor = select(Booking.id).where(Booking.mentor_id == user_id)
    for table in (SessionNote, NoteAside):
        for part, sessions in ((Part.MENTEES_OWN, as_mentee), (Part.MENTORS_OWN, as_mentor)):
            session.execute(delete(table).where(table.part == part, table.booking_id.in_(sessions)))
    session.execute(delete(NoteAside).where(NoteAside.by_id == user_id))
    session.execute(delete(HeardAnswer).where(HeardAnswer.booking_id.in_(as_mentee)))
    session.execute(delete(Carried).where(Carried.mentee_id == user_id))
    session.execute(delete(FitCheck).where(FitCheck.by_id == user_id))
    theirs = select(Mentorship.id).where(Mentorship.mentee_id == user_id)
    session.execute(delete(CheckIn).where(CheckIn.mentorship_id.in_(theirs)))
    session.execute(update(Review).where(Review.by_id == user_id).values(is_named=False))
    session.execute(delete(ThreadSide).where(ThreadSide.user_id == user_id))
    session.execute(delete(JournalEntry).where(JournalEntry.mentor_id == user_id))
    session.execute(delete(Referral).where(Referral.mentor_id == user_id))


@goes_with_it
def end_mentorships(session: Session, user_id: int, now: datetime) -> None:
    theirs = or_(Mentorship.mentor_id == user_id, Mentorship.mentee_id == user_id)
    ended = session.scalars(
        update(Mentorship)
        .where(theirs, Mentorship.standing.not_in(OVER))
        .values(standing=Standing.ENDED, since=now, back_on=None)
        .returning(Mentorship.id)
    ).all()
    session.execute(delete(AnswerWanted).where(AnswerWanted.mentorship_id.in_(select(Mentorship.id).where(theirs))))
    session.add_all(
        StandingChange(mentorship_id=each, at=now, standing=Standing.ENDED, by_id=user_id) for each in ended
    )
    session.flush()
