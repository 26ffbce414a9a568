"""How long a calendar of 500 sessions takes in full, against building and serialising the same events with icalendar.

Cold: nothing of it is kept, so it is read from the database and written. Warm: it is unchanged, and the process has the
bytes. Both go through the application, without a socket, in turn with the plain side, in processor time.
"""

from __future__ import annotations

import json
from statistics import median
from tempfile import TemporaryDirectory

import icalendar
from flask import current_app
from sqlalchemy import select, text

from booking.domain.calendar import Scope
from booking.feeds.bodies import KeptBodies
from booking.services.feeds import make_feed, secret_of
from marketplace.core.clock import utcnow
from marketplace.core.config import ROOT
from marketplace.core.db import db
from marketplace.mentors.models import Mentor
from tools.bench.processor import Processor
from tools.bench.serving import SECRET_KEY, context, database

SESSIONS = 500
SQL = (ROOT / "tools" / "bench" / "calendars.sql").read_text()


def measure(rounds: int = 30, many: int = SESSIONS) -> dict[str, dict[str, float]]:
    """All are medians of the rounds."""
    with database() as url, TemporaryDirectory() as instance, context(url, instance):
        address, client = subscribe(many), current_app.test_client()

        def whole() -> bytes:
            answer = client.get(address)
            assert answer.status_code == 200
            body: bytes = answer.data
            return body

        def cold() -> bytes:
            current_app.extensions["calendar_bodies"] = KeptBodies()
            return whole()

        events = values_of(whole())
        assert len(events) == many
        sides = {"plain": lambda: serialised(events), "cold": cold, "warm": whole}
        for side in sides.values():
            side()  # prepares what stays
        processor = Processor(current_app)
        taken: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(rounds):
            for name, side in sides.items():
                began = processor.seconds()
                side()
                taken[name].append(1000 * (processor.seconds() - began))
    plain, cold_ms, warm_ms = (median(taken[name]) for name in sides)
    return {
        "feed_cold_vs_serialise": {"ratio": cold_ms / plain, "cold_ms": cold_ms, "serialise_ms": plain},
        "feed_warm_vs_serialise": {"ratio": warm_ms / plain, "warm_ms": warm_ms, "serialise_ms": plain},
    }


def subscribe(many: int) -> str:
    session = db.session()
    for statement in SQL.split(";\n"):
        session.execute(text(statement), {"many": many} if ":many" in statement else {})
    grace = session.scalars(select(Mentor.id)).one()
    feed = make_feed(session, grace, Scope.MENTOR, secret_key=SECRET_KEY, now=utcnow())
    session.commit()
    return f"/calendar/{secret_of(SECRET_KEY, feed.id, feed.rotation)}.ics"


def values_of(body: bytes) -> list[list[tuple[str, object]]]:
    """The properties of each event as a program would hold them."""
    found = icalendar.Calendar.from_ical(body).walk("VEVENT")
    return [[(name, plain(value)) for name, value in event.items()] for event in found]


def plain(value: object) -> object:
    return getattr(value, "dt", None) or (value if isinstance(value, int) else str(value))


def serialised(events: list[list[tuple[str, object]]]) -> bytes:
    calendar = icalendar.Calendar()
    for values in events:
        event = icalendar.Event()
        for name, value in values:
            event.add(name, value)
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
