"""Ada and Grace have met twice and meet again next Tuesday."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus
from marketplace.accounts.models import User
from marketplace.mentorships.models.pairs import Mentorship
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.sales import make_sale
from tests.server import in_threads
from tests.web import sign_in

NEXT_TUESDAY = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@pytest.fixture
def grace(session):
    return make_mentor(session, slug="grace")


@pytest.fixture
def graces_account(session, grace):
    return session.get_one(User, grace.id)


@pytest.fixture
def offering(session, grace):
    return make_offering(session, grace)


@pytest.fixture
def ada(session):
    return make_user(session)


@pytest.fixture
def pair(session, offering, ada):
    for weeks, number in ((3, 1), (2, 2)):
        make_sale(
            session, offering, ada, NEXT_TUESDAY - weeks * WEEK, status=BookingStatus.COMPLETED, public_id=f"s{number}"
        )
    make_sale(session, offering, ada, NEXT_TUESDAY, public_id="s3")
    session.commit()
    return session.scalars(select(Mentorship)).one()


@pytest.fixture
def site(app, pair):
    """Its address, for a browser with a window."""
    with in_threads(app) as url:
        yield url


@pytest.fixture
def client_of(app, session):
    """A browser in which somebody is signed in."""

    def signed_in(person):
        session.commit()
        client = app.test_client()
        sign_in(client, person)
        return client

    return signed_in


@pytest.fixture
def adas(client_of, pair, ada):
    return client_of(ada)


@pytest.fixture
def graces(client_of, pair, graces_account):
    return client_of(graces_account)
