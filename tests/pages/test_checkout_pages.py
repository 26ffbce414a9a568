"""The pages around paying: what they say, and where they lead."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import render_template

from booking.domain.states import BookingStatus
from marketplace.accounts.zones import viewer_zone
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.web import inputs, sign_in

START = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
UNTIL = TUESDAY + timedelta(minutes=29)


@pytest.fixture
def ada(client, session):
    user = make_user(session)
    session.commit()
    sign_in(client, user)
    return user


@pytest.fixture
def offering(session):
    offering = make_offering(session, make_mentor(session, slug="grace"))
    session.commit()
    return offering


def hold(client, offering, start):
    page = client.get(f"/mentors/grace?offering={offering.id}")
    fields = {"csrf_token": inputs(page.text)["csrf_token"], "offering": str(offering.id), "start": start}
    return client.post("/mentors/grace/holds", data=fields)


def test_a_time_that_is_taken_leads_to_others(client, session, ada, offering):
    make_booking(session, offering, make_user(session, "Alan Example"), START)
    session.commit()

    answer = hold(client, offering, "2026-12-08T09:30Z")

    page = words(answer)
    assert answer.status_code == 409
    assert "Tue 8 Dec, 10:30 is gone That time cannot be booked: the mentor is not free then." in page
    assert "Nothing was booked and nothing was charged." in page
    assert f'href="/mentors/grace?offering={offering.id}&amp;start=2026-12-08T08:00Z#book"' in answer.text


def test_one_who_holds_another_time_pays_or_gives_it_back_first(client, session, ada, offering):
    _, purchase = make_sale(session, offering, ada, START, status=BookingStatus.HELD, held_until=UNTIL)
    session.commit()

    answer = hold(client, offering, "2026-12-09T09:30Z")

    assert answer.status_code == 409
    assert "Tue 8 Dec, 10:30 with Grace Example is held for you until 09:29 while you pay." in words(answer)
    assert f'href="/checkout/{purchase.public_id}"' in answer.text
    assert f'action="/checkout/{purchase.public_id}/give-back"' in answer.text


def test_one_who_left_stripe_is_asked_what_to_do(client, session, ada, offering):
    _, purchase = make_sale(session, offering, ada, START, status=BookingStatus.HELD, held_until=UNTIL)
    session.commit()

    answer = client.get(f"/checkout/{purchase.public_id}/cancel")

    page = words(answer)
    assert "Go on paying, or give the time back?" in page
    assert "Nothing has been charged." in page
    assert f'data-countdown-until="{UNTIL.isoformat()}"' in answer.text
    assert "You pay €80.50" in page


def test_one_who_has_paid_sees_what_is_booked(client, session, ada, offering):
    booking, purchase = make_sale(session, offering, ada, START)
    session.commit()

    answer = client.get(f"/checkout/{purchase.public_id}/return")

    assert "Booked: Tue 8 Dec, 10:30 Single session with Grace Example is confirmed." in words(answer)
    assert "You paid €80.50" in words(answer)
    assert f'href="/sessions/{booking.public_id}"' in answer.text


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("processing", "Tue 8 Dec, 10:30 with Grace Example stays yours meanwhile"),
        ("open", "is held for you until 09:29. We have not seen a payment yet."),
        ("expired", "was not paid for in time and is free again. Nothing was charged."),
        ("refunded", "could not be booked any more when your payment came in. All of it goes back"),
    ],
)
def test_the_return_page_tells_the_truth(app, session, ada, offering, state, sentence):
    booking, purchase = make_sale(session, offering, ada, START, status=BookingStatus.HELD, held_until=UNTIL)
    with app.test_request_context():
        page = render_template(
            "payments/returned.html",
            state=state,
            booking=booking,
            purchase=purchase,
            refund=None,
            mentor_name="Grace Example",
            slots=[],
            zone=viewer_zone(),
            mentor={"slug": "grace"},
        )

    assert sentence in " ".join(page.replace("<strong>", "").replace("</strong>", "").split())
    assert (">Look again</a>" in page) == (state == "processing")
