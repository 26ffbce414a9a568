"""Cancelling over the pages: what is read holds, once, and everybody is told what stands."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from payments.models.sales import Refund
from payments.services.buy import Order
from tests.factories import make_offering, make_user
from tests.jobs import run_jobs
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.web import inputs, sign_in, sign_out

LIMIT = TEN - timedelta(hours=24)


@pytest.fixture
def url(sold):
    return f"/sessions/{sold.booking.public_id}/cancel"


@pytest.fixture
def grace(session, sold):
    return session.get(User, sold.booking.mentor_id)


def press(client, url, page, **fields):
    """What stands in the form of a page that was read before."""
    return client.post(url, data={**inputs(page.text), **fields})


def state(session):
    session.rollback()
    found = session.scalars(select(Booking), execution_options={"populate_existing": True}).one()
    return found.state


def sums(session):
    session.rollback()
    return session.scalars(select(Refund.amount_minor).order_by(Refund.id)).all()


def test_the_page_says_what_comes_back_and_until_when(client, ada, url):
    ada_zone = "Europe/Stockholm"
    sign_in(client, ada)

    page = words(client.get(url))

    assert "You get all back: €80.50." in page
    assert f"until Mon 7 Dec, 10:00 ({ada_zone}) Mon 7 Dec, 10:00 (Europe/Amsterdam) this is now €80.50" in page
    assert f"until Tue 8 Dec, 10:00 ({ada_zone}) Tue 8 Dec, 10:00 (Europe/Amsterdam) €40.25 after that nothing" in page


def test_after_the_limit_it_says_half_and_until_when_it_was_more(client, ada, url, clock):
    clock.set(LIMIT + timedelta(seconds=1))
    sign_in(client, ada)

    page = words(client.get(url))

    assert "You get €40.25 of €80.50 back." in page
    assert "was until Mon 7 Dec, 10:00" in page
    assert "Cancel it, €40.25 back" in page


def test_pressing_cancels_and_the_session_says_what_comes_back(client, session, ada, url, app, settings):
    sign_in(client, ada)

    answer = press(client, url, client.get(url), reason="I am <ill>.")

    assert (answer.status_code, answer.location) == (303, url.removesuffix("/cancel"))
    assert (state(session), sums(session)) == (BookingStatus.CANCELLED_BY_MENTEE, [8050])
    page = client.get(answer.location)
    assert "You have cancelled this session." in words(page)
    assert "All that you paid goes back to the card or account that you paid with: €80.50." in words(page)
    assert "I am &lt;ill&gt;." in page.text
    run_jobs(app, settings)
    assert "€80.50 has been sent back" in words(client.get(answer.location))


def test_the_receipt_and_both_lists_show_it(client, session, ada, grace, url):
    sign_in(client, ada)
    press(client, url, client.get(url))

    assert re.search("On its way back, since .* €80.50", words(client.get(url.replace("/cancel", "/receipt"))))
    assert "cancelled" in words(client.get("/sessions"))
    sign_out(client)
    sign_in(client, grace)
    assert re.search("Ada Example Single session .*cancelled", words(client.get("/week?week=2026-W50")))
    assert "Ada Example has cancelled this session." in words(client.get(url.removesuffix("/cancel")))
    assert "so you earn nothing for it" in words(client.get(url.removesuffix("/cancel")))


def test_a_mentor_reads_that_all_goes_back_at_any_notice(client, session, grace, url, clock):
    clock.set(TEN - timedelta(minutes=1))
    sign_in(client, grace)
    page = client.get(url)

    answer = press(client, url, page, reason="My train is late.")

    assert "Ada Example gets all back: €80.50." in words(page)
    assert answer.status_code == 303
    assert (state(session), sums(session)) == (BookingStatus.CANCELLED_BY_MENTOR, [8050])


def test_a_limit_that_passes_meanwhile_is_asked_about_with_the_new_sum(client, session, ada, url, clock):
    sign_in(client, ada)
    clock.set(LIMIT - timedelta(minutes=1))
    page = client.get(url)
    clock.set(LIMIT + timedelta(seconds=1))

    asked = press(client, url, page, reason="I am ill.")

    assert asked.status_code == 409
    assert "What goes back has changed" in words(asked)
    assert "You get €40.25 of €80.50 back." in words(asked)
    assert "I am ill." in asked.text
    assert (state(session), sums(session)) == (BookingStatus.CONFIRMED, [])
    assert press(client, url, asked).status_code == 303
    assert sums(session) == [4025]


@pytest.mark.parametrize("back", ["", "4025", "-1", "8050.0", "1e9", "٨٠٥٠", "9" * 30, "<b>"])
def test_a_sum_that_no_page_has_said_does_nothing(client, session, ada, url, back):
    sign_in(client, ada)

    answer = press(client, url, client.get(url), back=back)

    assert answer.status_code == 409
    assert (state(session), sums(session)) == (BookingStatus.CONFIRMED, [])


@pytest.mark.parametrize("reason", ["a" * 501, "a\u202eb", "a" * 900_000])
def test_words_that_cannot_be_kept_are_told_of_beside_the_field(client, session, ada, url, reason):
    sign_in(client, ada)

    answer = press(client, url, client.get(url), reason=reason)

    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text
    assert state(session) is BookingStatus.CONFIRMED


def test_from_two_tabs_it_is_done_once_and_both_end_on_the_session(client, session, ada, url):
    sign_in(client, ada)
    first, second = client.get(url), client.get(url)
    press(client, url, first)

    answer = press(client, url, second)

    assert (answer.status_code, answer.location) == (303, url.removesuffix("/cancel"))
    assert "You have cancelled this session." in words(client.get(answer.location))
    assert sums(session) == [8050]
    assert client.get(url).location == url.removesuffix("/cancel")


def test_who_comes_second_reads_who_was_first(client, app, session, ada, grace, url, clock):
    clock.set(TEN - timedelta(hours=1))
    sign_in(client, ada)
    page = client.get(url)
    other = app.test_client()
    sign_in(other, grace)
    press(other, url, other.get(url))

    answer = press(client, url, page)

    assert "Grace Example has cancelled this session." in words(client.get(answer.location))
    assert (state(session), sums(session)) == (BookingStatus.CANCELLED_BY_MENTOR, [8050])


def test_once_it_has_begun_it_is_too_late_for_everybody(client, session, ada, grace, url, clock):
    sign_in(client, ada)
    page = client.get(url)
    clock.set(TEN)

    for answer in (client.get(url), press(client, url, page)):
        assert answer.status_code == 422
        assert "It is too late to cancel: the session has begun." in words(answer)
    assert "Cancel this session" not in words(client.get(url.removesuffix("/cancel")))
    assert (state(session), sums(session)) == (BookingStatus.CONFIRMED, [])


def test_others_find_nothing(client, session, alan, url):
    sign_in(client, alan)

    assert client.get(url).status_code == 404
    assert press(client, url, client.get("/account")).status_code == 404
    assert state(session) is BookingStatus.CONFIRMED


def test_the_way_to_it_stands_on_the_sessions_page(client, ada, url):
    sign_in(client, ada)

    assert f'href="{url}"' in client.get(url.removesuffix("/cancel")).text


def test_who_comes_back_from_stripe_after_it_was_cancelled_sees_the_session(client, ada, url, sold):
    sign_in(client, ada)
    press(client, url, client.get(url))

    answer = client.get(f"/checkout/{sold.purchase.public_id}/return")

    assert answer.location == url.removesuffix("/cancel")


def test_a_free_call_is_cancelled_without_a_word_of_cards(client, session, till, ada, hour):
    call = make_offering(session, session.get(Mentor, hour.mentor_id), kind="fit_call")
    session.commit()
    free = till().buy(Order(ada, hour.mentor_id, call.id, TEN))
    url = f"/sessions/{free.booking.public_id}/cancel"
    sign_in(client, ada)
    page = client.get(url)

    answer = press(client, url, page)

    assert "Nothing was paid for it, so nothing goes back." in words(page)
    assert answer.status_code == 303
    assert state(session) is BookingStatus.CANCELLED_BY_MENTEE
    assert "card" not in words(client.get(answer.location))


@pytest.fixture
def olga(session):
    user = make_user(session, "Olga Example", is_operator=True)
    session.commit()
    return user


def test_an_operator_gives_a_reason_that_both_read(client, app, session, ada, grace, olga, sold, url):
    sign_in(client, olga)
    desk = f"/operator/bookings/{sold.booking.public_id}/cancel"
    page = client.get(desk)
    assert f'href="{desk}"' in client.get("/operator/bookings").text

    without = press(client, desk, page)
    answer = press(client, desk, page, reason="The mentor is ill.")

    assert "Ada Example gets all back: €80.50." in words(page)
    assert (without.status_code, answer.status_code) == (422, 303)
    assert (state(session), sums(session)) == (BookingStatus.CANCELLED_BY_OPERATOR, [8050])
    assert "by the site" in words(client.get("/operator/bookings"))
    assert "The mentor is ill." in words(client.get("/operator/bookings"))
    assert "session cancelled" in words(client.get("/operator/audit"))
    again = client.get(desk)
    assert (again.status_code, "has been cancelled before" in words(again)) == (409, True)
    for person in (ada, grace):
        reader = app.test_client()
        sign_in(reader, person)
        page = words(reader.get(url.removesuffix("/cancel")))
        assert "The site has cancelled this session." in page
        assert "The mentor is ill." in page


def test_an_operator_sees_what_was_earned_by_a_late_cancellation(client, ada, olga, url, clock):
    clock.set(LIMIT + timedelta(seconds=1))
    sign_in(client, ada)
    press(client, url, client.get(url))
    sign_out(client)
    sign_in(client, olga)

    assert "€0.00 €40.25 €35.00 €0.00 €5.25" in words(client.get("/operator"))
