import os
import signal
import subprocess
import sys

import pytest

from payments.sandbox.process import StartFailed, start_sandbox
from tests.payments.sandbox.tools import Control, client_of, session_params


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "payments.sandbox", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_ends_cleanly(tmp_path, ending):
    running = start_sandbox(tmp_path / "state.sqlite")
    listening = client_of(running, "sk_test_start").v1.balance.retrieve().object

    running.process.send_signal(ending)
    ended = running.process.wait(10)
    running.stop()

    assert running.url.startswith("http://127.0.0.1:")
    assert (listening, ended) == ("balance", 0)
    assert (tmp_path / "state.log").read_text() == ""


def test_it_does_not_start_in_production(tmp_path):
    ended = run("--state", str(tmp_path / "state.sqlite"), OFFICE_HOURS_ENV="production")

    assert ended.returncode == 1
    assert ended.stderr == "The Stripe stand-in takes no real money, so it does not start in production.\n"
    assert not (tmp_path / "state.sqlite").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "localhost"])  # noqa: S104 - it must be refused
def test_it_listens_to_no_other_machine(tmp_path, host):
    ended = run("--state", str(tmp_path / "state.sqlite"), "--host", host)

    assert ended.returncode == 1
    assert "listens on 127.0.0.1 only" in ended.stderr


def test_the_command_line_can_name_an_endpoint_for_one_key(tmp_path, inbox):
    running = start_sandbox(
        tmp_path / "state.sqlite", key="sk_test_shop", webhook=inbox.url, webhook_secret="whsec_shop"
    )
    client = client_of(running, "sk_test_shop")
    made = client.v1.checkout.sessions.create(session_params())
    Control(running.url, "sk_test_shop").pay(made.id)
    received = inbox.wait_for(3)
    running.stop()

    event = client.construct_event(received[-1][0], received[-1][1], "whsec_shop")
    assert (event.type, event.data.object.id) == ("checkout.session.completed", made.id)


def test_a_restart_keeps_one_endpoint_of_the_command_line(tmp_path):
    for secret in ("whsec_old", "whsec_new"):
        running = start_sandbox(
            tmp_path / "state.sqlite", key="sk_test_shop", webhook="http://127.0.0.1:1/", webhook_secret=secret
        )
        endpoints = client_of(running, "sk_test_shop").v1.webhook_endpoints.list().data
        running.stop()

    assert len(endpoints) == 1


def test_a_start_that_fails_says_why(tmp_path, sandbox):
    taken = int(sandbox.url.rsplit(":", 1)[1])

    with pytest.raises(StartFailed, match="in use"):
        start_sandbox(tmp_path / "state.sqlite", port=taken)
