"""The path over the pages: hold, pay, come back, give back, and every refusal with its way on."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.formats import instant
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from payments.models.sales import Payment, Purchase
from tests.conftest import MovableClock
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.stripe_side import StripeSide
from tests.web import ANSWERS, sign_in, sign_out, submit


def press_pay(client: FlaskClient, session: Session, what: Offering, /, **given: str) -> TestResponse:
    slug = session.scalar(select(Mentor.slug).where(Mentor.id == what.mentor_id))
    session.commit()
    fields = {"offering": str(what.id), "start": instant(TEN), **given}
    return submit(client, f"/mentors/{slug}/holds", page="/account", **fields)


def the_booking(session: Session) -> Booking:
    session.rollback()
    booking = session.scalars(select(Booking), execution_options={"populate_existing": True}).one()
    session.commit()
    return booking


def the_purchase(session: Session) -> Purchase:
    purchase = session.scalars(select(Purchase), execution_options={"populate_existing": True}).one()
    session.commit()
    return purchase


def stripe_session(session: Session) -> str:
    found = session.scalars(select(Payment.stripe_session_id)).one()
    session.commit()
    return str(found)


def test_pay_and_book_leads_to_stripe_and_back_to_a_confirmed_session(
    client: FlaskClient, session: Session, ada: User, hour: Offering, stripe_side: StripeSide, settings: Settings
) -> None:
    sign_in(client, ada)
    leaving = press_pay(client, session, hour)
    stripe_side.pay(stripe_session(session))

    page = client.get(f"/checkout/{the_purchase(session).public_id}/return")

    assert (leaving.status_code, leaving.location.startswith(settings.stripe_api_base)) == (303, True)
    assert "Booked: Tue 8 Dec, 10:00" in page.text
    assert the_booking(session).state is BookingStatus.CONFIRMED


def test_the_page_that_stripe_returns_to_exists(
    client: FlaskClient, session: Session, ada: User, hour: Offering, stripe_side: StripeSide, settings: Settings
) -> None:
    """What was stored at Stripe as success and cancel address are routes of ours, with the braces as they are."""
    sign_in(client, ada)
    press_pay(client, session, hour)
    made = stripe_side.sessions()[0]

    assert made["success_url"].startswith(settings.public_url)
    assert made["success_url"].endswith("?session_id={CHECKOUT_SESSION_ID}")
    for url in (made["success_url"], made["cancel_url"]):
        parts = urlsplit(url)
        assert client.get(f"{parts.path}?{parts.query}").status_code == 200


def test_the_return_page_tells_the_truth_before_anything_is_paid(
    client: FlaskClient, session: Session, ada: User, hour: Offering
) -> None:
    sign_in(client, ada)
    press_pay(client, session, hour)

    page = client.get(f"/checkout/{the_purchase(session).public_id}/return")

    assert "Not paid yet" in page.text
    assert the_booking(session).state is BookingStatus.HELD


def test_the_return_page_tells_the_truth_after_the_hold_ran_out(
    client: FlaskClient, session: Session, ada: User, hour: Offering, clock: MovableClock
) -> None:
    sign_in(client, ada)
    press_pay(client, session, hour)
    clock.advance(timedelta(minutes=36))

    page = client.get(f"/checkout/{the_purchase(session).public_id}/return")

    assert "was not paid for" in page.text
    assert "Tue 8 Dec" in page.text
    assert the_booking(session).state is BookingStatus.EXPIRED


def test_the_cancel_page_asks_and_giving_back_frees_the_time(
    client: FlaskClient, session: Session, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    sign_in(client, ada)
    press_pay(client, session, hour)
    path = f"/checkout/{the_purchase(session).public_id}"
    page = client.get(f"{path}/cancel")

    answer = submit(client, f"{path}/give-back", page=f"{path}/cancel")

    assert "give the time back" in page.text.lower()
    assert answer.status_code == 303
    assert the_booking(session).state is BookingStatus.RELEASED
    assert stripe_side.sessions()[0]["status"] == "expired"


def test_giving_back_what_was_paid_shows_that_it_is_booked(
    client: FlaskClient, session: Session, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    sign_in(client, ada)
    press_pay(client, session, hour)
    path = f"/checkout/{the_purchase(session).public_id}"
    stripe_side.pay(stripe_session(session))

    answer = submit(client, f"{path}/give-back", page="/account")

    assert answer.location == f"{path}/return"
    assert the_booking(session).state is BookingStatus.CONFIRMED


def test_going_on_leads_to_the_same_checkout(
    client: FlaskClient, session: Session, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    sign_in(client, ada)
    first = press_pay(client, session, hour)

    again = client.get(f"/checkout/{the_purchase(session).public_id}")

    assert again.location == first.location
    assert len(stripe_side.sessions()) == 1


def test_a_taken_time_is_a_409_page_with_the_next_free_times(
    app: Flask, client: FlaskClient, session: Session, ada: User, alan: User, hour: Offering
) -> None:
    sign_in(client, ada)
    press_pay(client, session, hour)
    other = app.test_client()
    sign_in(other, alan)

    refused = press_pay(other, session, hour)

    assert refused.status_code == 409
    assert refused.text.count("start=2026-") >= 3
    assert "nothing was charged" in refused.text.lower()


def test_another_time_while_one_is_unpaid_shows_that_hold(
    client: FlaskClient, session: Session, ada: User, hour: Offering
) -> None:
    sign_in(client, ada)
    press_pay(client, session, hour)

    refused = press_pay(client, session, hour, start=instant(TEN + timedelta(days=1)))

    purchase = the_purchase(session)
    assert refused.status_code == 409
    assert f"/checkout/{purchase.public_id}/give-back" in refused.text
    assert f'href="/checkout/{purchase.public_id}"' in refused.text


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"start": "tomorrow"}, id="no time"),
        pytest.param({"start": ""}, id="an empty time"),
        pytest.param({"start": "2026-12-08T09:00:00+01:00"}, id="a time of another form"),
        pytest.param({"offering": "ten"}, id="no offering"),
    ],
)
def test_bad_input_leads_back_to_the_times(
    client: FlaskClient, session: Session, ada: User, hour: Offering, fields: dict[str, str]
) -> None:
    sign_in(client, ada)

    answer = press_pay(client, session, hour, **fields)

    assert answer.status_code == 303
    assert session.scalars(select(Booking)).all() == []


@pytest.mark.parametrize(
    ("start", "status"),
    [("2026-12-06T09:00Z", 422), ("2026-12-08T09:07Z", 422), ("2030-01-01T10:00Z", 422), ("2020-01-01T10:00Z", 422)],
)
def test_a_time_that_is_not_offered_is_refused_in_words(
    client: FlaskClient, session: Session, ada: User, hour: Offering, start: str, status: int
) -> None:
    sign_in(client, ada)

    answer = press_pay(client, session, hour, start=start)

    assert answer.status_code == status
    assert "cannot be booked" in answer.text


def test_an_offering_of_another_mentor_is_not_found(
    client: FlaskClient, session: Session, ada: User, hour: Offering
) -> None:
    other = make_offering(session, make_mentor(session, "Edsger Example"))
    session.commit()
    sign_in(client, ada)

    answer = press_pay(client, session, hour, offering=str(other.id))

    assert answer.status_code == 404


def test_a_mentor_cannot_book_themselves(client: FlaskClient, session: Session, hour: Offering) -> None:
    sign_in(client, session.get_one(User, hour.mentor_id))

    assert press_pay(client, session, hour).status_code == 422


def test_holding_needs_a_verified_address(client: FlaskClient, session: Session, hour: Offering) -> None:
    newcomer = make_user(session, verified_at=None)
    session.commit()
    sign_in(client, newcomer)

    assert press_pay(client, session, hour).status_code == 403
    assert session.scalars(select(Booking)).all() == []


def test_a_free_call_is_confirmed_without_stripe(
    client: FlaskClient, session: Session, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    call = make_offering(session, make_mentor(session, "Edsger Example"), kind="fit_call")
    session.commit()
    sign_in(client, ada)

    answer = press_pay(client, session, call, **ANSWERS)

    booking = the_booking(session)
    assert (booking.state, answer.location) == (BookingStatus.CONFIRMED, f"/sessions/{booking.public_id}")
    assert stripe_side.sessions() == []
    told = words(client.get(answer.location))
    assert "Fit call with Edsger Example is confirmed. The confirmation is in your mail too." in told


def test_when_stripe_does_not_answer_the_time_stays_held_and_the_page_says_so(
    client: FlaskClient, session: Session, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    sign_in(client, ada)
    stripe_side.post("/_sandbox/faults", fault="500_before", path="/v1/checkout/sessions", times=4)

    answer = press_pay(client, session, hour)
    page = client.get(answer.location)

    assert answer.location == f"/checkout/{the_purchase(session).public_id}/cancel"
    assert "still held" in page.text
    assert the_booking(session).state is BookingStatus.HELD


@pytest.mark.parametrize("page", ["", "/return", "/cancel"])
def test_a_purchase_is_its_mentees_alone(
    app: Flask, client: FlaskClient, session: Session, ada: User, alan: User, hour: Offering, page: str
) -> None:
    sign_in(client, ada)
    press_pay(client, session, hour)
    other = app.test_client()
    sign_in(other, alan)

    assert other.get(f"/checkout/{the_purchase(session).public_id}{page}").status_code == 404


def test_what_the_mentee_wants_to_talk_about_is_kept_with_the_hold(
    client: FlaskClient, session: Session, ada: User, hour: Offering
) -> None:
    sign_in(client, ada)

    press_pay(client, session, hour, agenda="My next role")
    press_pay(client, session, hour, agenda="My next role, and why")

    assert the_booking(session).agenda == "My next role, and why"


def test_too_long_an_agenda_is_told_beside_it_and_holds_nothing(
    client: FlaskClient, session: Session, ada: User, hour: Offering
) -> None:
    sign_in(client, ada)

    answer = press_pay(client, session, hour, agenda="x" * 2001)

    assert answer.status_code == 422
    assert "Use at most 2000 characters; these are 2001." in answer.text
    assert "x" * 2001 in answer.text
    assert f'value="{instant(TEN)}"' in answer.text
    assert session.scalars(select(Booking)).all() == []


def test_who_comes_too_late_does_not_lose_what_they_wrote(
    client: FlaskClient, session: Session, ada: User, alan: User, hour: Offering
) -> None:
    sign_in(client, alan)
    press_pay(client, session, hour)
    sign_out(client)
    sign_in(client, ada)

    answer = press_pay(client, session, hour, agenda="My next role")

    assert answer.status_code == 409
    assert "My next role</textarea>" in answer.text
