"""`python -m payments.sandbox --port 4242 --state instance/stripe.sqlite`: starts the stand-in on loopback."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from werkzeug.serving import make_server

from payments.sandbox import thin_events
from payments.sandbox.app import create_sandbox
from payments.sandbox.endpoints import register
from payments.sandbox.parts import open_parts
from payments.sandbox.webhooks import Courier

_HOST = "127.0.0.1"


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs until SIGTERM or SIGINT. Refuses to start in production, and on any other address than 127.0.0.1."""
    if os.environ.get("OFFICE_HOURS_ENV") == "production":
        sys.exit("The Stripe stand-in takes no real money, so it does not start in production.")
    told = _parser().parse_args(arguments)
    if told.host != _HOST:
        sys.exit(f"The Stripe stand-in listens on {_HOST} only, not on {told.host}.")
    parts = open_parts(told.state, told.clock_file)
    if told.webhook:
        now = int(parts.clock.now())
        register(parts.store, told.key, told.webhook, told.webhook_secret, now)
        thin_events.register(parts.store, told.key, told.webhook, told.webhook_secret, now)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server(_HOST, told.port, create_sandbox(parts), threaded=True)
    courier = Courier(parts)
    courier.start()
    # Said for both: whoever is started in the background of a shell inherits that SIGINT is ignored.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, signal.default_int_handler)
    sys.stdout.write(f"stripe stand-in on http://{_HOST}:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
    courier.stop()
    parts.store.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m payments.sandbox", description=__doc__)
    parser.add_argument("--host", default=_HOST, help="127.0.0.1, and nothing else")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one, which the first line of output names")
    parser.add_argument("--state", type=Path, required=True, help="the SQLite file that holds everything")
    parser.add_argument("--clock-file", type=Path, help="seconds that are added to the time, as text")
    parser.add_argument("--key", default="sk_test_demo", help="the key whose events go to --webhook")
    parser.add_argument("--webhook", help="an endpoint that is told of every event of --key")
    parser.add_argument("--webhook-secret", default="whsec_demo", help="the secret its events are signed with")
    return parser


if __name__ == "__main__":
    main()
