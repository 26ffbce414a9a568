"""Who is told when: mentees at once, mentors in working time (rule quiet_hours)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.models.bookings import Booking, DateOverride
from booking.models.days import TimeOff
from booking.services.notify import (
    BOOKED,
    HOLD_ENDED,
    LOOK_AHEAD,
    reach_mentee_at,
    reach_mentor_at,
    tell_booked,
    tell_hold_ended,
)
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.mail import MailRow
from marketplace.mentors.models import Mentor
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY, MovableClock
from tests.factories import hours, make_mentor, make_offering
from tests.jobs import run_jobs, sweep

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def there(day: int, clock: str) -> datetime:
    """A time in December 2026 in Amsterdam, where Grace works 9 to 17 on Mondays to Fridays. The 5th is a Saturday."""
    return datetime.fromisoformat(f"2026-12-{day:02}T{clock}").replace(tzinfo=AMSTERDAM).astimezone(UTC)


SATURDAY = there(5, "14:00")
MONDAY_NINE = there(7, "09:00")


def booked(session: Session, grace: Mentor, ada: User, start: datetime) -> Booking:
    return make_booking(session, make_offering(session, grace), ada, start)


def letters(session: Session) -> dict[int, MailRow]:
    return {row.user_id: row for row in session.scalars(select(MailRow))}


def test_on_a_saturday_the_mentee_hears_at_once_and_the_mentor_on_monday_at_nine(
    session: Session, ada: User, grace: Mentor
):
    booking = booked(session, grace, ada, there(8, "10:00"))

    tell_booked(session, booking, now=SATURDAY)

    told = letters(session)
    assert {row.fact for row in told.values()} == {BOOKED}
    assert told[ada.id].due_at == SATURDAY
    assert told[grace.id].due_at == MONDAY_NINE


@pytest.mark.parametrize(
    ("starts", "due_at"),
    [
        pytest.param("10:59", SATURDAY, id="less than 2 h after the quiet time ends: at once"),
        pytest.param("11:00", MONDAY_NINE, id="exactly 2 h after: it can wait"),
    ],
)
def test_a_session_soon_after_the_quiet_time_does_not_wait(
    session: Session, ada: User, grace: Mentor, starts: str, due_at: datetime
):
    tell_booked(session, booked(session, grace, ada, there(7, starts)), now=SATURDAY)

    assert letters(session)[grace.id].due_at == due_at


@pytest.mark.parametrize(
    ("now", "due_at"),
    [
        pytest.param(there(1, "09:00"), there(1, "09:00"), id="when work begins"),
        pytest.param(there(1, "16:59"), there(1, "16:59"), id="a minute before it ends"),
        pytest.param(there(1, "17:00"), there(2, "09:00"), id="when it ends: the next morning"),
        pytest.param(there(4, "18:00"), MONDAY_NINE, id="on Friday evening: Monday"),
    ],
)
def test_a_mentor_is_reached_in_working_time(session: Session, grace: Mentor, now: datetime, due_at: datetime):
    assert reach_mentor_at(session, grace.id, about=there(20, "10:00"), now=now) == due_at


def test_overrides_and_time_off_are_quiet_time_or_not(session: Session, grace: Mentor):
    session.add(DateOverride(mentor_id=grace.id, day=there(5, "12:00").date(), minutes=hours("18:00-19:00")))
    session.add(
        TimeOff(mentor_id=grace.id, span=Range(datetime(2026, 12, 7), datetime(2026, 12, 8)))  # noqa: DTZ001 - wall time
    )
    session.flush()
    later = there(20, "10:00")

    assert reach_mentor_at(session, grace.id, about=later, now=SATURDAY) == there(5, "18:00")
    assert reach_mentor_at(session, grace.id, about=later, now=there(6, "12:00")) == there(8, "09:00")


def test_the_accounts_own_quiet_hours_count_in_the_accounts_zone(session: Session, grace: Mentor):
    user = session.get_one(User, grace.id)
    user.zone, user.quiet_from, user.quiet_until = "America/New_York", 0, 5 * 60  # until 11:00 in Amsterdam
    session.flush()

    assert reach_mentor_at(session, grace.id, about=there(20, "10:00"), now=SATURDAY) == there(7, "11:00")


def test_quiet_hours_without_length_are_none(session: Session, grace: Mentor):
    user = session.get_one(User, grace.id)
    user.quiet_from = user.quiet_until = 600
    session.flush()

    assert reach_mentor_at(session, grace.id, about=None, now=there(1, "10:00")) == there(1, "10:00")


def test_a_mentor_who_works_at_no_time_hears_of_a_coming_session_at_once(session: Session):
    resting = make_mentor(session, "Edsger Example", weekly={})

    assert reach_mentor_at(session, resting.id, about=TUESDAY + timedelta(days=9), now=TUESDAY) == TUESDAY
    assert reach_mentor_at(session, resting.id, about=None, now=TUESDAY) == TUESDAY + LOOK_AHEAD


def test_telling_twice_writes_one_letter_each(session: Session, ada: User, grace: Mentor):
    booking = booked(session, grace, ada, there(8, "10:00"))

    for _ in range(2):
        tell_booked(session, booking, now=TUESDAY, mentee_lines=["Paid: €80.50"], mentor_lines=["You earn: €70.00"])

    told = letters(session)
    assert len(session.scalars(select(MailRow)).all()) == 2
    assert told[ada.id].arguments == {"lines": ["Paid: €80.50"]}
    assert told[grace.id].arguments == {"lines": ["You earn: €70.00"]}


def test_the_end_of_a_hold_is_told_to_the_mentee_alone(session: Session, ada: User, grace: Mentor):
    tell_hold_ended(session, booked(session, grace, ada, there(8, "10:00")), now=SATURDAY)

    (row,) = session.scalars(select(MailRow)).all()
    assert (row.fact, row.user_id, row.due_at) == (HOLD_ENDED, ada.id, SATURDAY)


def test_a_mentees_own_quiet_hours_keep_what_they_have_not_just_asked_for(session: Session, ada: User, grace: Mentor):
    """Quiet from 22:00 to 07:00 in Stockholm, where Ada lives; the hold ended at 23:00."""
    ada.quiet_from, ada.quiet_until = 22 * 60, 7 * 60
    booking = booked(session, grace, ada, there(8, "10:00"))

    tell_booked(session, booking, now=there(5, "23:00"))
    tell_hold_ended(session, booking, now=there(5, "23:00"))

    due = {row.fact: row.due_at for row in session.scalars(select(MailRow).where(MailRow.user_id == ada.id))}
    assert due == {BOOKED: there(5, "23:00"), HOLD_ENDED: there(6, "07:00")}


def test_news_of_a_session_soon_after_her_quiet_hours_does_not_wait(session: Session, ada: User, grace: Mentor):
    ada.quiet_from, ada.quiet_until = 22 * 60, 9 * 60

    assert reach_mentee_at(session, ada.id, about=there(8, "10:30"), now=there(7, "23:00")) == there(7, "23:00")
    assert reach_mentee_at(session, ada.id, about=there(8, "11:00"), now=there(7, "23:00")) == there(8, "09:00")


def test_a_worker_that_comes_back_at_night_lets_the_mentor_sleep(
    app: Flask, session: Session, settings: Settings, clock: MovableClock, ada: User, grace: Mentor
):
    """The letter was due on Monday at nine; nobody sent it until the evening."""
    tell_booked(session, booked(session, grace, ada, there(9, "10:00")), now=SATURDAY)
    session.commit()
    clock.set(there(7, "20:00"))

    for _ in range(2):
        sweep(app, "core:sweep_mail")
        run_jobs(app, settings)

    session.expire_all()
    told = letters(session)
    assert (told[ada.id].status, told[grace.id].status) == ("sent", "waiting")
    assert told[grace.id].due_at == there(8, "09:00")
    clock.set(there(8, "09:01"))
    sweep(app, "core:sweep_mail")
    run_jobs(app, settings)
    session.expire_all()
    assert letters(session)[grace.id].status == "sent"
