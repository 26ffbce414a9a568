"""Grace, who is signed in and has nothing for sale yet, and what she types to put something up."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from tests.factories import make_mentor
from tests.web import sign_in

HERE = "/desk/offerings"
TYPED = {
    "title": "Design review",
    "summary": "Bring up to six pages",
    "included": "- I read it before\r\n\r\n• Notes afterwards\r\n",
    "minutes": "90",
    "price": "120.50",
    "policy": "firm",
    "preparation": "15",
    "follow_up": "15",
}


@pytest.fixture
def grace(session: Session) -> Mentor:
    mentor = make_mentor(session, slug="grace")
    session.commit()
    return mentor


@pytest.fixture
def signed_in(client: FlaskClient, session: Session, grace: Mentor) -> FlaskClient:
    sign_in(client, session.get_one(User, grace.id))
    return client


def offered(session: Session) -> list[Offering]:
    session.rollback()
    statement = select(Offering).order_by(Offering.active.desc(), Offering.position, Offering.id)
    return list(session.scalars(statement, execution_options={"populate_existing": True}))


def titles(session: Session) -> list[str]:
    return [each.title for each in offered(session)]
