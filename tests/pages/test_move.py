"""Moving over the pages: a day, a time, both times side by side, one button, and no script."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from booking.models.bookings import Booking
from booking.models.moves import BookingMove
from marketplace.accounts.models import User
from marketplace.core.formats import instant
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.payments.conftest import TEN
from tests.queries import count_queries
from tests.web import inputs, sign_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIMIT, NOON = TEN - DAY, TEN + 2 * HOUR


@pytest.fixture
def url(booking):
    return f"/sessions/{booking.public_id}/move"


def chosen(client, url, start=NOON):
    return client.get(f"{url}?start={instant(start)}")


def press(client, url, page, **fields):
    return client.post(url, data={**inputs(page.text), **fields})


def now_at(session):
    session.rollback()
    return session.scalars(select(Booking.starts_at).order_by(Booking.id)).first()


def moves(session):
    session.rollback()
    return len(session.scalars(select(BookingMove)).all())


def test_the_page_says_when_it_is_and_until_when_it_can_be_moved(adas, url):
    page = words(adas.get(url))

    assert "Move this session" in page
    assert "Tue 8 Dec, 04:00–05:00 (America/New_York)" in page
    assert "Tue 8 Dec, 10:00–11:00 (Europe/Amsterdam)" in page
    assert "You can move it until Mon 7 Dec, 04:00 (America/New_York); after that it can only be cancelled." in page
    assert "The price stays the same: nothing is charged for moving." in page
    assert "Move it to" not in page


def test_days_and_times_are_links_of_the_page_itself(adas, url):
    """West of Greenwich too: the day is the reader's, and the time is an instant."""
    page = adas.get(f"{url}?day=2026-12-09")

    assert f'href="{url}?day=2026-12-10#times"' in page.text
    times = re.findall(rf'href="{url}\?start=([^"#]+)#book">(\d\d:\d\d)', page.text)
    assert times[:2] == [("2026-12-09T08:00Z", "03:00"), ("2026-12-09T08:15Z", "03:15")]


def test_old_and_new_time_stand_side_by_side_on_both_clocks(adas, url):
    page = words(chosen(adas, url))

    assert re.search(
        r"Old time Your time Tue 8 Dec, 04:00–05:00 \(America/New_York\) Grace Example Tue 8 Dec, 10:00–11:00 .*"
        r"New time Your time Tue 8 Dec, 06:00–07:00 \(America/New_York\) Grace Example Tue 8 Dec, 12:00–13:00",
        page,
    )
    assert "Free to cancel or move until Mon 7 Dec, 06:00; half back after that." in page
    assert "Move it to Tue 8 Dec, 06:00" in page
    assert "Mind that" not in page


def test_one_press_moves_it_and_the_sessions_page_says_from_when(adas, session, url):
    answer = press(adas, url, chosen(adas, url), reason="My <train> is late.")

    assert (answer.status_code, answer.location) == (303, url.removesuffix("/move"))
    assert (now_at(session), moves(session)) == (NOON, 1)
    page = adas.get(answer.location)
    assert "You have moved this session. It was at Tue 8 Dec, 04:00 ." in words(page)
    assert "My &lt;train&gt; is late." in page.text


def test_the_mentor_reads_who_moved_it(app, adas, session, offering, url):
    press(adas, url, chosen(adas, url), reason="My train is late.")
    grace = app.test_client()
    sign_in(grace, session.get_one(User, offering.mentor_id))

    page = words(grace.get(url.removesuffix("/move")))

    assert "Ada Example has moved this session. It was at Tue 8 Dec, 10:00 ." in page
    assert "My train is late." in page
    assert "Tue 8 Dec, 12:00–13:00 (Europe/Amsterdam)" in page
    assert "Move this session" not in page


def test_a_second_press_and_a_second_tab_move_once(adas, session, url):
    page, tab = chosen(adas, url), chosen(adas, url)
    press(adas, url, page)

    again, other = press(adas, url, page), press(adas, url, tab)

    for answer in (again, other):
        assert (answer.status_code, answer.location) == (303, url.removesuffix("/move"))
    assert (now_at(session), moves(session)) == (NOON, 1)


def test_a_tab_that_has_not_seen_the_move_asks_again(adas, session, url):
    tab = chosen(adas, url, TEN + DAY)
    press(adas, url, chosen(adas, url))

    answer = press(adas, url, tab, reason="Thursday is better.")

    assert answer.status_code == 409
    assert "has been moved since you opened this page" in words(answer)
    assert "Thursday is better." in answer.text
    assert (now_at(session), moves(session)) == (NOON, 1)
    assert press(adas, url, answer).status_code == 303
    assert (now_at(session), moves(session)) == (TEN + DAY, 2)


def test_a_time_that_somebody_else_has_taken_is_told_of_with_others(adas, session, offering, url):
    page = chosen(adas, url)
    make_booking(session, offering, make_user(session, "Alan Example"), NOON)
    session.commit()

    answer = press(adas, url, page, reason="My train is late.")

    assert answer.status_code == 409
    assert "That time cannot be booked" in words(answer)
    assert "Free instead: Tue 8 Dec, 07:15" in words(answer)
    assert "What you wrote" in words(answer)
    assert "My train is late." in answer.text
    assert now_at(session) == TEN


