"""One stand-in process for all; every test has a key of its own, and so sees only its own things."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest
import stripe

from payments.sandbox.process import SandboxProcess, start_sandbox
from tests.payments.sandbox.tools import Control, Inbox, Time, client_of, session_params


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory, clock_file: Path) -> Iterator[SandboxProcess]:
    running = start_sandbox(tmp_path_factory.mktemp("stripe") / "state.sqlite", clock_file)
    yield running
    running.stop()


@pytest.fixture
def key() -> str:
    return f"sk_test_{uuid4().hex}"


@pytest.fixture
def client(sandbox: SandboxProcess, key: str) -> stripe.StripeClient:
    return client_of(sandbox, key)


@pytest.fixture
def clock(clock_file: Path) -> Iterator[Time]:
    yield Time(clock_file)
    clock_file.unlink(missing_ok=True)


@pytest.fixture
def control(sandbox: SandboxProcess, key: str) -> Control:
    return Control(sandbox.url, key)


@pytest.fixture
def make_session(client: stripe.StripeClient) -> Callable[..., stripe.checkout.Session]:
    return lambda **changes: client.v1.checkout.sessions.create(session_params(**changes))


@pytest.fixture
def make_paid(client, make_session, control) -> Callable[..., stripe.checkout.Session]:
    def make(**changes: object) -> stripe.checkout.Session:
        made = make_session(**changes)
        assert control.pay(made.id) == "paid"
        paid: stripe.checkout.Session = client.v1.checkout.sessions.retrieve(made.id)
        return paid

    return make


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    told = Inbox("")

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            payload = self.rfile.read(int(self.headers["Content-Length"]))
            told.received.append((payload, self.headers["Stripe-Signature"]))
            self.send_response(told.answers.pop(0) if told.answers else 200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        told.url = f"http://127.0.0.1:{server.server_port}/stripe/webhook"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield told
        server.shutdown()
        thread.join()


@pytest.fixture
def endpoint(client: stripe.StripeClient, inbox: Inbox) -> stripe.WebhookEndpoint:
    return client.v1.webhook_endpoints.create(
        {"url": inbox.url, "enabled_events": ["*"], "api_version": "2026-10-28.endive"}
    )
