"""The page of one's busy calendars, and what they change on the pages on which times are chosen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.domain.busy import Reading, Trouble, Unreadable
from booking.domain.intervals import Interval
from booking.models.busy import BusyCalendar, BusyTime
from booking.services import busy_calendars, busy_readings
from booking.services.busy_addresses import opened
from booking.services.busy_readings import Tags
from marketplace.accounts.models import User
from tests.booking.bookings import HOUR, TEN, make_booking
from tests.conftest import SECRET_KEY, TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept, part
from tests.pages.reading import words
from tests.queries import count_queries
from tests.web import sign_in, submit

BUSY = "/calendar/busy"
ADDRESS = "https://calendar.example/secret-7f3a/basic.ics"
QUARTER = timedelta(minutes=15)


@pytest.fixture
def ada(session: Session) -> User:
    return make_user(session, "Ada Example", zone="Europe/Amsterdam")


@pytest.fixture
def signed_in(client, session, ada):
    session.commit()
    sign_in(client, ada)
    return client


def known(session: Session, user: User, *, name: str = "", address: str = ADDRESS) -> BusyCalendar:
    added = busy_calendars.add(session, user.id, address, name=name, secret_key=SECRET_KEY, now=TUESDAY)
    session.commit()
    return added


def read(session: Session, calendar: BusyCalendar, *busy: Interval, now=TUESDAY, **counts: int) -> None:
    calendar.next_read_at = now
    claimed = busy_readings.claim(session, calendar.id, now)
    assert claimed is not None
    busy_readings.take(session, claimed, Reading(busy, **counts), Tags(None, None), now=now, every=QUARTER)
    session.commit()


def fail(session: Session, calendar: BusyCalendar, wrong: Unreadable, now=TUESDAY) -> None:
    calendar.next_read_at = now
    claimed = busy_readings.claim(session, calendar.id, now)
    assert claimed is not None
    busy_readings.note_trouble(session, claimed, wrong, now=now, every=QUARTER)
    session.commit()


def test_a_calendar_is_added_by_its_address_which_is_never_shown_again(signed_in, session):
    answer = submit(signed_in, BUSY, address="webcal://calendar.example/secret-7f3a/basic.ics", name="Work")

    added = session.scalars(select(BusyCalendar)).one()
    assert (answer.status_code, answer.location) == (303, f"{BUSY}#busy{added.id}")
    assert (opened(added.sealed_address, secret_key=SECRET_KEY, user_id=added.user_id), added.name) == (ADDRESS, "Work")
    page = signed_in.get(BUSY)
    assert "It is being read. Look again in a moment." in words(page)
    assert "Work" in words(page)
    assert "secret-7f3a" not in page.text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param("", "Paste the whole address of the calendar", id="nothing"),
        pytest.param("calendar.example", "Paste the whole address of the calendar", id="half"),
        pytest.param("http://calendar.example/a.ics", "Only addresses that begin with https://", id="open to all"),
        pytest.param("https://me:it@calendar.example/", "with a name and a password", id="a password"),
        pytest.param("https://calendar.example:8443/", "a port of its own", id="a port"),
        pytest.param("https://127.0.0.1:8000/calendar/x.ics", "a port of its own", id="this machine"),
    ],
)
def test_what_is_no_address_is_told_beside_the_field_and_kept(signed_in, session, address, said):
    answer = submit(signed_in, BUSY, address=address, name="Work")

    assert answer.status_code == 422
    assert said in words(answer)
    assert 'value="Work"' in answer.text
    assert f'value="{address}"' in answer.text
    assert session.scalars(select(BusyCalendar)).all() == []


def test_a_calendar_of_this_site_is_refused(signed_in):
    answer = submit(signed_in, BUSY, address="https://127.0.0.1/calendar/abc.ics")

    assert "your sessions here take up your time anyway" in words(answer)


def test_the_same_calendar_twice_is_told(signed_in, session, ada):
    known(session, ada)

    answer = submit(signed_in, BUSY, address=ADDRESS)

    assert answer.status_code == 409
    assert "You have added this calendar before." in words(answer)


def test_the_page_says_what_came_and_when(signed_in, session, ada, clock):
    calendar = known(session, ada)
    read(session, calendar, Interval(TEN, TEN + HOUR), events=412, unread=3, unzoned=1)
    clock.advance(timedelta(minutes=5))

    page = words(signed_in.get(BUSY))

    assert "412 entries, busy once in the next 60 days, read 5 minutes ago" in page
    assert "3 entries could not be read, and block no time." in page
    assert "It is taken to be yours, Europe/Amsterdam." in page


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        pytest.param(Unreadable(Trouble.STATUS, 404), "it answers with the error 404", id="no calendar there"),
        pytest.param(
            Unreadable(Trouble.SEALED),
            "its address cannot be opened here any more, so please remove it and add it again",
            id="another SECRET_KEY",
        ),
    ],
)
def test_a_calendar_that_fails_is_named_with_since_when_and_why(signed_in, session, ada, wrong, why):
    calendar = known(session, ada, name="Work")
    read(session, calendar)
    fail(session, calendar, wrong)

    page = words(signed_in.get(BUSY))

    assert "Since Tue 1 Dec, 09:00" in page
    assert f"{why}. What it said before still counts." in page


def test_a_calendar_that_was_never_read_keeps_no_time_and_the_page_says_so(signed_in, session, ada):
    fail(session, known(session, ada), Unreadable(Trouble.NO_CALENDAR))

    page = words(signed_in.get(BUSY))

    assert "what it answers is no calendar. So far it blocks no time." in page


def test_it_is_named_anew_read_again_and_removed(signed_in, session, ada):
    calendar = known(session, ada)
    read(session, calendar, Interval(TEN, TEN + HOUR))
    path = f"{BUSY}/{calendar.id}"

    submit(signed_in, f"{path}/name", page=BUSY, **{f"busy{calendar.id}-name": "Home"})
    session.expire_all()
    assert calendar.title == "Home"

    calendar.asked_at = TUESDAY - timedelta(hours=1)
    session.commit()
    submit(signed_in, f"{path}/read", page=BUSY)
    session.expire_all()
    assert calendar.next_read_at < TUESDAY + timedelta(minutes=1)

    submit(signed_in, f"{path}/end", page=BUSY)
    session.rollback()
    assert session.scalars(select(BusyTime)).all() == session.scalars(select(BusyCalendar)).all() == []


def test_a_name_that_is_too_long_is_told_beside_it(signed_in, session, ada):
    calendar = known(session, ada)

    answer = submit(signed_in, f"{BUSY}/{calendar.id}/name", page=BUSY, **{f"busy{calendar.id}-name": "x" * 61})

    assert answer.status_code == 422
    assert "Use at most 60 characters" in words(answer)


def test_sessions_that_a_calendar_comes_too_late_for_are_listed(signed_in, session, ada):
    booking = make_booking(session, make_offering(session, make_mentor(session)), ada)
    read(session, known(session, ada, name="Work"), Interval(TEN, TEN + HOUR))

    page = signed_in.get(BUSY)

    assert "Single session with Grace Example, Tue 8 Dec" in words(page)
    assert "(Work)" in words(page)
    assert f"/sessions/{booking.public_id}" in page.text


def test_a_mentor_reads_what_their_calendars_do_for_them(client, session):
    grace = make_mentor(session)
    session.commit()
    sign_in(client, session.get_one(User, grace.id))

    assert "nobody can book you while one of them says that you are busy" in words(client.get(BUSY))
    assert f'href="{BUSY}"' in client.get("/desk/hours").text


def test_who_looks_for_a_time_is_told_that_their_own_are_left_out_and_nobody_else_is(signed_in, session, ada):
    grace = make_mentor(session)
    make_offering(session, grace)
    told = "Times at which your own calendars say that you are busy are left out."
    session.commit()
    assert told not in words(signed_in.get(f"/mentors/{grace.slug}"))

    read(session, known(session, ada), Interval(TEN, TEN + HOUR))
    assert told in words(signed_in.get(f"/mentors/{grace.slug}"))

    alan = make_user(session, "Alan Example")
    session.commit()
    other = signed_in.application.test_client()
    sign_in(other, alan)
    assert told not in words(other.get(f"/mentors/{grace.slug}"))


def test_the_page_takes_the_same_number_of_queries_however_many_there_are(signed_in, session, ada):
    read(session, known(session, ada), Interval(TEN, TEN + HOUR))
    with count_queries() as few:
        signed_in.get(BUSY)
    offering = make_offering(session, make_mentor(session))
    for number in range(4):
        make_booking(session, offering, ada, TEN + number * 2 * HOUR)
        added = known(session, ada, address=f"{ADDRESS}?{number}")
        session.add(BusyTime(calendar_id=added.id, user_id=ada.id, span=Range(TEN, TEN + 9 * HOUR)))
    session.commit()
    with count_queries() as many:
        signed_in.get(BUSY)

    assert len(many) == len(few)


def test_the_letter_names_the_calendar_its_trouble_and_no_address(app, session, settings, ada, clock):
    calendar = known(session, ada)
    read(session, calendar, Interval(TEN, TEN + HOUR))
    fail(session, calendar, Unreadable(Trouble.STATUS, 404), TUESDAY + timedelta(days=1))
    clock.advance(timedelta(days=1, minutes=1))
    sweep(app, "core:sweep_mail")
    run_jobs(app, settings, failing=True)

    letter = letters_kept(settings)[0]

    assert letter["Subject"] == "calendar.example does not answer"
    for kind in ("plain", "html"):
        told = " ".join(part(letter, kind).split())
        assert "has not answered since Tue 1 Dec, 09:00" in told
        assert "it answers with the error 404" in told
        assert "secret-7f3a" not in part(letter, kind)


def test_who_is_heard_of_again_before_the_letter_goes_out_gets_none(app, session, settings, ada, clock):
    ada.quiet_from, ada.quiet_until = 0, 23 * 60
    calendar = known(session, ada)
    fail(session, calendar, Unreadable(Trouble.SLOW), TUESDAY + timedelta(days=1))
    read(session, calendar, now=TUESDAY + timedelta(days=1, hours=1))
    clock.advance(timedelta(days=1, hours=16))
    sweep(app, "core:sweep_mail")
    run_jobs(app, settings, failing=True)

    assert letters_kept(settings) == []
