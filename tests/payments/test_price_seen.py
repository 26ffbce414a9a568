"""Nobody pays a price that they have not seen: it may change between the page and the press."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.formats import instant
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from payments.models.sales import Purchase
from tests.factories import make_mentor, make_offering
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.payments.test_views import press_pay, the_booking, the_purchase
from tests.web import inputs, sign_in

AGENDA = "How do I learn to say no?"


def bookings(session: Session) -> int | None:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Booking))


def page_with_time(client: FlaskClient, session: Session, hour: Offering) -> dict[str, str]:
    """What the form on the mentor's page would send."""
    slug = session.scalar(select(Mentor.slug).where(Mentor.id == hour.mentor_id))
    session.commit()
    page = client.get(f"/mentors/{slug}?offering={hour.id}&start={instant(TEN)}")
    return {name: value for name, value in inputs(page.text).items() if name in ("offering", "start", "seen")}


def raise_price(session: Session, hour: Offering) -> None:
    hour.price_minor = 8000
    session.commit()


def test_the_page_says_with_the_press_what_it_has_told(
    client: FlaskClient, session: Session, ada: User, hour: Offering
) -> None:
    sign_in(client, ada)

    form = page_with_time(client, session, hour)

    assert form == {"offering": str(hour.id), "start": instant(TEN), "seen": "8050-EUR"}
    assert press_pay(client, session, hour, **form).status_code == 303


def test_a_price_that_has_risen_meanwhile_is_told_before_anything_is_held(
    client: FlaskClient, session: Session, ada: User, hour: Offering
) -> None:
    sign_in(client, ada)
    form = page_with_time(client, session, hour)
    raise_price(session, hour)

    answer = press_pay(client, session, hour, **form, agenda=AGENDA)

    assert answer.status_code == 409
    assert "This costs €92.00 now, and no longer €80.50. Nothing was booked" in words(answer)
    assert AGENDA in answer.text
    assert bookings(session) == 0


def test_the_new_price_can_be_taken_from_there(
    client: FlaskClient, session: Session, ada: User, hour: Offering
) -> None:
    sign_in(client, ada)
    form = page_with_time(client, session, hour)
    raise_price(session, hour)
    told = press_pay(client, session, hour, **form)

    answer = press_pay(client, session, hour, **{**form, "seen": inputs(told.text)["seen"]}, agenda=AGENDA)

    assert answer.status_code == 303
    assert the_purchase(session).gross_minor == 9200
    assert the_booking(session).agenda == AGENDA


def test_what_is_held_keeps_its_price_whatever_the_page_says_by_now(
    client: FlaskClient, session: Session, ada: User, hour: Offering
) -> None:
    sign_in(client, ada)
    press_pay(client, session, hour, seen="8050-EUR")
    raise_price(session, hour)

    answer = press_pay(client, session, hour, seen="9200-EUR")

    assert answer.status_code == 303
    assert the_purchase(session).gross_minor == 8050


def test_the_time_that_is_held_is_not_given_back_for_a_price_that_was_not_seen(
    client: FlaskClient, session: Session, ada: User, hour: Offering
) -> None:
    other = make_offering(session, make_mentor(session, "Edsger Example"))
    session.commit()
    sign_in(client, ada)
    press_pay(client, session, hour)
    held = the_purchase(session).public_id
    raise_price(session, other)

    answer = press_pay(client, session, other, seen="8050-EUR", instead_of=held)

    assert answer.status_code == 409
    assert the_booking(session).status == BookingStatus.HELD
    assert inputs(answer.text)["instead_of"] == held
    assert session.scalars(select(Purchase.public_id)).all() == [held]


@pytest.mark.parametrize("seen", ["", "80", "eighty", "8050-eur", "8050-EUR ", "9" * 40 + "-EUR", "-1-EUR", "\x00"])
def test_what_is_no_price_counts_as_none_told(
    client: FlaskClient, session: Session, ada: User, hour: Offering, seen: str
) -> None:
    sign_in(client, ada)

    assert press_pay(client, session, hour, seen=seen).status_code == 303
