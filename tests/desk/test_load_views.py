"""The page about a mentor's load, and closing the week."""

from datetime import date, timedelta

from sqlalchemy import select

from booking.models.days import TimeOff
from tests.booking.bookings import TEN, make_booking
from tests.desk.hours_steps import HOURS, all_hidden, press
from tests.factories import make_offering, make_user
from tests.pages.reading import words
from tests.queries import count_queries
from tests.web import csrf

LOAD = f"{HOURS}/load"
CLOSE, OPEN = f"{LOAD}/close-week", f"{LOAD}/open-week"
HOUR = timedelta(hours=1)


def book(session, grace, *starts):
    offering, mentee = make_offering(session, grace), make_user(session)
    found = [make_booking(session, offering, mentee, start) for start in starts]
    session.commit()
    return found


def closed(session):
    session.rollback()
    return session.scalars(select(TimeOff.closes_week)).all()


def test_a_calendar_in_which_nothing_is_booked_has_nine_quiet_weeks(hers):
    page = words(hers.get(LOAD))

    assert "Mon 30 Nov 0 – 40 hours 0 % 0 0" in page
    assert "Mon 25 Jan 0 – 40 hours 0 % 0 0" in page
    assert "Nothing here is too much." in page


def test_sessions_are_counted_in_their_week_with_the_limit_as_a_line(hers, session, grace):
    book(session, grace, TEN, TEN + 2 * HOUR, TEN + timedelta(weeks=1, hours=5))
    press(hers, "save", {"first": "2026-12-10"}, path=f"{HOURS}/time-off")

    page = hers.get(LOAD)

    assert "Mon 7 Dec 2 2 hours 32 hours 6 % 0 0 Mon 14 Dec 1 1 hour 40 hours 2 %" in words(page)
    assert "Your limit is 20 sessions a week" in words(page)
    assert page.text.count("<rect x=") == 9
    assert "<line x1=" in page.text


def test_what_is_much_is_said_gently(hers, session, grace):
    book(session, grace, *(TEN + HOUR * number for number in range(4)))

    page = words(hers.get(LOAD))

    assert "Four hours and more without half an hour’s break: in the weeks of Mon 7 Dec 2026." in page
    assert "No week off is in sight until Mon 25 Jan 2027. When is the next one?" in page
    assert "Half of your working time" not in page


def test_one_press_closes_the_week_and_another_opens_it_again(hers, session):
    token = {"csrf_token": csrf(hers, LOAD)}

    assert hers.post(CLOSE, data=token).status_code == 303
    assert closed(session) == [date(2026, 11, 30)]
    page = hers.get(LOAD)
    assert "Your week is closed until Sunday’s end. You can open it again." in words(page)
    assert "Open the week again" in words(page)

    assert hers.post(OPEN, data={**token, "monday": "2026-11-30"}).status_code == 303
    assert closed(session) == []
    assert "Your week is open again." in words(hers.get(LOAD))
    assert hers.post(OPEN, data={**token, "monday": "2026-11-30"}).status_code == 409
    assert hers.post(OPEN, data={**token, "monday": "soon"}).status_code == 409


def test_what_is_booked_this_week_is_listed_first_and_kept(hers, session, grace):
    book(session, grace, TEN - timedelta(days=5))

    asked = hers.post(CLOSE, data={"csrf_token": csrf(hers, LOAD)})

    assert "1 booked session would lie outside" in words(asked)
    assert closed(session) == []
    assert hers.post(CLOSE, data={**all_hidden(asked), "action": "save"}).status_code == 303
    assert closed(session) == [date(2026, 11, 30)]
    assert "1 booked session stays as it is." in words(hers.get(LOAD))


def test_more_sessions_take_no_more_queries(hers, session, grace):
    book(session, grace, TEN)
    hers.get(LOAD)
    with count_queries() as one:
        hers.get(LOAD)
    book(session, grace, *(TEN + timedelta(days=number) for number in range(1, 4)))
    hers.get(LOAD)
    with count_queries() as four:
        hers.get(LOAD)

    assert len(four) == len(one)
