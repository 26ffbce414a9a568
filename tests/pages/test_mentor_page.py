"""The page on which a mentee chooses a time."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.models.days import TimeOff
from marketplace.accounts.models import User
from marketplace.core.db import db
from marketplace.offerings.models import Offering
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import hours, make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.queries import count_queries
from tests.web import inputs, sign_in

HALF_PAST_NINE = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)  # 10:30 in Amsterdam and Stockholm, a Tuesday
START = "start=2026-12-08T09:30Z"


@pytest.fixture
def grace(session):
    mentor = make_mentor(session, slug="grace", boundaries={"step_minutes": 30})
    make_offering(session, mentor, kind="fit_call")
    make_offering(session, mentor, position=1)
    session.commit()
    return mentor


@pytest.fixture
def ada(session, grace):
    user = make_user(session)
    session.commit()
    return user


def test_a_mentor_is_introduced(client, grace):
    page = words(client.get("/mentors/grace"))

    assert "Grace Example" in page
    assert "Works Mon–Fri 09:00–17:00 in Utrecht · 8 h overlap with your working day" in page
    assert "Data engineering depth · this year" in page
    assert "€80.50 is all you pay: €70.00 goes to Grace Example, €10.50 is the site’s fee." in page


def test_it_opens_on_the_first_day_that_has_a_time(client, grace):
    page = client.get("/mentors/grace")

    assert "December 2026" in page.text
    assert 'aria-label="Wednesday 2 December, 14 times free" aria-current="true"' in page.text
    assert "Wednesday 2 December 14 times free" in words(page)
    assert 'aria-label="Saturday' not in page.text


def test_a_day_shows_its_times_in_the_zone_of_the_reader(client, grace):
    stockholm = words(client.get("/mentors/grace?day=2026-12-08&zone=Europe/Stockholm"))
    kathmandu = words(client.get("/mentors/grace?day=2026-12-08&zone=Asia/Kathmandu"))

    assert "Times in Europe/Stockholm (09:00 now)" in stockholm
    assert "15 times free 09:00 09:30 10:00" in stockholm
    assert "Times in Asia/Kathmandu (13:45 now)" in kathmandu
    assert "15 times free 13:45 14:15" in kathmandu


@pytest.mark.parametrize(
    ("mentors", "readers", "start", "shown"),
    [
        pytest.param("Pacific/Kiritimati", "Pacific/Pago_Pago", "07T20:00Z", "Mon 7 Dec, 09:00–10:00", id="25 hours"),
        pytest.param("Pacific/Kiritimati", "Etc/GMT+12", "07T20:00Z", "Mon 7 Dec, 08:00–09:00", id="26 hours"),
        pytest.param("Pacific/Pago_Pago", "Etc/GMT-14", "08T21:00Z", "Wed 9 Dec, 11:00–12:00", id="the other way"),
        pytest.param("Pacific/Chatham", "Asia/Kathmandu", "07T20:15Z", "Tue 8 Dec, 02:00–03:00", id="three quarters"),
    ],
)
def test_ten_on_tuesday_is_that_however_far_apart_the_two_clocks_are(client, session, mentors, readers, start, shown):
    """Over the date line, and where clocks are off by three quarters of an hour."""
    offering = make_offering(session, make_mentor(session, slug="grace", zone=mentors))
    ada = make_user(session, zone=readers)
    session.commit()
    sign_in(client, ada)

    page = client.get(f"/mentors/grace?offering={offering.id}&start=2026-12-{start}")
    client.post("/mentors/grace/holds", data=inputs(page.text))

    assert f"Your time {shown} ({readers}) Grace Example Tue 8 Dec, 10:00–11:00 ({mentors})" in words(page)
    [held] = session.scalars(select(Booking)).all()
    assert (held.local_start, held.zone) == (datetime(2026, 12, 8, 10), mentors)  # noqa: DTZ001  the mentor's clock


def test_a_chosen_time_shows_both_local_times_the_price_and_the_policy(client, grace):
    page = words(client.get(f"/mentors/grace?{START}&zone=America/St_Johns"))

    assert "Your time Tue 8 Dec, 06:00–07:00 (America/St_Johns)" in page
    assert "Grace Example Tue 8 Dec, 10:30–11:30 (Europe/Amsterdam)" in page
    assert "Grace Example’s price €70.00 Office Hours fee €10.50 You pay €80.50" in page
    assert "Free to cancel or move until Mon 7 Dec, 06:00; half back after that." in page


def test_a_visitor_signs_in_without_losing_the_time(client, grace):
    page = client.get(f"/mentors/grace?{START}&zone=Asia/Tokyo")

    assert "Sign in to book" in page.text
    assert "/sign-in?next=/mentors/grace?start%3D2026-12-08T09:30Z%26zone%3DAsia/Tokyo" in unescape(page.text)
    assert "Pay and book" not in page.text


def test_a_mentee_pays_with_one_button(client, grace, ada):
    sign_in(client, ada)

    page = client.get(f"/mentors/grace?{START}")

    assert "Pay and book Tue 8 Dec, 10:30</button>" in page.text
    assert 'action="/mentors/grace/holds"' in page.text
    assert inputs(page.text)["start"] == "2026-12-08T09:30Z"


def test_a_fit_call_is_booked_without_paying(client, session, grace, ada):
    fit_call = session.scalars(select(Offering).where(Offering.kind == "fit_call")).one()
    sign_in(client, ada)

    page = client.get(f"/mentors/grace?offering={fit_call.id}&{START}")

    assert ">Book Tue 8 Dec, 10:30</button>" in page.text
    assert "You pay nothing" in words(page)
    assert "cancel" not in words(page)


def test_an_unconfirmed_address_is_told_before_booking(client, session, grace):
    nina = make_user(session, "Nina Example", verified_at=None)
    session.commit()
    sign_in(client, nina)

    page = words(client.get(f"/mentors/grace?{START}"))

    assert "Before you can book, confirm your address" in page
    assert "Pay and book" not in page


def test_a_live_hold_stands_in_place_of_the_button(client, session, grace, ada):
    edsger = make_mentor(session, "Edsger Example", slug="edsger")
    until = TUESDAY + timedelta(minutes=29)
    offering = make_offering(session, edsger)
    _, purchase = make_sale(session, offering, ada, HALF_PAST_NINE, status=BookingStatus.HELD, held_until=until)
    session.commit()
    sign_in(client, ada)

    page = client.get("/mentors/grace?start=2026-12-08T12:00Z")

    assert "Tue 8 Dec, 10:30 with Edsger Example is held for you until 09:29 while you pay." in words(page)
    assert f'data-countdown-until="{until.isoformat()}"' in page.text
    assert f'href="/checkout/{purchase.public_id}"' in page.text
    assert f'action="/checkout/{purchase.public_id}/give-back"' in page.text
    assert "Pay and book Tue 8 Dec, 13:00 instead" in words(page)
    assert "Tue 8 Dec, 10:30, is given back for it" in words(page)
    assert f'name="instead_of" value="{purchase.public_id}"' in page.text


def test_a_hold_that_is_over_stands_nowhere(client, session, grace, ada):
    offering = make_offering(session, grace)
    make_sale(session, offering, ada, HALF_PAST_NINE, status=BookingStatus.HELD, held_until=TUESDAY)
    session.commit()
    sign_in(client, ada)

    assert "is held for you" not in words(client.get("/mentors/grace"))


def test_the_time_that_one_holds_is_not_called_gone(client, session, grace, ada):
    offering = make_offering(session, grace)
    until = TUESDAY + timedelta(minutes=29)
    make_sale(session, offering, ada, HALF_PAST_NINE, status=BookingStatus.HELD, held_until=until)
    session.commit()
    sign_in(client, ada)

    page = words(client.get(f"/mentors/grace?offering={offering.id}&{START}"))

    assert "cannot be booked any more" not in page
    assert "Tuesday 8 December" in page


@pytest.mark.parametrize(
    ("start", "why"),
    [
        pytest.param("2026-12-08T09:30Z", "the mentor is not free then", id="booked by another"),
        pytest.param("2026-12-01T12:00Z", "too soon: the mentor needs notice of 24 hours", id="too soon"),
        pytest.param("2027-06-01T12:00Z", "too far ahead", id="beyond the horizon"),
        pytest.param("2026-12-12T12:00Z", "outside", id="on a Saturday"),
    ],
)
def test_a_time_that_is_gone_says_why_and_what_is_free(client, session, grace, start, why):
    make_booking(session, make_offering(session, grace), make_user(session, "Alan Example"), HALF_PAST_NINE)
    session.commit()

    answer = client.get(f"/mentors/grace?start={start}")

    assert answer.status_code == 200
    assert f"That time cannot be booked any more: {why}" in words(answer)
    assert 'class="times wide"' in answer.text
    assert "Sign in to book" not in answer.text


def test_the_day_of_a_time_that_is_gone_opens(client, session, grace):
    make_booking(session, make_offering(session, grace), make_user(session, "Alan Example"), HALF_PAST_NINE)
    session.commit()

    assert (
        'aria-label="Tuesday 8 December, 10 times free" aria-current="true"'
        in client.get(f"/mentors/grace?{START}").text
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"status": "paused"}, "takes no new bookings at the moment", id="paused"),
        pytest.param({"weekly": {}}, "has not set any working hours yet", id="no hours"),
        pytest.param({"weekly": {6: hours("09:00-17:00")}}, "has not set any working hours yet", id="only a Saturday"),
        pytest.param(
            {"weekly": {5: hours("09:00-17:00")}, "boundaries": {"horizon_days": 2}},
            "times in the next 2 days are taken or off",
            id="a short horizon",
        ),
    ],
)
def test_a_mentor_without_times_says_why(client, session, change, sentence):
    make_offering(session, make_mentor(session, slug="edsger", **change))
    session.commit()

    page = client.get("/mentors/edsger")

    assert page.status_code == 200
    assert sentence in words(page)
    assert '<table class="month' not in page.text


def test_all_times_taken_is_told(client, session, grace):
    session.add(TimeOff(mentor_id=grace.id, span=Range(datetime(2026, 12, 1), datetime(2027, 6, 1))))  # noqa: DTZ001
    session.commit()

    assert "All of Grace Example’s times in the next 60 days are taken or off." in words(client.get("/mentors/grace"))


def test_a_page_that_is_not_public_is_only_the_mentors_own(client, session):
    draft = make_mentor(session, slug="draft", status="draft")
    session.commit()

    assert client.get("/mentors/draft").status_code == 404
    sign_in(client, user_of(session, draft))
    assert "not public yet" in words(client.get("/mentors/draft"))


def test_mentors_do_not_book_themselves(client, session, grace):
    sign_in(client, user_of(session, grace))

    page = words(client.get(f"/mentors/grace?{START}"))

    assert "This is your own page" in page
    assert "Pay and book" not in page


def user_of(session, mentor):
    return session.get(User, mentor.id)


@pytest.mark.parametrize(
    "query",
    [
        "offering=0&month=0000-00&day=2026-02-30&start=never&zone=Mars/Olympus",
        "offering=99999999999999999999&month=9999-12&day=0001-01-01&start=0001-01-01T00:00%2B14:00&zone=..%2F..",
        "offering=%00&month=%00&day=%00&start=%00&zone=%00",
        "start=2026-12-08T09:30:59Z&page=-1&month=2031-01",
    ],
)
def test_a_bad_address_shows_the_page_as_if_nothing_was_asked(client, grace, query):
    answer = client.get(f"/mentors/grace?{query}")

    assert answer.status_code == 200
    assert "Choose a time" in answer.text


def test_months_end_at_today_and_at_the_horizon(client, grace):
    december = client.get("/mentors/grace?month=2026-11").text
    january = client.get("/mentors/grace?month=2027-12").text

    assert ("December 2026</caption>" in december, 'rel="prev"' in december, 'rel="next"' in december) == (
        True,
        False,
        True,
    )
    assert ("January 2027</caption>" in january, 'rel="prev"' in january, 'rel="next"' in january) == (
        True,
        True,
        False,
    )


def test_a_repeated_hour_says_which_of_the_two(client, session, clock):
    """In Cairo the clock goes back on a Thursday evening, when a mentor in Austin is at work."""
    clock.set(datetime(2026, 10, 20, tzinfo=UTC))
    make_offering(session, make_mentor(session, slug="rei", zone="America/Chicago", boundaries={"step_minutes": 60}))
    session.commit()

    page = words(client.get("/mentors/rei?day=2026-10-29&zone=Africa/Cairo"))

    assert "9 times free 00:00 17:00 18:00 19:00 20:00 21:00 22:00 23:00 (UTC+3) 23:00 (UTC+2)" in page


def test_the_page_takes_few_queries_however_many_bookings_there_are(client, session, grace, ada):
    offering = make_offering(session, grace)
    alan = make_user(session, "Alan Example")
    until = TUESDAY + timedelta(minutes=29)
    make_sale(session, offering, ada, HALF_PAST_NINE, status=BookingStatus.HELD, held_until=until)
    for day in range(10):
        make_booking(session, offering, alan, TUESDAY + timedelta(days=20 + day))
    session.commit()
    sign_in(client, ada)
    few = queries_of(client)

    for hour in range(990):
        make_booking(session, offering, alan, TUESDAY + timedelta(days=40, hours=2 * hour))
    session.commit()

    assert len(few) <= 18, "\n\n".join(few)
    assert len(queries_of(client)) == len(few)


def queries_of(client):
    db.session.remove()
    with count_queries() as statements:
        assert client.get("/mentors/grace?start=2026-12-08T12:00Z").status_code == 200
    return statements
