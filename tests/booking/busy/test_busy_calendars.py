"""Busy calendars as rows: added, claimed by one reader at a time, and what became of it written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.domain.busy import SLOWEST, Reading, Trouble, Unreadable
from booking.domain.calendar import busy_uid
from booking.domain.intervals import Interval
from booking.domain.states import BookingStatus
from booking.models.busy import BusyCalendar, BusyTime
from booking.queries.busy import calendars_of, sessions_met, to_read
from booking.services import busy_calendars, busy_readings
from booking.services.busy_calendars import MOST, KnownCalendar, TooManyBusyCalendars
from booking.services.busy_readings import LEASE, Claim, Tags
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.mail import MailRow
from tests.booking.bookings import HOUR, TEN, make_booking
from tests.conftest import SECRET_KEY, TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.jobs import waiting_jobs

ADDRESS = "https://calendar.example/secret-7f3a/basic.ics"
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
NOBODY_THERE = Unreadable(Trouble.STATUS, 404)
TAGS = Tags('"7"', "Tue, 01 Dec 2026 08:00:00 GMT")


@pytest.fixture
def calendar(session: Session, ada: User) -> BusyCalendar:
    return busy_calendars.add(session, ada.id, ADDRESS, secret_key=SECRET_KEY, now=TUESDAY)


def span(start: float, end: float) -> Interval:
    return Interval(TEN + start * HOUR, TEN + end * HOUR)


def claimed(session: Session, calendar: BusyCalendar, now: datetime = TUESDAY) -> Claim:
    calendar.next_read_at = now
    found = busy_readings.claim(session, calendar.id, now)
    assert found is not None
    return found


def take(session: Session, calendar: BusyCalendar, *busy: Interval, now: datetime = TUESDAY, **counts: int) -> None:
    reading = Reading(busy, **counts)
    busy_readings.take(session, claimed(session, calendar, now), reading, TAGS, now=now, every=QUARTER)


def fail(session: Session, calendar: BusyCalendar, now: datetime, wrong: Unreadable = NOBODY_THERE) -> None:
    busy_readings.note_trouble(session, claimed(session, calendar, now), wrong, now=now, every=QUARTER)


def said(session: Session, calendar: BusyCalendar) -> list[Interval]:
    spans = select(BusyTime.span).where(BusyTime.calendar_id == calendar.id).order_by(BusyTime.span)
    return [Interval(row.span.lower, row.span.upper) for row in session.execute(spans)]


def letters(session: Session) -> list[MailRow]:
    return list(session.scalars(select(MailRow).where(MailRow.fact == "booking:busy_silent").order_by(MailRow.id)))


def test_a_calendar_that_is_added_is_read_at_once(app, session, ada):
    added = busy_calendars.add(session, ada.id, ADDRESS, name="Work", secret_key=SECRET_KEY, now=TUESDAY)
    session.commit()

    assert (added.title, added.host) == ("Work", "calendar.example")
    assert waiting_jobs(app) == [("booking:read_busy", {"calendar_id": added.id})]


def test_pressed_twice_it_waits_once(app, session, ada, calendar):
    busy_calendars.read_again(session, ada.id, calendar.id, TUESDAY)
    session.commit()

    assert len(waiting_jobs(app)) == 1


def test_who_has_just_asked_does_not_ask_a_strangers_server_again(session, ada, calendar):
    take(session, calendar)
    due = calendar.next_read_at

    busy_calendars.read_again(session, ada.id, calendar.id, TUESDAY + timedelta(seconds=59))
    assert calendar.next_read_at == due

    busy_calendars.read_again(session, ada.id, calendar.id, TUESDAY + timedelta(seconds=60))
    assert calendar.next_read_at == TUESDAY + timedelta(seconds=60)


def test_the_same_address_twice_is_refused_and_another_persons_is_their_own(session, ada, calendar):
    alan = make_user(session, "Alan Example")

    with pytest.raises(KnownCalendar):
        busy_calendars.add(session, ada.id, ADDRESS, secret_key=SECRET_KEY, now=TUESDAY)
    assert busy_calendars.add(session, alan.id, ADDRESS, secret_key=SECRET_KEY, now=TUESDAY).user_id == alan.id


def test_there_is_an_end_to_how_many(session, ada):
    for number in range(MOST):
        busy_calendars.add(session, ada.id, f"{ADDRESS}?{number}", secret_key=SECRET_KEY, now=TUESDAY)

    with pytest.raises(TooManyBusyCalendars):
        busy_calendars.add(session, ada.id, ADDRESS, secret_key=SECRET_KEY, now=TUESDAY)


@pytest.mark.parametrize(
    ("act", "more"),
    [
        pytest.param(busy_calendars.rename, ["Mine"], id="naming it"),
        pytest.param(busy_calendars.remove, [], id="removing it"),
        pytest.param(busy_calendars.read_again, [TUESDAY], id="having it read"),
    ],
)
def test_anothers_calendar_is_not_there(session, calendar, act, more):
    alan = make_user(session, "Alan Example")

    with pytest.raises(NotFound):
        act(session, alan.id, calendar.id, *more)


def test_what_it_says_takes_the_place_of_what_it_said(session, calendar):
    take(session, calendar, span(0, 1), span(2, 3))
    take(session, calendar, span(2, 3), span(5, 6), events=9, unread=2, unzoned=1)

    assert said(session, calendar) == [span(2, 3), span(5, 6)]
    assert (calendar.events, calendar.unread, calendar.unzoned) == (9, 2, 1)


def test_what_is_removed_counts_no_more(session, ada, calendar):
    take(session, calendar, span(0, 1))

    busy_calendars.remove(session, ada.id, calendar.id)

    assert session.scalar(select(func.count()).select_from(BusyTime)) == 0


def test_while_one_reads_nobody_else_does_unless_they_have_died(session, calendar):
    claimed(session, calendar)

    assert busy_readings.claim(session, calendar.id, TUESDAY) is None
    assert to_read(session, TUESDAY + LEASE - timedelta(seconds=1)) == []
    assert busy_readings.claim(session, calendar.id, TUESDAY + LEASE) is not None


def test_an_answer_that_was_overtaken_changes_nothing(session, calendar):
    slow = claimed(session, calendar)
    take(session, calendar, span(5, 6))

    busy_readings.take(session, slow, Reading((span(0, 1),)), TAGS, now=TUESDAY, every=QUARTER)
    busy_readings.note_trouble(session, slow, NOBODY_THERE, now=TUESDAY, every=QUARTER)

    assert said(session, calendar) == [span(5, 6)]
    assert calendar.trouble is None


def test_an_answer_for_a_calendar_that_was_removed_meanwhile_is_dropped(session, ada, calendar):
    slow = claimed(session, calendar)
    busy_calendars.remove(session, ada.id, calendar.id)

    busy_readings.take(session, slow, Reading((span(0, 1),)), TAGS, now=TUESDAY, every=QUARTER)

    assert session.scalar(select(func.count()).select_from(BusyTime)) == 0


def test_what_is_known_is_asked_for_by_its_tags_for_a_week(session, calendar):
    assert claimed(session, calendar).etag is None
    take(session, calendar)

    soon = claimed(session, calendar, TUESDAY + timedelta(days=6))
    late = claimed(session, calendar, TUESDAY + timedelta(days=7))
    assert (soon.etag, soon.last_modified) == (TAGS.etag, TAGS.last_modified)
    assert (late.etag, late.last_modified) == (None, None)


def test_whoever_moves_to_another_zone_has_all_of_it_read_again(session, ada, calendar):
    take(session, calendar)

    ada.zone = "America/New_York"

    moved = claimed(session, calendar)
    assert (moved.etag, moved.zone) == (None, "America/New_York")


def test_a_mentors_days_are_those_of_the_zone_they_work_in(session):
    grace = make_mentor(session, zone="America/New_York")
    session.get_one(User, grace.id).zone = "Asia/Tokyo"
    added = busy_calendars.add(session, grace.id, ADDRESS, secret_key=SECRET_KEY, now=TUESDAY)

    assert claimed(session, added).zone == "America/New_York"


def test_ones_own_sessions_are_known_by_both_their_uids_also_cancelled_ones(session, ada, calendar):
    offering = make_offering(session, make_mentor(session))
    booking = make_booking(session, offering, ada)
    gone = make_booking(session, offering, ada, TEN + 2 * HOUR, status=BookingStatus.CANCELLED_BY_MENTEE)
    make_booking(session, offering, make_user(session, "Alan Example"), TEN + 4 * HOUR)

    known = claimed(session, calendar).ours

    assert known == [booking.uid, gone.uid, busy_uid(booking.uid), busy_uid(gone.uid)]


def test_a_calendar_that_fails_keeps_what_it_said_and_is_tried_more_and_more_rarely(session, calendar):
    take(session, calendar, span(0, 1))
    pauses = []
    now = TUESDAY
    for _ in range(7):
        fail(session, calendar, now)
        pauses.append(calendar.next_read_at - now)
        now = calendar.next_read_at

    assert said(session, calendar) == [span(0, 1)]
    assert (calendar.trouble, calendar.status, calendar.failures) == ("status", 404, 7)
    assert calendar.failing_since == TUESDAY
    assert pauses[0] < pauses[1] < pauses[2] < pauses[3]
    assert all(2 * QUARTER <= pause <= 1.1 * SLOWEST for pause in pauses)


def test_after_a_day_without_an_answer_its_owner_is_asked_once_of_each_outage(session, ada, calendar):
    take(session, calendar, span(0, 1))
    for hours in (1, 23.9, 24, 30, 60):
        fail(session, calendar, TUESDAY + hours * HOUR)
    assert [(row.user_id, row.key, row.sequence) for row in letters(session)] == [(ada.id, str(calendar.id), 1)]

    take(session, calendar, now=TUESDAY + 3 * DAY)
    fail(session, calendar, TUESDAY + 3 * DAY + HOUR)
    fail(session, calendar, TUESDAY + 4 * DAY)

    assert [row.sequence for row in letters(session)] == [1, 2]


def test_a_mentor_is_asked_in_working_time(session):
    grace = make_mentor(session)
    added = busy_calendars.add(session, grace.id, ADDRESS, secret_key=SECRET_KEY, now=TUESDAY)
    saturday = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)

    fail(session, added, saturday)

    assert [row.due_at for row in letters(session)] == [datetime(2026, 12, 7, 8, 0, tzinfo=UTC)]


def test_an_answer_ends_the_trouble_also_that_nothing_has_changed(session, calendar):
    take(session, calendar, span(0, 1))
    fail(session, calendar, TUESDAY + HOUR)

    again = claimed(session, calendar, TUESDAY + 2 * HOUR)
    busy_readings.take_unchanged(session, again, now=TUESDAY + 2 * HOUR, every=QUARTER)

    assert (calendar.failures, calendar.trouble, calendar.failing_since) == (0, None, None)
    assert (calendar.answered_at, calendar.whole_at) == (TUESDAY + 2 * HOUR, TUESDAY)
    assert said(session, calendar) == [span(0, 1)]


def test_a_tag_that_is_no_tag_is_forgotten(session, calendar):
    tags = Tags("x" * 5000, "Tue\x00")
    busy_readings.take(session, claimed(session, calendar), Reading(()), tags, now=TUESDAY, every=QUARTER)

    assert (calendar.etag, calendar.last_modified) == (None, None)


def test_of_what_is_due_the_longest_overdue_comes_first(session, ada):
    later, sooner, not_yet = (
        busy_calendars.add(session, ada.id, f"{ADDRESS}?{number}", secret_key=SECRET_KEY, now=TUESDAY + number * HOUR)
        for number in (0, -1, 1)
    )

    assert to_read(session, TUESDAY) == [sooner.id, later.id]
    assert len(calendars_of(session, ada.id)) == 3
    assert not_yet.next_read_at > TUESDAY


def test_a_session_that_a_calendar_comes_too_late_for_is_told_of_and_stays(session, ada, calendar):
    offering = make_offering(session, make_mentor(session))
    met = make_booking(session, offering, ada)
    make_booking(session, offering, ada, TEN + 2 * HOUR)
    make_booking(session, offering, ada, TEN + 4 * HOUR, status=BookingStatus.CANCELLED_BY_MENTEE)
    work = busy_calendars.add(session, ada.id, f"{ADDRESS}?2", name="Work", secret_key=SECRET_KEY, now=TUESDAY)

    take(session, calendar, span(0.5, 2), span(4, 5))
    take(session, work, span(0, 1))

    found = sessions_met(session, ada.id, TUESDAY)
    assert [(each.booking.id, each.calendars) for each in found] == [(met.id, ("calendar.example", "Work"))]
    assert met.status == BookingStatus.CONFIRMED
