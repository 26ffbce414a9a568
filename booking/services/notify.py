"""Letters about bookings, queued with the fact in the same transaction. A mentor gets them in working time only
(rule `quiet_hours`), a mentee outside quiet hours of their own, and at once what they have just asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.quiet import NoWorkingTime, QuietHours, deliver_at
from booking.domain.recurrence import WeeklyHours
from booking.domain.schedule import Schedule
from booking.domain.zones import Journey
from booking.models.bookings import Booking
from booking.models.moves import BookingMove, MoveProposal
from booking.queries.bookings import schedule_of
from marketplace.accounts.models import User
from marketplace.core import mail
from marketplace.mentors.models import Mentor

BOOKED = "booking:booked"
HOLD_ENDED = "booking:hold_ended"
CANCELLED = "booking:cancelled"
MOVED = "booking:moved"
PROPOSED = "booking:proposed"
PROPOSAL_OVER = "booking:proposal_over"
BUSY_SILENT = "booking:busy_silent"
LOOK_AHEAD = timedelta(days=60)
A_WHILE = timedelta(days=3)
"""Longer than any quiet hours, which end within a day."""
USUAL_WEEK: WeeklyHours = dict.fromkeys(range(1, 6), ((9 * 60, 17 * 60),))
"""Monday to Friday, 09:00 to 17:00, in the mentor's zone."""


def tell_booked(
    session: Session,
    booking: Booking,
    *series: Booking,
    now: datetime,
    mentee_lines: Sequence[str] = (),
    mentor_lines: Sequence[str] = (),
) -> None:
    """To both people: one letter with all that was booked at once, in its order. The lines are ready sentences about
    the sale and its policy, which booking does not know.

    Calendars read one invitation in a letter, so each of `series`, the sessions after the first, is invited to in one
    of its own, for who wants invitations.
    """
    due = {
        booking.mentee_id: now,
        booking.mentor_id: reach_mentor_at(session, booking.mentor_id, about=booking.starts_at, now=now),
    }
    lines = {booking.mentee_id: [*mentee_lines], booking.mentor_id: [*mentor_lines]}
    post, others = partial(mail.post, session, BOOKED, now=now), [each.public_id for each in series]
    for user_id, at in due.items():
        arguments: dict[str, Any] = {"lines": lines[user_id], **({"series": others} if others else {})}
        post(key=booking.public_id, user_id=user_id, due_at=at, sequence=booking.sequence, **arguments)
        for number, each in enumerate(series, start=2):
            place, key = f"{number}/{len(series) + 1}", each.public_id
            post(key=key, user_id=user_id, due_at=at, sequence=each.sequence, place=place)


def tell_cancelled(
    session: Session, booking: Booking, *, now: datetime, mentee_lines: Sequence[str], mentor_lines: Sequence[str]
) -> None:
    """To both people; the lines are ready sentences about the money, which booking does not know."""
    for person_id, lines in ((booking.mentee_id, mentee_lines), (booking.mentor_id, mentor_lines)):
        mail.post(
            session,
            CANCELLED,
            key=booking.public_id,
            user_id=person_id,
            now=now,
            due_at=reach_after_cancelling(session, booking, person_id, now=now),
            sequence=booking.sequence,
            lines=list(lines),
        )


def reach_after_cancelling(session: Session, booking: Booking, person_id: int, *, now: datetime) -> datetime:
    """Who has just asked for it hears at once, the other one outside of quiet time."""
    if person_id == booking.cancelled_by:
        return now
    return reach_person_at(session, booking, person_id, about=booking.starts_at, now=now)


def tell_moved(
    session: Session, booking: Booking, move: BookingMove, *, now: datetime, mentee_lines: Sequence[str]
) -> None:
    """To both people; the lines are ready sentences about the sale, which booking does not know."""
    for person_id, lines in ((booking.mentee_id, mentee_lines), (booking.mentor_id, ())):
        mail.post(
            session,
            MOVED,
            key=booking.public_id,
            user_id=person_id,
            now=now,
            due_at=reach_after_moving(session, booking, move, person_id, now=now),
            sequence=move.sequence,
            lines=list(lines),
        )


def reach_after_moving(
    session: Session, booking: Booking, move: BookingMove, person_id: int, *, now: datetime
) -> datetime:
    """Who has just moved it hears at once, the other one outside of quiet time. It is news of the old time as much as
    of the new one, so the nearer of the two says whether it presses."""
    if person_id == move.moved_by:
        return now
    return reach_person_at(session, booking, person_id, about=nearer(move, now), now=now)


def tell_proposed(session: Session, booking: Booking, proposal: MoveProposal, *, now: datetime) -> None:
    """To the mentee, who may answer; and to the mentor, who has it in writing."""
    about = min(booking.starts_at, proposal.expires_at)
    due = {
        booking.mentee_id: reach_mentee_at(session, booking.mentee_id, about=about, now=now),
        booking.mentor_id: now,
    }
    for person_id, due_at in due.items():
        mail.post(session, PROPOSED, key=proposal.public_id, user_id=person_id, now=now, due_at=due_at)


