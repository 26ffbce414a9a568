"""Letters about what waits between sessions: planned on the mentorship's row, looked at when it is due."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core import mail
from marketplace.mentorships.domain.states import Standing
from marketplace.mentorships.domain.waiting import STILL_MEETING, asks_for_check_in, asks_for_review, next_look
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.sessions import CheckIn
from marketplace.mentorships.queries.papers import papers_of
from marketplace.mentorships.services.check_ins import monday_of
from marketplace.mentorships.services.telling import reached_at
from marketplace.offerings.models import Offering, OfferingKind

CHECK_IN = "mentorships:check_in"
REVIEW_DAY = "mentorships:review_day"


def look_at_waiting(session: Session, now: datetime, limit: int = 200) -> int:
    """Asks what is to be asked of each mentorship that is due, plans its next look, and says how many those were. Two
    at once take different ones. A rest or an end is not looked at; what goes on is due again."""
    due = (
        select(Mentorship, User)
        .join(User, User.id == Mentorship.mentee_id)
        .where(Mentorship.standing == Standing.OPEN)
        .where(or_(Mentorship.next_look_at.is_(None), Mentorship.next_look_at <= now))
        .order_by(Mentorship.next_look_at.nulls_first(), Mentorship.id)
        .limit(limit)
        .with_for_update(of=Mentorship, key_share=True, skip_locked=True)
    )
    rows = session.execute(due).all()
    for mentorship, mentee in rows:
        mentorship.next_look_at = next_look(now, mentee.tz, _review_day(session, mentorship, mentee, now))
        if asks_for_check_in(now, mentee.tz) and mentee.wants_check_ins:
            _ask_for_check_in(session, mentorship, mentee, now)
    session.flush()
    return len(rows)


def _review_day(session: Session, mentorship: Mentorship, mentee: User, now: datetime) -> date | None:
    """Of the newest version; if it has come, both are told, once."""
    agreement = papers_of(session, mentorship.id).agreement
    day = agreement.agreement.review_on if agreement else None
    if agreement and day and asks_for_review(day, now, mentee.tz):
        key, number = agreement.paper.public_id, agreement.version.number
        for user_id in (mentorship.mentee_id, mentorship.mentor_id):
            _post(session, REVIEW_DAY, f"{key}-{number}", mentorship, user_id, now)
    return day


def _ask_for_check_in(session: Session, mentorship: Mentorship, mentee: User, now: datetime) -> None:
    week = monday_of(now.astimezone(mentee.tz).date())
    if session.get(CheckIn, (mentorship.id, week)) is None and _is_under_way(session, mentorship, now):
        _post(session, CHECK_IN, f"{mentorship.public_id}-{week}", mentorship, mentee.id, now)


def _is_under_way(session: Session, mentorship: Mentorship, now: datetime) -> bool:
    """They have met to work on something, a short while ago or with another session ahead. Where somebody is listened
    to nothing is measured, and a fit call promises nothing."""
    pair = (Booking.mentor_id == mentorship.mentor_id, Booking.mentee_id == mentorship.mentee_id)
    works = Offering.kind.in_([OfferingKind.SESSION, OfferingKind.PROGRAMME])
    ends = session.scalars(
        select(Booking.ends_at)
        .join(Offering, Offering.id == Booking.offering_id)
        .where(*pair, works, Booking.status.in_([BookingStatus.CONFIRMED, BookingStatus.COMPLETED]))
    ).all()
    met = [at for at in ends if at <= now]
    return bool(met) and (max(met) > now - STILL_MEETING or len(met) < len(ends))


def _post(session: Session, fact: str, key: str, mentorship: Mentorship, user_id: int, now: datetime) -> None:
    due_at = reached_at(session, mentorship, user_id, now)
    mail.post(session, fact, key=key, user_id=user_id, now=now, due_at=due_at, mentorship=mentorship.public_id)