@pytest.mark.parametrize("start", ["", "yesterday", "2026-12-08", "9" * 40, "<b>"])
def test_a_time_that_no_page_has_offered_moves_nothing(adas, session, url, start):
    answer = press(adas, url, chosen(adas, url), start=start)

    assert (answer.status_code, answer.location) == (303, url)
    assert moves(session) == 0


@pytest.mark.parametrize("start", ["2026-12-08T20:00Z", "2026-12-12T09:00Z", "2026-12-08T11:07Z", "2026-12-01T09:00Z"])
def test_a_time_that_somebody_has_written_into_the_form_is_judged(adas, session, url, start):
    answer = press(adas, url, chosen(adas, url), start=start)

    assert answer.status_code == 422
    assert "That time cannot be booked" in words(answer)
    assert moves(session) == 0


@pytest.mark.parametrize("seen", ["", "7", "-1", "1e3", "٠", "9" * 30])
def test_a_state_that_no_page_has_shown_moves_nothing(adas, session, url, seen):
    assert press(adas, url, chosen(adas, url), seen=seen).status_code == 409
    assert moves(session) == 0


def test_words_that_cannot_be_kept_are_told_of_beside_the_field(adas, session, url):
    answer = press(adas, url, chosen(adas, url), reason="a" * 501)

    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text
    assert "Move it to Tue 8 Dec, 06:00" in words(answer)
    assert moves(session) == 0


def test_after_the_limit_only_cancelling_is_left(adas, session, url, clock):
    page = chosen(adas, url)
    clock.set(LIMIT + timedelta(seconds=1))

    for answer in (adas.get(url), press(adas, url, page)):
        assert answer.status_code == 422
        assert "It is too late to move this session. You can still cancel it." in words(answer)
        assert f'href="{url.replace("/move", "/cancel")}"' in answer.text
    assert "Move this session" not in words(adas.get(url.removesuffix("/move")))
    assert moves(session) == 0


def test_a_new_time_nearer_than_the_limit_says_what_is_lost_by_it(client, session, ada):
    firm = make_offering(session, make_mentor(session), policy="firm")
    booking, _ = make_sale(session, firm, ada, TEN)
    session.commit()
    sign_in(client, ada)

    page = words(chosen(client, f"/sessions/{booking.public_id}/move", TUESDAY + DAY + HOUR))

    assert "Mind that: at the new time it can be neither moved again nor cancelled for all of your money." in page
    assert "Half back if cancelled before Wed 2 Dec, 04:00; nothing after that." in page


def test_a_free_call_says_nothing_of_prices(client, session, ada, offering):
    call = make_offering(session, make_mentor(session, "Edsger Example"), kind="fit_call")
    booking, _ = make_sale(session, call, ada, TEN)
    session.commit()
    sign_in(client, ada)

    page = words(chosen(client, f"/sessions/{booking.public_id}/move"))

    assert "You can move it until it begins. It stays free." in page
    assert "price" not in page


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param("UPDATE mentor SET status = 'paused'", "takes no new bookings at the moment", id="a break"),
        pytest.param("DELETE FROM working_hours", "has not set any working hours", id="no hours"),
        pytest.param("DELETE FROM working_hours WHERE weekday > 1", "are taken or off", id="nothing is free"),
    ],
)
def test_without_times_to_choose_from_it_says_why(adas, session, url, change, why):
    session.execute(text(change))
    session.execute(text("UPDATE boundaries SET horizon_days = 5"))  # until Sunday
    session.commit()

    page = words(adas.get(url))

    assert "No times to choose" in page
    assert why in page


def test_where_it_is_already_is_no_choice(adas, url):
    page = chosen(adas, url, TEN)

    assert page.status_code == 200
    assert f"?start={instant(TEN)}#book" not in page.text
    assert "Move it to" not in words(page)


def test_what_is_cancelled_leads_to_the_session(adas, session, url):
    session.execute(
        text("UPDATE booking SET status = 'cancelled_by_mentor', cancelled_by = mentor_id, cancelled_at = created_at")
    )
    session.commit()

    assert adas.get(url).location == url.removesuffix("/move")


def test_the_mentor_and_others_cannot(app, session, ada, offering, booking, url):
    for person, status in ((session.get_one(User, offering.mentor_id), 403), (make_user(session, "Alan Example"), 404)):
        session.commit()
        client = app.test_client()
        sign_in(client, person)
        assert client.get(url).status_code == status
        assert press(client, url, client.get("/account"), start=instant(NOON), seen="0").status_code == status
    assert moves(session) == 0


def test_the_way_to_it_stands_on_the_sessions_page(adas, url):
    assert f'href="{url}"' in adas.get(url.removesuffix("/move")).text


def test_the_zone_that_was_asked_for_stays(adas, url):
    page = adas.get(f"{url}?zone=Asia/Kathmandu&start={instant(NOON)}")

    assert "Tue 8 Dec, 16:45–17:45 (Asia/Kathmandu)" in words(page)
    assert "zone=Asia/Kathmandu" in page.text


def test_the_page_takes_few_queries_however_many_bookings_there_are(adas, session, ada, offering, url):
    with count_queries() as few:
        adas.get(url)
    for number in range(12):
        make_sale(session, offering, make_user(session), TEN + DAY * 7 * (1 + number // 4) + HOUR * (number % 4))
    session.commit()

    with count_queries() as many:
        adas.get(url)

    assert len(many) == len(few)
    assert len(few) < 20
