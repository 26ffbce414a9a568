"""The operator's view of Stripe's events."""

import pytest

from marketplace.core.clock import utcnow
from payments.models.sales import StripeEvent
from payments.services import inbox
from tests.jobs import run_jobs
from tests.pages.reading import words
from tests.web import submit

WRONG = "It names an object that this site does not know."


def receive(session, number, **given):
    fields = {
        "event_id": f"evt_{number}",
        "event_type": "refund.updated",
        "object_id": f"re_{number}",
        "api_version": None,
        "livemode": False,
        "created_at": utcnow(),
        "body": {"id": f"evt_{number}", "note": "as Stripe <said> it"},
        "now": utcnow(),
    }
    inbox.receive(session.connection(), **{**fields, **given})
    session.commit()


def test_the_operator_sees_what_came_and_what_became_of_it(app, settings, client, session, olga):
    receive(session, 1)
    receive(session, 2, event_type="payout.paid")
    run_jobs(app, settings)
    receive(session, 3)

    page = words(client.get("/operator/events"))

    assert page.index("evt_3 waiting") < page.index("payout.paid evt_2 done") < page.index("evt_1 tried again")
    assert WRONG in page


@pytest.mark.parametrize(
    ("state", "shown"),
    [("new", ["evt_2"]), ("parked", ["evt_1"]), ("done", []), ("nonsense", ["evt_1", "evt_2"])],
)
def test_the_list_shows_one_state_alone(app, settings, client, session, olga, state, shown):
    receive(session, 1)
    run_jobs(app, settings)
    receive(session, 2)

    page = words(client.get(f"/operator/events?state={state}"))

    assert [name for name in ("evt_1", "evt_2") if name in page] == shown


def test_a_page_holds_fifty_and_the_next_one_keeps_the_state(client, session, olga):
    for number in range(101, 152):
        receive(session, number)

    first = client.get("/operator/events?state=new")

    assert first.text.count("evt_1") // 2 == 50  # in the address and in words
    assert "/operator/events?state=new&amp;page=2" in first.text
    assert client.get("/operator/events?state=new&page=2").text.count("evt_1") // 2 == 1


def test_an_event_is_shown_with_all_that_stripe_said(client, session, olga):
    receive(session, 1)

    page = client.get("/operator/events/evt_1")

    assert "&#34;note&#34;: &#34;as Stripe &lt;said&gt; it&#34;" in page.text
    assert "re_1" in words(page)


def test_setting_aside_ends_the_tries_and_acting_again_begins_them_anew(app, settings, client, session, olga):
    receive(session, 1)
    run_jobs(app, settings)

    answer = submit(client, "/operator/events/evt_1/park", page="/operator/events/evt_1")
    aside = session.get_one(StripeEvent, "evt_1", populate_existing=True)
    session.rollback()
    assert (answer.status_code, aside.status, aside.next_at) == (303, "parked", None)
    assert "Set it aside" not in client.get("/operator/events/evt_1").text

    submit(client, "/operator/events/evt_1/replay", page="/operator/events/evt_1")
    run_jobs(app, settings)

    again = session.get_one(StripeEvent, "evt_1", populate_existing=True)
    assert (again.attempts, again.error) == (1, WRONG)


@pytest.mark.parametrize("path", ["/operator/events/evt_9", "/operator/events/evt_9/replay"])
def test_an_event_that_never_came_is_not_there(client, olga, path):
    answer = client.get(path) if path.endswith("9") else submit(client, path, page="/account")

    assert answer.status_code == 404


def test_the_bookings_page_leads_there(client, olga):
    assert 'href="/operator/events"' in client.get("/operator/bookings").text
