"""The operator's queue of sessions whose two people do not agree."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.domain.outcomes import Said, Side
from booking.domain.states import BookingStatus
from marketplace.accounts.fresh import FRESH_FOR
from marketplace.core.audit import AuditEntry
from tests.factories import make_user
from tests.jobs import run_jobs
from tests.pages.reading import words
from tests.payments.conftest import TEN, ada, alan, bought, hour, sold, till
from tests.payments.test_cancel import at_stripe, refunds
from tests.payments.test_outcomes import says
from tests.payments.test_till import reread
from tests.web import inputs, sign_in

__all__ = ["ada", "alan", "bought", "hour", "sold", "till"]

END = TEN + timedelta(hours=1)


@pytest.fixture
def olga(session):
    user = make_user(session, "Olga Example", is_operator=True)
    session.commit()
    return user


@pytest.fixture
def disputed(till, sold, clock):  # the fixtures of payments
    clock.set(END)
    says(till, sold, Side.MENTEE, Said.OTHER_MISSING, "I waited.")
    says(till, sold, Side.MENTOR, Said.TOOK_PLACE, "We <spoke>.")
    return sold


@pytest.fixture
def url(disputed):
    return f"/operator/claims/{disputed.booking.public_id}"


def press(client, url, **fields):
    return client.post(url, data={"csrf_token": inputs(client.get(url).text)["csrf_token"], **fields})


def test_what_waits_stands_on_the_overview_and_in_the_queue(client, olga, url):
    sign_in(client, olga)

    assert "1 session whose people do not agree" in words(client.get("/operator"))
    assert "Single session Ada Example with Grace Example" in words(client.get("/operator/claims"))


def test_what_each_says_the_facts_and_what_each_decision_means_are_read(client, olga, url):
    sign_in(client, olga)

    page = client.get(url)

    for part in (
        "Ada Example says that Grace Example did not come.",
        "I waited.",
        "Grace Example says that it took place.",
        "Ada Example: confirmation with the invitation (",
        "The mentor did not come. Ada Example gets €80.50 back.",
        "The mentee did not come. Nothing goes back, Grace Example earns €70.00, and the site €10.50.",
    ):
        assert part in words(page)
    assert "We &lt;spoke&gt;." in page.text


def test_it_is_decided_with_a_reason_once(client, app, settings, session, olga, disputed, url, stripe_side):
    sign_in(client, olga)
    without = press(client, url, decision="mentor_missing")
    answer = press(client, url, decision="mentor_missing", reason="The log of the meeting shows one person.")
    run_jobs(app, settings)

    assert (without.status_code, answer.status_code, answer.location) == (422, 303, "/operator/claims")
    assert reread(session, disputed).booking.state is BookingStatus.NO_SHOW_MENTOR
    assert at_stripe(stripe_side) == [8050]
    assert "Nobody is waiting." in words(client.get("/operator/claims"))
    assert "The log of the meeting shows one person." in words(client.get(url))
    assert 'name="decision"' not in client.get(url).text
    [entry] = session.scalars(select(AuditEntry)).all()
    assert (entry.what, entry.actor_id, entry.reason) == (
        "payments:decided",
        olga.id,
        "The log of the meeting shows one person.",
    )


def test_who_is_second_is_told_that_it_is_decided(client, session, olga, url, disputed):
    sign_in(client, olga)
    token = inputs(client.get(url).text)["csrf_token"]
    press(client, url, decision="took_place", reason="They spoke.")

    late = client.post(url, data={"csrf_token": token, "decision": "mentor_missing", "reason": "No."})

    assert late.status_code == 409
    assert "It is settled already what became of this session." in words(late)
    assert refunds(session) == []


def test_it_asks_for_the_password_again_after_a_while(client, olga, url, clock):
    sign_in(client, olga)
    clock.advance(FRESH_FOR + timedelta(minutes=1))

    answer = client.get(url)

    assert answer.status_code == 303
    assert answer.location.startswith("/account/confirm")
