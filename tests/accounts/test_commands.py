"""The commands about accounts, but for `flask create-operator`."""

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.second_steps import new_salt
from marketplace.accounts.services.second_step import turn_on
from marketplace.core.audit import AuditEntry
from tests.factories import PASSWORD
from tests.jobs import run_jobs
from tests.mailbox import letters_kept
from tests.web import is_signed_in, sign_in, submit


def run(app: Flask, command: str, email: str = "ADA@example.org", *options: str):
    return app.test_cli_runner().invoke(args=[command, email, *options])


def noted(session) -> list[tuple[str, int | None, str]]:
    session.rollback()
    rows = session.execute(select(AuditEntry.what, AuditEntry.about_id, AuditEntry.reason).order_by(AuditEntry.id))
    return [tuple(row) for row in rows]


def test_a_suspended_account_is_signed_out_and_kept_out(app, client, session, ada):
    sign_in(client, ada)

    result = run(app, "suspend-account", "ada@example.org", "--reason", "Threats in messages")

    assert result.exit_code == 0, result.output
    assert not is_signed_in(client)
    answer = submit(client, "/sign-in", email=ada.email, password=PASSWORD)
    assert (answer.status_code, "This account is suspended." in answer.text) == (403, True)
    assert noted(session) == [("accounts:suspended", ada.id, "Threats in messages")]


def test_whoever_does_not_know_the_password_does_not_learn_of_it(app, client, ada):
    run(app, "suspend-account", "ada@example.org", "--reason", "Threats in messages")

    answer = submit(client, "/sign-in", email=ada.email, password="not her password")

    assert (answer.status_code, "suspended" in answer.text) == (422, False)


def test_a_sign_in_that_was_left_over_is_not_alive_either(client, session, ada, clock):
    sign_in(client, ada)
    ada.suspended_at = clock.now()
    session.commit()

    assert not is_signed_in(client)


def test_a_restored_account_opens_again(app, client, session, ada):
    for command in ("suspend-account", "suspend-account", "restore-account", "restore-account"):
        assert run(app, command, "ada@example.org", "--reason", "So it was decided").exit_code == 0

    sign_in(client, ada)
    assert [what for what, _, _ in noted(session)] == ["accounts:suspended", "accounts:restored"]


def test_whoever_is_kept_out_has_the_account_closed_by_whoever_runs_the_site(app, session, settings, ada):
    run(app, "suspend-account", "ada@example.org", "--reason", "Threats in messages")

    result = run(app, "close-account", "ada@example.org", "--reason", "Has asked for it by letter")

    assert result.exit_code == 0, result.output
    assert noted(session) == [
        ("accounts:suspended", ada.id, "Threats in messages"),
        ("accounts:closed_for", ada.id, "Has asked for it by letter"),
    ]
    session.refresh(ada)
    assert (ada.name, ada.closed_at is None, ada.suspended_at is None) == ("Former member", False, False)
    run_jobs(app, settings)
    assert [(each["To"], "is closed" in each["Subject"]) for each in letters_kept(settings)] == [
        ("ada@example.org", True)
    ]


def test_an_account_that_is_still_needed_is_not_closed_by_command_either(app, session, ada):
    ada.is_operator = True
    session.commit()

    result = run(app, "close-account", "ada@example.org", "--reason", "Has asked for it by letter")

    assert (result.exit_code, noted(session)) == (1, [])
    assert "ada@example.org cannot be closed yet. They would read:\nYou are the only operator" in result.output


def test_a_lost_second_step_is_removed(app, client, session, settings, ada, clock):
    turn_on(session, ada.id, salt=new_salt(), step=0, now=clock.now())
    session.commit()

    result = run(app, "remove-second-step")

    assert result.exit_code == 0, result.output
    sign_in(client, ada)
    assert is_signed_in(client)
    assert [what for what, _, _ in noted(session)] == ["accounts:second_step_removed"]
    run_jobs(app, settings)
    assert "Your second step is off" in [letter["Subject"] for letter in letters_kept(settings)]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(("remove-second-step", "ada@example.org"), "has no second step", id="nothing to remove"),
        pytest.param(("remove-second-step", "who@example.org"), "There is no account", id="nobody"),
        pytest.param(
            ("suspend-account", "who@example.org", "--reason", "x"), "There is no account", id="nobody to suspend"
        ),
        pytest.param(("restore-account", "a\x00b", "--reason", "x"), "There is no account", id="no address"),
        pytest.param(("suspend-account", "ada@example.org"), "--reason", id="no reason"),
    ],
)
def test_what_cannot_be_is_said(app, ada, arguments, sentence):
    result = app.test_cli_runner().invoke(args=list(arguments))

    assert result.exit_code != 0
    assert sentence in result.output
