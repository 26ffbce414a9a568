"""No account is closed over money: while a session is not settled, and while earnings are not sent."""

from datetime import timedelta

import pytest

from marketplace.accounts.models import User
from tests.accounts.test_closing import closed, is_closed
from tests.payments.conftest import TEN
from tests.payments.test_transfers import earned, pay_out

__all__ = ["earned"]

UNSETTLED = "A session is over and not settled yet"
UNSENT = "What you have earned has not all been sent to you"


def people(session, sale):
    session.rollback()
    ids = {"mentee": sale.purchase.mentee_id, "mentor": sale.purchase.mentor_id}
    return {side: session.get_one(User, number) for side, number in ids.items()}


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_a_paid_session_that_is_over_is_settled_first(client, session, sold, clock, side):
    user = people(session, sold)[side]
    clock.set(TEN + timedelta(hours=2))

    answer = closed(client, user)

    assert (answer.status_code, UNSETTLED in answer.text) == (422, True)
    assert not is_closed(session, user)


def test_a_mentee_leaves_once_it_is_settled(client, session, earned):
    mentee = people(session, earned)["mentee"]

    assert closed(client, mentee).status_code == 303
    assert is_closed(session, mentee)


def test_a_mentor_leaves_once_what_they_earned_is_sent(app, settings, client, session, earned, clock):
    mentor = people(session, earned)["mentor"]
    refused = closed(client, mentor)
    assert (refused.status_code, UNSENT in refused.text) == (422, True)

    pay_out(app, settings, clock)
    session.rollback()

    assert closed(app.test_client(), mentor).status_code == 303
    assert is_closed(session, mentor)
