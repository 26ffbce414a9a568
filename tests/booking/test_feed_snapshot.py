"""A calendar read while a booking is confirmed: version and sessions come from one moment (rule calendars_agree).

The version is read first. Without a snapshot an old version could so go out with a newer body, and, were the order the
other way round, a new version with an old body, which an app would then keep.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import icalendar
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from booking.domain.calendar import Scope, epoch_of, window
from booking.domain.states import BookingStatus
from booking.feeds.calendars import version_of
from booking.models.bookings import Booking
from booking.queries.calendars import appointments, site_of, subscription
from booking.services.feeds import fingerprint, make_feed, secret_of
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.worker import libpq
from tests.booking.bookings import HOUR, SITE, TEN, make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering

SESSIONS = 24


@pytest.fixture
def held(session: Session, ada: User) -> list[Booking]:
    offering = make_offering(session, make_mentor(session))
    starts = [TEN + n * HOUR for n in range(SESSIONS)]
    made = [make_booking(session, offering, ada, start, status=BookingStatus.HELD) for start in starts]
    session.commit()
    return made


@pytest.fixture
def secret(session: Session, settings: Settings, ada: User, held: list[Booking]) -> str:
    feed = make_feed(session, ada.id, Scope.MENTEE, secret_key=settings.secret_key, now=TUESDAY)
    session.commit()
    return secret_of(settings.secret_key, feed.id, feed.rotation)


def confirm(settings: Settings, booking: Booking) -> None:
    """By somebody else, in a transaction of their own."""
    with psycopg.connect(libpq(settings.database_url)) as connection:
        connection.execute("UPDATE booking SET status = 'confirmed' WHERE id = %s", [booking.id])


def shown_in(body: bytes) -> int:
    return len(icalendar.Calendar.from_ical(body).walk("VEVENT"))


@contextmanager
def after_reading_the_version(act: Callable[[], None]) -> Iterator[None]:
    """Does something once, right after the version has been read in the snapshot. The poll before it, which finds that
    there is something to write, goes past SQLAlchemy."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        if "FROM calendar_feed" in statement:
            seen.append(statement)
            if len(seen) == 1:
                act()

    event.listen(Engine, "after_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", note)


def test_a_confirmation_between_the_reads_of_an_answer_shows_with_the_next_version(
    client: FlaskClient, settings: Settings, secret: str, held: list[Booking]
):
    with after_reading_the_version(lambda: confirm(settings, held[0])):
        first = client.get(f"/calendar/{secret}.ics")

    second = client.get(f"/calendar/{secret}.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert shown_in(first.data) == 0
    assert second.status_code == 200
    assert shown_in(second.data) == 1


EACH_LEVEL = pytest.mark.parametrize(
    ("level", "changed"),
    [
        pytest.param("REPEATABLE READ", 0, id="with a snapshot: both from before"),
        pytest.param("READ COMMITTED", 1, id="control: an old version with a new body"),
    ],
)


@EACH_LEVEL
def test_only_a_snapshot_keeps_version_and_sessions_together(
    app: Flask, settings: Settings, secret: str, held: list[Booking], level: str, changed: int
):
    with db.engine.connect().execution_options(isolation_level=level) as connection:
        found = subscription(connection, fingerprint(secret))
        assert found is not None
        confirm(settings, held[0])
        sessions = appointments(connection, found.user_id, found.scope, window(epoch_of(TUESDAY)), SITE)

    assert found.revision == 0
    assert len(sessions) == changed


@EACH_LEVEL
def test_only_a_snapshot_keeps_a_move_out_of_what_was_read_before_it(
    app: Flask, settings: Settings, secret: str, held: list[Booking], level: str, changed: int
):
    """Its old time, and when its owner is busy, go with the old version."""
    confirm(settings, held[0])
    with db.engine.connect().execution_options(isolation_level=level) as connection:
        found = subscription(connection, fingerprint(secret))
        assert found is not None
        move(settings, held[0])
        [moved] = appointments(connection, found.user_id, found.scope, window(epoch_of(TUESDAY)), SITE)

    assert found.revision == 1
    assert (moved.starts_at, moved.sequence) == (TEN + timedelta(days=7) * changed, changed)


def test_under_load_every_answer_shows_exactly_what_its_version_says(
    app: Flask, settings: Settings, secret: str, held: list[Booking]
):
    with db.engine.connect() as connection:
        before = subscription(connection, fingerprint(secret))
    assert before is not None
    answers: list[tuple[str, bytes]] = []
    done = Event()

    def poll() -> None:
        client = app.test_client()
        while not done.is_set():
            answer = client.get(f"/calendar/{secret}.ics")
            answers.append((answer.headers["ETag"], answer.data))

    readers = [Thread(target=poll) for _ in range(2)]
    for reader in readers:
        reader.start()
    for booking in held:
        confirm(settings, booking)
    done.set()
    for reader in readers:
        reader.join()

    site, epoch = site_of(settings), epoch_of(TUESDAY)
    revisions = [replace(before, revision=before.revision + confirmed) for confirmed in range(SESSIONS + 1)]
    truth = {(version_of(at, epoch=epoch, site=site).etag, n) for n, at in enumerate(revisions)}
    assert len(answers) >= 2
    assert {(etag.strip('"'), shown_in(body)) for etag, body in answers} <= truth


def move(settings: Settings, booking: Booking) -> None:
    """A week on, by somebody else, in a transaction of their own."""
    later = ", ".join(
        f"{column} = {column} + interval '7 days'" for column in ("starts_at", "ends_at", "local_start", "local_end")
    )
    with psycopg.connect(libpq(settings.database_url)) as connection:
        connection.execute(
            f"UPDATE booking SET {later}, sequence = sequence + 1, status = 'confirmed' WHERE id = %s", [booking.id]
        )


def test_while_sessions_are_moved_every_answer_has_each_at_its_old_or_its_new_time_as_its_version_says(
    app: Flask, settings: Settings, secret: str, held: list[Booking]
):
    for booking in held:
        confirm(settings, booking)
    with db.engine.connect() as connection:
        before = subscription(connection, fingerprint(secret))
    assert before is not None
    answers: list[tuple[str, bytes]] = []
    done = Event()

    def poll() -> None:
        client = app.test_client()
        while not done.is_set():
            answer = client.get(f"/calendar/{secret}.ics")
            answers.append((answer.headers["ETag"].strip('"'), answer.data))

    reader = Thread(target=poll)
    reader.start()
    for booking in held:
        move(settings, booking)
    done.set()
    reader.join()

    site, epoch = site_of(settings), epoch_of(TUESDAY)
    moved_by = {
        version_of(replace(before, revision=before.revision + number), epoch=epoch, site=site).etag: number
        for number in range(SESSIONS + 1)
    }
    for etag, body in answers:
        starts = [event.decoded("DTSTART") for event in icalendar.Calendar.from_ical(body).walk("VEVENT")]
        expected = [TEN + n * HOUR + timedelta(days=7) * (n < moved_by[etag]) for n in range(SESSIONS)]
        assert sorted(starts) == sorted(expected)
