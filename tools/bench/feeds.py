"""How many unchanged calendars a second the site answers with 304, against an empty view of the same application."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import repeat
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from booking.domain.calendar import Scope
from booking.services.feeds import make_feed, secret_of
from marketplace.accounts.models import User
from marketplace.core.db import db
from tools.bench.load import against_empty, message
from tools.bench.serving import SECRET_KEY, context, database, server

NOW = datetime(2026, 1, 1, tzinfo=UTC)
READER = {"User-Agent": "Thunderbird/153", "Accept": "text/calendar"}


def measure(seconds: float = 10) -> dict[str, float]:
    """`seconds` is for all rounds together. All are medians of the rounds."""
    with database() as url, TemporaryDirectory() as instance, server(url, instance) as port:
        path = f"/calendar/{subscribe(url)}.ics"
        with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            etag = answer.headers["ETag"]
        poll = message("GET", path, {**READER, "If-None-Match": etag})
        rates = against_empty(port, repeat(poll), b"304", seconds)
    return {"ratio": rates.ratio, "feed_304_per_s": rates.ours, "empty_view_per_s": rates.empty}


def subscribe(url: str) -> str:
    """The secret of a calendar of somebody without sessions; a 304 looks at none anyway."""
    with TemporaryDirectory() as instance, context(url, instance):
        ada = User(
            email="ada@example.org",
            password_hash="",
            name="Ada Example",
            zone="Europe/Stockholm",
            calendar_changed_at=NOW,
            created_at=NOW,
        )
        db.session.add(ada)
        db.session.flush()
        feed = make_feed(db.session(), ada.id, Scope.MENTEE, secret_key=SECRET_KEY, now=NOW)
        db.session.commit()
        return secret_of(SECRET_KEY, feed.id, feed.rotation)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
