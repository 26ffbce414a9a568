"""Searching by time: in whose working hours, and the next free time first."""

import re
from datetime import datetime

from sqlalchemy.dialects.postgresql import Range

from booking.models.days import TimeOff
from tests.factories import hours
from tests.pages.reading import words
from tests.search.searching import STOCKHOLM, found, make_bookable, search

BY_TIME = "sort=time&zone=Europe/Stockholm"
FIELD = re.compile(r"<input\b[^>]*>")
NAMED = re.compile(r'\bname="(\w+)"')
VALUE = re.compile(r'\bvalue="([^"]*)"')


def day_on(page):
    """The reader's working day as the form shows it: its hours and the days that are ticked."""
    opens, closes, days = "", "", ""
    for tag in FIELD.findall(page.text):
        name, value = "".join(NAMED.findall(tag)), "".join(VALUE.findall(tag))
        opens = value if name == "opens" else opens
        closes = value if name == "closes" else closes
        days += value if name == "days" and " checked" in tag else ""
    return opens, closes, days


def test_by_time_the_next_free_time_comes_first_and_nothing_else_counts(client, session):
    make_bookable(session, "Afternoon Example", "Compilers", weekly={3: hours("13:00-17:00")})
    make_bookable(session, "Noon Example", weekly={3: hours("12:00-17:00")})
    make_bookable(session, "Morning Example", weekly={4: hours("09:00-17:00")})
    make_bookable(session, "Friday Example", "Compilers", "Hiring", weekly={5: hours("09:00-17:00")})
    session.commit()

    by_time = ["Noon Example", "Afternoon Example", "Morning Example", "Friday Example"]
    assert search(client, f"{BY_TIME}&q=compilers hiring engineers") == by_time
    assert search(client, f"{STOCKHOLM}&q=compilers hiring engineers")[0] == "Friday Example"


def test_in_ones_working_day_it_is_the_next_time_in_it_that_counts(client, session):
    """One is free sooner, but late in the evening for the reader."""
    make_bookable(
        session, "Boston Example", zone="America/New_York", weekly={3: hours("13:00-17:00"), 4: hours("09:00-17:00")}
    )
    make_bookable(session, "Utrecht Example", weekly={4: hours("09:00-17:00")})
    session.commit()

    assert search(client, BY_TIME) == ["Boston Example", "Utrecht Example"]
    assert search(client, f"{BY_TIME}&hours=y") == ["Utrecht Example", "Boston Example"]


def test_the_page_says_in_which_order_it_is(client, session):
    make_bookable(session)
    session.commit()

    pages = [words(client.get(f"/search?{asked}")) for asked in ("", "sort=time", "sort=time&hours=y")]

    assert "and of nothing else." not in pages[0]
    assert "In the order of the next free time, and of nothing else." in pages[1]
    assert "In the order of the next free time in your working day, and of nothing else." in pages[2]


def test_ones_working_days_are_those_that_are_ticked(client, session):
    make_bookable(session, weekly={5: hours("09:00-17:00")})
    session.commit()

    assert search(client, f"hours=y&days=5&{STOCKHOLM}") == ["Grace Example"]
    page = client.get(f"/search?hours=y&days=1&days=2&days=3&{STOCKHOLM}")
    assert found(page) == []
    assert "Mon–Wed 09:00–17:00 in Stockholm" in words(page)


def test_free_in_my_hours_this_week_is_neither_the_next_week_nor_another_hour(client, session):
    make_bookable(session, "Evening Example", zone="America/Los_Angeles")
    away = make_bookable(session, "Away Example")
    session.add(TimeOff(mentor_id=away.id, span=Range(datetime(2026, 11, 1), datetime(2026, 12, 14))))  # noqa: DTZ001
    make_bookable(session, "Grace Example")
    session.commit()

    assert search(client, f"hours=y&within=7&{STOCKHOLM}") == ["Grace Example"]
    assert search(client, f"hours=y&within=14&{STOCKHOLM}") == ["Grace Example", "Away Example"]


def test_a_working_day_is_remembered_until_another_is_told(client, session):
    make_bookable(session)
    session.commit()
    assert day_on(client.get("/search")) == ("09:00", "17:00", "12345")

    told = client.get("/search?opens=14:00&closes=22:00&days=2&days=4")

    assert [day_on(page) for page in (told, client.get("/search"))] == [("14:00", "22:00", "24")] * 2
    client.get("/search?opens=09:00&closes=17:00&days=1&days=2&days=3&days=4&days=5")
    assert day_on(client.get("/search")) == ("09:00", "17:00", "12345")


def test_a_remembered_day_is_the_one_that_is_searched_and_shown_first(client, session):
    make_bookable(session, zone="America/Los_Angeles")
    session.commit()
    assert search(client, f"hours=y&{STOCKHOLM}") == []

    client.get("/search?opens=15:00&closes=22:00")

    assert search(client, f"hours=y&{STOCKHOLM}") == ["Grace Example"]
    assert "15:00–22:00 in Stockholm" in words(client.get(f"/search?hours=y&{STOCKHOLM}"))


def test_nothing_is_remembered_of_a_search_that_tells_no_hours(client, session):
    make_bookable(session)
    session.commit()

    client.get("/search?q=python&hours=y&sort=time")

    assert client.get_cookie("hours") is None


def test_links_on_the_page_keep_order_and_day(client, session):
    for number in range(21):
        make_bookable(session, f"Mentor{number:02} Example")
    session.commit()

    page = client.get("/search?sort=time&hours=y&opens=08:00&days=1&days=3")

    kept = "hours=y&amp;opens=08:00&amp;closes=17:00&amp;days=1&amp;days=3&amp;sort=time"
    assert f'href="/search?{kept}&amp;page=2" rel="next"' in page.text


def test_what_is_no_day_and_no_order_is_ignored_with_a_word(client, session):
    make_bookable(session)
    session.commit()

    page = client.get("/search?days=9&days=x&sort=price")

    assert found(page) == ["Grace Example"]
    assert words(page).count("There is no such choice, so it was ignored.") == 2
    assert day_on(page)[2] == ""


def test_who_is_full_says_when_their_calendar_opens_again(client, session):
    mentor = make_bookable(session, slug="grace")
    session.add(TimeOff(mentor_id=mentor.id, span=Range(datetime(2026, 11, 1), datetime(2027, 3, 14))))  # noqa: DTZ001
    session.commit()

    page = words(client.get("/mentors/grace"))

    assert "All of Grace Example’s times in the next 60 days are taken or off." in page
    assert "The first free time after that is on Monday 15 March; it can be booked from Thursday 14 January." in page
