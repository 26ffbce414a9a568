"""Ada, who has an account."""

import pytest
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from tests.factories import make_user


@pytest.fixture
def ada(session: Session) -> User:
    user = make_user(session, email="ada@example.org")
    session.commit()
    return user