def tell_withdrawn(session: Session, booking: Booking, proposal: MoveProposal, *, now: datetime) -> None:
    """To the mentee: there is nothing to answer any more."""
    due_at = reach_mentee_at(session, booking.mentee_id, about=booking.starts_at, now=now)
    mail.post(session, PROPOSAL_OVER, key=proposal.public_id, user_id=booking.mentee_id, now=now, due_at=due_at)


def tell_lapsed(session: Session, booking: Booking, proposal: MoveProposal, *, now: datetime) -> None:
    """To both people: nobody has answered, and the old time stands."""
    for person_id in (booking.mentee_id, booking.mentor_id):
        due_at = reach_person_at(session, booking, person_id, about=booking.starts_at, now=now)
        mail.post(session, PROPOSAL_OVER, key=proposal.public_id, user_id=person_id, now=now, due_at=due_at)


def nearer(move: BookingMove, now: datetime) -> datetime:
    """Of the two times, the first that is still ahead; the new one if neither is."""
    return min((at for at in (move.from_starts_at, move.to_starts_at) if at >= now), default=move.to_starts_at)


def tell_busy_silent(session: Session, calendar_id: int, user_id: int, *, outage: int, now: datetime) -> None:
    """To the owner of a busy calendar that has not answered for a day; once of each outage."""
    due_at = reach_owner_at(session, user_id, now=now)
    mail.post(session, BUSY_SILENT, key=str(calendar_id), user_id=user_id, now=now, due_at=due_at, sequence=outage)


def reach_owner_at(session: Session, user_id: int, *, now: datetime) -> datetime:
    """When news of no session may reach somebody who may be a mentor."""
    if session.get(Mentor, user_id) is None:
        return reach_mentee_at(session, user_id, about=None, now=now)
    return reach_applicant_at(session, user_id, now=now)


def tell_hold_ended(session: Session, booking: Booking, *series: Booking, now: datetime) -> None:
    """To the mentee, who may want to choose again; one letter for all that was held at once."""
    mail.post(
        session,
        HOLD_ENDED,
        key=booking.public_id,
        user_id=booking.mentee_id,
        now=now,
        due_at=reach_mentee_at(session, booking.mentee_id, about=booking.starts_at, now=now),
        sequence=booking.sequence,
        **({"series": [each.public_id for each in series]} if series else {}),
    )


def reach_person_at(
    session: Session, booking: Booking, person_id: int, *, about: datetime | None, now: datetime
) -> datetime:
    """When news may reach one of the two people of a session (UTC): a mentor is reached as a mentor only there."""
    reach = reach_mentor_at if person_id == booking.mentor_id else reach_mentee_at
    return reach(session, person_id, about=about, now=now)


def reach_mentor_at(session: Session, mentor_id: int, *, about: datetime | None, now: datetime) -> datetime:
    """When news may reach this mentor (UTC); `about` is when the session that it is about begins, if there is one.

    With no working time in sight it goes at once if the session is ahead, else when the days looked at are over.
    """
    return _reach(session, mentor_id, schedule_of_mentor(session, mentor_id), about, now)


def reach_applicant_at(session: Session, mentor_id: int, *, now: datetime) -> datetime:
    """The same for news of no session; who has not said yet when they work is reached in usual working hours."""
    schedule = schedule_of_mentor(session, mentor_id)
    usual = schedule if schedule.weekly else replace(schedule, weekly=USUAL_WEEK)
    return _reach(session, mentor_id, usual, None, now)


def schedule_of_mentor(session: Session, mentor_id: int) -> Schedule:
    """When they work. The envelope says when sessions may be, and plays no part in that."""
    return schedule_of(session, mentor_id, Envelope())


def _reach(session: Session, mentor_id: int, schedule: Schedule, about: datetime | None, now: datetime) -> datetime:
    today = schedule.zones.day_of(now)
    working = schedule.working(today, today + LOOK_AHEAD)
    quiet = quiet_hours_of(session.get_one(User, mentor_id), schedule.journeys)
    try:
        return deliver_at(now, session_starts_at=about, working=[interval for _, interval in working], quiet=quiet)
    except NoWorkingTime:
        return now + LOOK_AHEAD


def reach_mentee_at(session: Session, mentee_id: int, *, about: datetime | None, now: datetime) -> datetime:
    """When news that a mentee has not just asked for may reach them (UTC): at any time but in quiet hours of their own.
    `about` as for a mentor."""
    quiet = quiet_hours_of(session.get_one(User, mentee_id))
    if quiet is None:
        return now
    return deliver_at(now, session_starts_at=about, working=[Interval(now, now + A_WHILE)], quiet=quiet)


def quiet_hours_of(user: User, journeys: tuple[Journey, ...] = ()) -> QuietHours | None:
    """None without quiet hours, and for a range without length."""
    if user.quiet_from is None or user.quiet_until is None or user.quiet_from == user.quiet_until:
        return None
    return QuietHours(user.quiet_from, user.quiet_until, user.tz, journeys)
