"""Ada, who lives in New York, has bought what Grace offers, for next Tuesday at ten in Amsterdam."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from payments.models.sales import Payment, Purchase
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.sales import make_sale
from tests.payments.conftest import TEN
from tests.web import sign_in


@pytest.fixture
def ada(session: Session) -> User:
    return make_user(session, "Ada Example", zone="America/New_York")


@pytest.fixture
def grace(session: Session) -> Mentor:
    mentor = make_mentor(session, slug="grace")
    session.commit()
    return mentor


@pytest.fixture
def offering(session: Session, grace: Mentor) -> Offering:
    """A single hour; a module about programmes has a programme instead."""
    return make_offering(session, grace)


@pytest.fixture
def sold(session: Session, ada: User, offering: Offering) -> tuple[Booking, Purchase]:
    booking, purchase = make_sale(session, offering, ada, TEN)
    session.execute(select(Payment)).scalar_one().paid_minor = purchase.gross_minor
    session.commit()
    return booking, purchase


@pytest.fixture
def booking(sold: tuple[Booking, Purchase]) -> Booking:
    return sold[0]


@pytest.fixture
def url(sold: tuple[Booking, Purchase]) -> str:
    """Of the page about all that was bought."""
    return f"/purchases/{sold[1].public_id}"


@pytest.fixture
def adas(client: FlaskClient, ada: User, sold: tuple[Booking, Purchase]) -> FlaskClient:
    """Her browser."""
    sign_in(client, ada)
    return client
