"""Mentors at their desks: Radia, who has just begun, and Grace, who has hours and something for sale."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking.domain.boundaries import Envelope
from booking.domain.schedule import Schedule
from booking.queries.bookings import schedule_of
from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from marketplace.mentors.services.begin import become_mentor
from tests.factories import make_mentor, make_offering, make_user
from tests.web import sign_in


@pytest.fixture
def radia(client, session):
    """Signed in, with an empty draft."""
    user = make_user(session, "Radia Example", zone="Europe/Dublin")
    become_mentor(session, user.id)
    session.commit()
    sign_in(client, user)
    return user


@pytest.fixture
def grace(session: Session) -> Mentor:
    """Monday to Friday from 9 to 17, with an hour for sale."""
    mentor = make_mentor(session)
    make_offering(session, mentor)
    session.commit()
    return mentor


@pytest.fixture
def hers(client: FlaskClient, session: Session, grace: Mentor) -> FlaskClient:
    """Grace's browser."""
    sign_in(client, session.get_one(User, grace.id))
    return client


def written(session: Session, mentor: Mentor) -> Schedule:
    """What is in the database now."""
    session.rollback()
    return schedule_of(session, mentor.id, Envelope())
