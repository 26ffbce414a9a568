"""Ada, a mentee, and Grace, a mentor with an hour for sale; who needs them committed commits them."""

import pytest
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from tests.factories import make_mentor, make_offering, make_user


@pytest.fixture
def ada(session: Session) -> User:
    return make_user(session, "Ada Example")


@pytest.fixture
def grace(session: Session) -> Mentor:
    return make_mentor(session)


@pytest.fixture
def offering(session: Session, grace: Mentor) -> Offering:
    return make_offering(session, grace)
