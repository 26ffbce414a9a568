"""`flask events`: the inbox at the command line."""

import json

from payments.models.sales import StripeEvent
from tests.jobs import run_jobs
from tests.operator.test_events import WRONG, receive


def run(app, *arguments):
    with app.app_context():
        return app.test_cli_runner().invoke(args=["events", *arguments])


def test_list_says_what_became_of_each(app, settings, session):
    receive(session, 1)
    run_jobs(app, settings)
    receive(session, 2, event_type="payout.paid")

    lines = run(app, "list").output.splitlines()

    assert [line.split()[2:5] for line in lines] == [
        ["new", "evt_2", "payout.paid"],
        ["parked", "evt_1", "refund.updated"],
    ]
    assert WRONG in lines[1]
    assert "tried 1 ×, again 2026-12-01 08:" in lines[1]


def test_list_can_be_narrowed(app, settings, session):
    receive(session, 1)
    run_jobs(app, settings)
    receive(session, 2)

    assert "evt_1" in run(app, "list", "--state", "parked").output
    assert "evt_2" not in run(app, "list", "--state", "parked").output
    assert run(app, "list", "--state", "done").output == "There are no such events.\n"
    assert "evt_1" not in run(app, "list", "--limit", "1").output


def test_show_prints_what_stripe_said(app, session):
    receive(session, 1)

    shown = run(app, "show", "evt_1").output

    assert shown.startswith("evt_1  refund.updated  of re_1\n")
    assert json.loads(shown[shown.index("{") :]) == {"id": "evt_1", "note": "as Stripe <said> it"}


def test_park_and_replay(app, settings, session):
    receive(session, 1)
    run_jobs(app, settings)

    parked = run(app, "park", "evt_1")
    assert "set aside" in run(app, "list").output
    replayed = run(app, "replay", "evt_1")
    run_jobs(app, settings)

    assert (parked.exit_code, replayed.exit_code) == (0, 0)
    assert session.get_one(StripeEvent, "evt_1", populate_existing=True).attempts == 1


def test_what_never_came_is_said_in_a_sentence(app, session):
    for command in ("show", "replay", "park"):
        result = run(app, command, "evt_9")

        assert (result.exit_code, result.output) == (1, "Error: There is no such event.\n")
