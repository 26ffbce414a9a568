"""The worker reads busy calendars of real servers on this machine, good and bad, and goes on with its work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from booking.busy import apart as busy_apart
from booking.busy import reading as busy_reading
from booking.domain.intervals import Interval
from booking.models.busy import BusyCalendar, BusyTime
from booking.services import busy_calendars
from marketplace.accounts.models import User
from marketplace.core.config import Settings, SettingsError
from marketplace.core.db import db
from tests.booking.bookings import HOUR, TEN, make_booking
from tests.booking.busy.calendars import calendar, event
from tests.booking.busy.servers import Connection, Script, Stranger, answers, bomb, moved_to, stranger
from tests.conftest import SECRET_KEY, TUESDAY, MovableClock
from tests.factories import make_mentor, make_offering, make_user
from tests.jobs import run_jobs, sweep, waiting_jobs

pytestmark = pytest.mark.slow
AT_TEN = event("DTSTART;TZID=Europe/Amsterdam:20261208T100000", "DURATION:PT1H", "SUMMARY:Dentist", "LOCATION:Utrecht")
GOOD = answers(calendar(AT_TEN), 'ETag: "7"')


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, busy_calendars_on_this_machine=True)


@pytest.fixture
def ada(session: Session) -> User:
    return make_user(session, "Ada Example", zone="Europe/Amsterdam")


class Scripts:
    """A server that answers each question with the next script, and the last one for ever."""

    def __init__(self, *scripts: Script) -> None:
        self.left = list(scripts)

    def __call__(self, connection: Connection) -> None:
        script = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        script(connection)


@pytest.fixture
def world(app: Flask, settings: Settings, session: Session, ada: User, clock: MovableClock) -> World:
    return World(app, settings, session, ada, clock)


def said(session: Session) -> list[Interval]:
    rows = session.execute(select(BusyTime.span).order_by(BusyTime.span))
    return [Interval(row.span.lower, row.span.upper) for row in rows]


class World:
    def __init__(self, app: Flask, settings: Settings, session: Session, ada: User, clock: MovableClock) -> None:
        self.app, self.settings, self.session, self.ada, self.clock = app, settings, session, ada, clock

    def add(self, server: Stranger) -> BusyCalendar:
        added = busy_calendars.add(self.session, self.ada.id, server.url, secret_key=SECRET_KEY, now=self.clock.now())
        self.session.commit()
        return added

    def work(self) -> None:
        self.session.rollback()
        sweep(self.app, "booking:busy_calendars")
        run_jobs(self.app, self.settings)
        self.session.expire_all()

    def said(self) -> list[Interval]:
        self.session.rollback()
        return said(self.session)


TEN_TO_ELEVEN = [Interval(TEN, TEN + HOUR)]


def test_a_calendar_is_read_and_only_its_times_are_kept(world):
    with stranger(GOOD) as server:
        added = world.add(server)
        world.work()

    assert world.said() == TEN_TO_ELEVEN
    assert (added.events, added.etag, added.trouble) == (1, '"7"', None)
    for table in (BusyCalendar.__table__, BusyTime.__table__):
        kept = repr(db.session.execute(select(table)).all())
        assert "Dentist" not in kept
        assert "Utrecht" not in kept


def test_it_is_read_again_after_a_quarter_of_an_hour_by_its_tag(world):
    with stranger(Scripts(GOOD, answers(b"", status="304 Not Modified"))) as server:
        added = world.add(server)
        world.work()
        world.work()
        assert len(server.asked) == 1

        world.clock.advance(timedelta(minutes=17))
        world.work()

    assert ['If-None-Match: "7"' in head for head in server.asked] == [False, True]
    assert world.said() == TEN_TO_ELEVEN
    assert added.answered_at > added.whole_at


BAD = [
    pytest.param(answers(b"", status="404 Not Found"), "status", id="gone"),
    pytest.param(answers(b"<html>", status="200 OK"), "no_calendar", id="a page"),
    pytest.param(answers(calendar(AT_TEN)[:-20]), "no_calendar", id="half of it"),
    pytest.param(answers(bomb(50), "Content-Encoding: gzip"), "large", id="a bomb"),
    pytest.param(moved_to("http://10.0.0.1/"), "unreachable", id="leads to a private address"),
    pytest.param(answers(calendar(event("DTSTART:20261208T090000Z", "RRULE:FREQ=SECONDLY"))), "too_much", id="seconds"),
    pytest.param(lambda connection: connection.send(b"\x00" * 100), "unreachable", id="noise"),
]


@pytest.mark.parametrize(("script", "trouble"), BAD)
def test_whatever_becomes_of_a_server_what_it_said_still_counts(world, script, trouble):
    with stranger(Scripts(GOOD, script)) as server:
        added = world.add(server)
        world.work()
        world.clock.advance(timedelta(minutes=17))
        world.work()

    assert world.said() == TEN_TO_ELEVEN
    assert (added.trouble, added.failures) == (trouble, 1)


def test_one_bad_server_keeps_no_other_calendar_and_no_other_job_from_being_done(world):
    with stranger(answers(b"", status="500 Oh")) as bad, stranger(GOOD) as good:
        world.add(bad)
        world.add(good)
        world.work()

    assert world.said() == TEN_TO_ELEVEN
    assert waiting_jobs(world.app) == []


def test_no_server_is_asked_with_a_transaction_open(world, monkeypatch):
    open_then: list[bool] = []
    fetch = busy_apart.fetch_apart

    def watched(question):
        open_then.append(db.session().in_transaction())
        return fetch(question)

    monkeypatch.setattr(busy_reading, "fetch_apart", watched)
    with stranger(GOOD) as server:
        world.add(server)
        world.work()

    assert open_then == [False]


def test_sessions_of_this_site_that_come_back_in_a_calendar_are_left_out(world, session):
    booking = make_booking(session, make_offering(session, make_mentor(session)), world.ada)
    ours = event("DTSTART:20261208T090000Z", "DURATION:PT1H", uid=booking.uid)
    theirs = event("DTSTART:20261208T120000Z", "DURATION:PT1H")

    with stranger(answers(calendar(ours, theirs))) as server:
        world.add(server)
        world.work()

    assert world.said() == [Interval(TEN + 3 * HOUR, TEN + 4 * HOUR)]


def test_what_is_said_of_a_calendar_never_has_its_address(world, caplog, capfd):
    with stranger(answers(b"", status="404 Not Found")) as server:
        added = busy_calendars.add(
            world.session, world.ada.id, f"{server.url}?token=s3cr3t", secret_key=SECRET_KEY, now=TUESDAY
        )
        world.session.commit()
        world.work()

    assert added.trouble == "status"
    told = capfd.readouterr()
    assert "s3cr3t" not in caplog.text + told.out + told.err


def test_calendars_of_this_machine_are_not_read_by_default(world):
    with stranger(GOOD) as server:
        added = world.add(server)
        busy_reading.read_in(db.session(), added.id, replace(world.settings, busy_calendars_on_this_machine=False))

    assert (added.trouble, server.asked) == ("unreachable", [])


def test_production_refuses_to_read_this_machine(settings):
    with pytest.raises(SettingsError, match="BUSY_CALENDARS_ON_THIS_MACHINE"):
        replace(
            settings,
            environment="production",
            public_url="https://mentors.example.org",
            secret_key="x" * 40,
            clock_offset_file=None,
        ).check()


def test_the_calendars_of_a_closed_account_go_with_it(world):
    with stranger(GOOD) as server:
        world.add(server)
        world.work()

    busy_calendars.end_busy_calendars(world.session, world.ada.id)
    world.session.commit()

    assert world.said() == []


def test_with_another_secret_key_it_is_not_asked_what_it_said_counts_and_the_old_key_reads_it_again(world):
    another = replace(world.settings, secret_key="another secret of the tests, as long")
    with stranger(GOOD) as server:
        added = world.add(server)
        world.work()
        asked = len(server.asked)
        world.clock.advance(timedelta(minutes=17))
        busy_reading.read_in(db.session(), added.id, another)
        world.session.expire_all()
        without = (added.trouble, len(server.asked) - asked, world.said())
        world.clock.advance(timedelta(hours=1))
        world.work()

    assert without == ("sealed", 0, TEN_TO_ELEVEN)
    assert (added.trouble, world.said()) == (None, TEN_TO_ELEVEN)


def test_nothing_in_the_database_has_the_address(world):
    with stranger(GOOD) as server:
        busy_calendars.add(
            world.session, world.ada.id, f"{server.url}?token=s3cr3t", secret_key=SECRET_KEY, now=TUESDAY
        )
        world.session.commit()
        world.work()

    tables = world.session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    rows = {table: world.session.scalars(text(f"SELECT t::text FROM {table} t")).all() for table in tables}
    assert rows["busy_calendar"]
    assert [table for table in tables for row in rows[table] if "s3cr3t" in row or b"s3cr3t".hex() in row] == []
