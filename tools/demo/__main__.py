"""`python -m tools.demo --port 8000`: starts everything, says where it is, and ends everything with Ctrl-C."""

import argparse
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from http import HTTPStatus

from psycopg.errors import DuplicateDatabase

from marketplace.core import embedded_postgres
from marketplace.core.development import DATABASE
from marketplace.demo.people import PASSWORD, SIGN_INS
from tools.demo.children import (
    AskedToEnd,
    Bell,
    Child,
    StartFailed,
    adopt_orphans,
    finish,
    reap_orphans,
    start,
    wait_until,
    watch,
)
from tools.demo.codes import CODES, make_codes
from tools.demo.place import HOST, STRIPE_KEY, Place, claimed, folder, free_port, refuse_taken

WEB_OPTIONS = ["--workers=2", "--threads=4", "--preload", "--graceful-timeout=3", "--no-control-socket"]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 when somebody ended it, 1 when it could not start or a part of it failed."""
    port: int = _parser().parse_args(arguments).port
    bell = Bell()
    bell.hang()
    try:
        run(port, bell)
    except AskedToEnd:
        say("Ended.")
        return 0
    except StartFailed as failure:
        print(failure, file=sys.stderr, flush=True)
        return 1
    return 0


def run(port: int, bell: Bell) -> None:
    """Ends what it started in the reverse order, whatever happens. Raises AskedToEnd or StartFailed."""
    began = time.monotonic()
    with ExitStack() as to_end:
        instance = folder()
        to_end.enter_context(claimed(instance))
        refuse_taken(port)
        place = Place(instance, port, free_port(port + 1))
        environment = place.environment(_database(place, to_end))
        children = _serve(place, environment, bell, to_end)
        say(welcome(place, time.monotonic() - began))
        watch(children, bell)


def _database(place: Place, to_end: ExitStack) -> str:
    """The address of the database; a PostgreSQL that ran before runs on afterwards."""
    say("Starting PostgreSQL …")
    adopt_orphans()
    to_end.callback(reap_orphans)
    try:
        cluster = embedded_postgres.start(place.instance / "pg")
    except RuntimeError as failure:
        raise StartFailed(str(failure)) from failure
    if cluster.started_here:
        to_end.callback(cluster.stop)
    with suppress(DuplicateDatabase):
        cluster.create_database(DATABASE)
    return cluster.url(DATABASE)


def _serve(place: Place, environment: dict[str, str], bell: Bell, to_end: ExitStack) -> list[Child]:
    """The stand-in for Stripe, the web and the worker, once the tables are there and the web answers."""

    def begin(name: str, log: str, module: list[str]) -> Child:
        bell.heed()
        child = start(name, place.log(log), module, environment)
        to_end.callback(child.stop)
        return child

    stripe = begin("The stand-in for Stripe", "stripe", _stripe(place))
    say("Preparing the tables and the sample people …")
    finish(begin("The preparation of the tables", "prepare", ["tools.demo.prepare"]), bell)
    wait_until(lambda: b"stripe stand-in on" in stripe.log.read_bytes(), [stripe], bell)
    make_codes(place.stripe_url)
    finish(begin("The weeks before", "past", ["tools.demo.past"]), bell)
    say("Starting the web and the worker …")
    web = begin("The web", "web", ["gunicorn", "wsgi:app", "--bind", f"{HOST}:{place.port}", *WEB_OPTIONS])
    worker = begin("The worker", "worker", ["flask", "--app", "wsgi", "worker"])
    wait_until(lambda: answers(f"{place.url}/demo"), [web, worker, stripe], bell)
    return [web, worker, stripe]


def _stripe(place: Place) -> list[str]:
    command = ["payments.sandbox", "--port", str(place.stripe_port), "--key", STRIPE_KEY]
    command += ["--state", str(place.instance / "stripe.sqlite"), "--clock-file", str(place.clock_file)]
    return [*command, "--webhook", f"{place.url}/webhooks/stripe", "--webhook-secret", place.webhook_secret]


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def welcome(place: Place, seconds: float) -> str:
    people = "\n".join(f"  {person.email:24} {person.name}, {person.about}" for person in SIGN_INS)
    return f"""
Office Hours is ready after {seconds:.0f} s:

  {place.url}/demo

Sign in there with one press, or with the password “{PASSWORD}” as

{people}

At the checkout these codes can be typed: {", ".join(f"{code} ({percent} % off)" for code, percent in CODES.items())}.
Nothing is real: cards are test cards, and mail stays in {place.instance / "mail"}.
Ctrl-C ends everything.
"""


def say(sentence: str) -> None:
    print(sentence, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("--port", type=_port, default=8000, help="where the web listens, on this machine only")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError(text)
    return port


if __name__ == "__main__":
    sys.exit(main())
