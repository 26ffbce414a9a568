"""The operator, and somebody whose money is on its way back."""

import pytest

from tests.factories import make_user
from tests.payments.conftest import ada, bought, hour, till
from tests.web import sign_in

__all__ = ["ada", "bought", "hour", "till"]


@pytest.fixture
def olga(client, session):
    user = make_user(session, "Olga Example", is_operator=True)
    session.commit()
    sign_in(client, user)
    return user
