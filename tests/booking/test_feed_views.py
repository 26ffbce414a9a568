"""Calendar addresses over HTTP: what an app that polls gets, and the page that hands the addresses out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime

import icalendar
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.boundaries import Envelope
from booking.domain.calendar import Scope
from booking.domain.states import BookingStatus, Canceller
from booking.models.bookings import Booking
from booking.models.feeds import CalendarFeed
from booking.services.cancel import cancel_booking
from booking.services.feeds import make_feed, secret_of
from booking.services.move import NewTime, move_booking
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.mentors.models import Mentor
from tests.booking.bookings import TEN, make_booking
from tests.conftest import TUESDAY, MovableClock
from tests.factories import make_mentor, make_offering, make_user
from tests.web import sign_in

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def booking(session: Session, ada: User, grace: Mentor) -> Booking:
    made = make_booking(session, make_offering(session, grace), ada)
    session.commit()
    return made


@pytest.fixture
def address(session: Session, settings: Settings, ada: User, booking: Booking) -> str:
    return subscribe(session, settings, ada.id, Scope.MENTEE)


def subscribe(session: Session, settings: Settings, user_id: int, scope: Scope) -> str:
    feed = make_feed(session, user_id, scope, secret_key=settings.secret_key, now=TUESDAY)
    session.commit()
    return f"/calendar/{secret_of(settings.secret_key, feed.id, feed.rotation)}.ics"


def feed_row(session: Session, user_id: int, scope: Scope) -> CalendarFeed:
    statement = select(CalendarFeed).where(CalendarFeed.user_id == user_id, CalendarFeed.scope == scope)
    return session.execute(statement, execution_options={"populate_existing": True}).scalar_one()


@contextmanager
def statements() -> Iterator[list[str]]:
    """What psycopg asks of the database meanwhile, by way of SQLAlchemy or without it; not its pings."""
    asked: list[str] = []
    execute = psycopg.Cursor.execute

    def noting(cursor, statement, *given, **options):
        if statement != ";":
            asked.append(statement)
        return execute(cursor, statement, *given, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", noting)
        yield asked


def summaries(body: bytes) -> list[str]:
    return [str(found["SUMMARY"]) for found in icalendar.Calendar.from_ical(body).walk("VEVENT")]


@pytest.mark.parametrize("scope", [Scope.MENTOR, Scope.MENTEE])
def test_a_moved_session_moves_in_the_calendars_of_both(
    client: FlaskClient, session: Session, settings: Settings, booking: Booking, scope: Scope
):
    """Under the same UID, with a higher SEQUENCE and a new version of the calendar."""
    owner = booking.mentee_id if scope is Scope.MENTEE else booking.mentor_id
    address = subscribe(session, settings, owner, scope)
    before = client.get(address)
    wanted = NewTime(TEN + DAY, booking.mentee_id, "", 0)
    move_booking(
        session, booking, wanted, now=TUESDAY, envelope=Envelope(), site_meeting_url="https://meet.example.org"
    )
    session.commit()

    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})

    assert (after.status_code, after.headers["ETag"] == before.headers["ETag"]) == (200, False)
    [old], [new] = (icalendar.Calendar.from_ical(each.data).walk("VEVENT") for each in (before, after))
    assert (new["UID"], old["SEQUENCE"], new["SEQUENCE"]) == (old["UID"], 0, 1)
    assert (old.decoded("DTSTART"), new.decoded("DTSTART")) == (TEN, TEN + DAY)
    assert new["STATUS"] == "CONFIRMED"


def test_an_address_answers_with_the_calendar_and_what_caches_need(client: FlaskClient, address: str):
    answer = client.get(address)

    assert answer.status_code == 200
    assert summaries(answer.data) == ["Single session with Grace Example"]
    headers = answer.headers
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Content-Disposition"] == 'inline; filename="office-hours-mentee.ics"'
    assert headers["Cache-Control"] == "private, max-age=300"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["ETag"].startswith('"')
    assert "Last-Modified" in headers
    assert "Set-Cookie" not in headers
    assert "Vary" not in headers


@pytest.mark.parametrize(
    ("language", "summary", "says", "day"),
    [
        ("de", "Single session mit Grace Example", "Office Hours: meine Sitzungen", "Di., 8. Dez."),
        ("nl", "Single session met Grace Example", "Office Hours: mijn sessies", "di 8 dec"),
    ],
)
def test_a_calendar_speaks_its_owners_language_whatever_the_app_asks_for(
    client: FlaskClient, session: Session, address: str, ada: User, language: str, summary: str, says: str, day: str
):
    before = client.get(address)
    ada.locale = language
    session.commit()

    after = client.get(address, headers={"If-None-Match": before.headers["ETag"], "Accept-Language": "fr"})

    assert after.status_code == 200
    assert summaries(after.data) == [summary]
    calendar = icalendar.Calendar.from_ical(after.data)
    assert calendar["NAME"] == says
    assert day in str(calendar.walk("VEVENT")[0]["DESCRIPTION"])


@pytest.mark.parametrize(
    ("scope", "shown"),
    [
        (Scope.MENTOR, ["Single session with Ada Example"]),
        (Scope.MENTEE, ["Fit call with Edsger Example"]),
        (Scope.BOTH, ["Single session with Ada Example", "Fit call with Edsger Example"]),
        (Scope.BUSY, ["Busy", "Busy"]),
    ],
)
def test_each_calendar_holds_what_it_says(
    client: FlaskClient, session: Session, settings: Settings, booking: Booking, grace: Mentor, scope: Scope, shown
):
    edsger = make_mentor(session, "Edsger Example")
    fit_call = make_offering(session, edsger, kind="fit_call", title="Fit call")
    make_booking(session, fit_call, session.get_one(User, grace.id), TEN + DAY)

    assert summaries(client.get(subscribe(session, settings, grace.id, scope)).data) == shown


def test_holds_and_waiting_payments_never_appear(client: FlaskClient, session: Session, address: str, booking: Booking):
    for status in (BookingStatus.HELD, BookingStatus.AWAITING_PAYMENT, BookingStatus.EXPIRED, BookingStatus.RELEASED):
        booking.status = status
        session.commit()

        assert summaries(client.get(address).data) == []


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param("{etag}", id="the tag"),
        pytest.param("W/{etag}", id="as a weak one"),
        pytest.param('"other", {etag}, "third"', id="in a list"),
        pytest.param("*", id="any"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_unchanged_calendar_is_answered_with_304(client: FlaskClient, address: str, condition: str, method: str):
    whole = client.get(address).headers

    answer = client.open(address, method=method, headers={"If-None-Match": condition.format(etag=whole["ETag"])})

    assert answer.status_code == 304
    assert answer.data == b""
    for kept in ("ETag", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert answer.headers[kept] == whole[kept], kept
    assert not {"Set-Cookie", "Vary", "Content-Language", "Content-Type"} & set(answer.headers.keys())


def test_a_304_is_one_read_of_one_row(client: FlaskClient, address: str):
    etag = client.get(address).headers["ETag"]

    with statements() as asked:
        answer = client.get(address, headers={"If-None-Match": etag})

    assert answer.status_code == 304
    assert len(asked) == 1
    assert "booking" not in asked[0]


def test_the_same_calendar_in_full_is_one_read_of_one_row_too(client: FlaskClient, address: str):
    first = client.get(address)

    with statements() as asked:
        again = client.get(address)

    assert (again.status_code, again.data, len(asked)) == (200, first.data, 1)
    assert again.headers == first.headers


def test_people_who_look_alike_are_not_given_each_others_calendar(
    client: FlaskClient, session: Session, settings: Settings, ada: User, grace: Mentor, booking: Booking
):
    """The same name, zone and revision, and so the same tag."""
    other = make_user(session, "Ada Example")
    make_booking(session, make_offering(session, grace, title="Another"), other, TEN + DAY)
    adas, others = (subscribe(session, settings, person.id, Scope.MENTEE) for person in (ada, other))

    first, second = client.get(adas), client.get(others)

    assert first.headers["ETag"] == second.headers["ETag"]
    assert (summaries(first.data), summaries(client.get(adas).data)) == (["Single session with Grace Example"],) * 2
    assert summaries(second.data) == ["Another with Grace Example"]


def test_that_read_goes_by_an_index(client: FlaskClient, session: Session, address: str):
    client.get(address)
    with statements() as asked:
        client.get(address, headers={"If-None-Match": "*"})
    connection = session.connection()
    connection.exec_driver_sql(
        "INSERT INTO users (email, password_hash, name, zone, calendar_changed_at, created_at)"
        " SELECT 'reader-' || n || '@example.com', '', 'Reader', 'UTC', now(), now() FROM generate_series(1, 3000) AS n"
    )
    connection.exec_driver_sql(
        "INSERT INTO calendar_feed (user_id, scope, secret_sha256, created_at)"
        " SELECT id, 'mentee', sha256(email::bytea), now() FROM users WHERE starts_with(email, 'reader-')"
    )
    connection.exec_driver_sql("ANALYZE users, calendar_feed")  # a table of one row needs no index

    plan = connection.exec_driver_sql(f"EXPLAIN {asked[0]}", {"secret_sha256": b""})

    lines = "\n".join(line for (line,) in plan)
    assert "uq_calendar_feed_secret_sha256" in lines
    assert "Seq Scan" not in lines


def test_a_date_condition_counts_where_there_is_no_tag(client: FlaskClient, address: str):
    answer = client.get(address)
    since = answer.headers["Last-Modified"]
    assert answer.last_modified is not None
    before = format_datetime(answer.last_modified - SECOND, usegmt=True)

    assert client.get(address, headers={"If-Modified-Since": since}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": before}).status_code == 200
    assert client.get(address, headers={"If-Modified-Since": since, "If-None-Match": '"x"'}).status_code == 200


def test_a_changed_session_is_sent_again(
    client: FlaskClient, session: Session, address: str, booking: Booking, clock: MovableClock
):
    etag = client.get(address).headers["ETag"]
    mentor = booking.mentor_id
    cancel_booking(session, booking, by=Canceller.MENTOR, person_id=mentor, reason="", now=clock.now())
    session.commit()

    answer = client.get(address, headers={"If-None-Match": etag})

    assert answer.status_code == 200
    assert answer.headers["ETag"] != etag
    assert summaries(answer.data) == ["Cancelled: Single session with Grace Example"]


def test_the_same_rows_give_the_same_bytes_all_week(client: FlaskClient, address: str, clock: MovableClock):
    first = client.get(address)
    clock.advance(timedelta(days=5))

    second = client.get(address)

    assert (second.data, second.headers["ETag"]) == (first.data, first.headers["ETag"])


def test_a_tombstone_goes_away_with_a_new_tag_on_a_monday(
    client: FlaskClient, session: Session, address: str, booking: Booking, clock: MovableClock
):
    mentee = booking.mentee_id
    cancel_booking(session, booking, by=Canceller.MENTEE, person_id=mentee, reason="", now=TUESDAY)
    session.commit()
    clock.set(TUESDAY + 33 * DAY)  # a Sunday, three days after its time
    stands = client.get(address)
    clock.set(TUESDAY + 34 * DAY)

    gone = client.get(address, headers={"If-None-Match": stands.headers["ETag"]})

    assert len(summaries(stands.data)) == 1
    assert gone.status_code == 200
    assert summaries(gone.data) == []


def test_head_says_what_get_would_without_the_calendar(client: FlaskClient, address: str):
    got, head = client.get(address), client.head(address)

    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_propfind_is_told_that_this_is_no_such_server(client: FlaskClient, address: str):
    answer = client.open(address, method="PROPFIND")

    assert answer.status_code == 405


@pytest.mark.parametrize("secret", ["a" * 32, "x", "%00", "é"])
def test_an_unknown_address_is_not_found(client: FlaskClient, secret: str):
    answer = client.get(f"/calendar/{secret}.ics")

    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers


def test_a_signed_in_browser_gets_no_cookie_and_costs_no_account_read(client: FlaskClient, ada: User, address: str):
    sign_in(client, ada)
    with client.session_transaction() as kept:
        kept.permanent = True
    etag = client.get(address).headers["ETag"]

    with statements() as asked:
        answer = client.get(address, headers={"If-None-Match": etag})

    assert "Set-Cookie" not in answer.headers
    assert len(asked) == 1


def test_reading_a_hundred_times_writes_once_a_minute_at_most(
    client: FlaskClient, session: Session, ada: User, address: str, clock: MovableClock
):
    client.get(address, buffered=True)  # it connects
    with statements() as asked:
        for _ in range(100):
            client.get(address, buffered=True)

    assert [statement for statement in asked if not statement.startswith("SELECT")] == []

    clock.advance(timedelta(seconds=61))
    with statements() as asked:
        for _ in range(100):
            client.get(address, buffered=True)

    assert len([statement for statement in asked if not statement.startswith("SELECT")]) == 1
    read = feed_row(session, ada.id, Scope.MENTEE)
    assert read.last_read_at is not None
    assert read.last_read_at > TUESDAY + timedelta(seconds=60)
    session.refresh(ada)
    assert (read.last_read_by, read.last_read_revision) == ("", ada.calendar_revision)


@pytest.mark.parametrize("path", ["/calendar", "/sessions/session1.ics"])
def test_a_visitor_is_asked_to_sign_in(client: FlaskClient, path: str):
    answer = client.get(path)

    assert answer.status_code == 302
    assert "/sign-in" in answer.location


def test_both_people_can_keep_a_session_and_nobody_else(
    app: Flask, session: Session, ada: User, grace: Mentor, booking: Booking
):
    alan = make_user(session, "Alan Example")
    session.commit()
    expected = [(ada, "Grace Example"), (session.get_one(User, grace.id), "Ada Example")]
    for person, other in expected:
        client = app.test_client()
        sign_in(client, person)

        answer = client.get(f"/sessions/{booking.public_id}.ics")

        assert answer.status_code == 200
        assert summaries(answer.data) == [f"Single session with {other}"]
        assert answer.headers["Content-Disposition"] == f'attachment; filename="session-{booking.public_id}.ics"'
    client = app.test_client()
    sign_in(client, alan)
    assert client.get(f"/sessions/{booking.public_id}.ics").status_code == 404


def test_a_hold_cannot_be_kept(client: FlaskClient, session: Session, ada: User, grace: Mentor):
    held = make_booking(
        session, make_offering(session, grace), ada, TEN + DAY, status=BookingStatus.HELD, confirmed_at=None
    )
    session.commit()
    sign_in(client, ada)

    assert client.get(f"/sessions/{held.public_id}.ics").status_code == 404
