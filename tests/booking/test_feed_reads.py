"""When calendars were last read: gathered in memory, written in batches."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.calendar import Scope
from booking.feeds.reads import AT_MOST, EVERY, Read, ReadLog, write_reads
from booking.models.feeds import CalendarFeed
from booking.services.feeds import make_feed
from marketplace.core.db import db
from tests.conftest import TUESDAY
from tests.factories import make_user

SECOND = timedelta(seconds=1)


@pytest.fixture
def feeds(app: Flask, session: Session) -> list[CalendarFeed]:
    made = []
    for name in ("Ada Example", "Alan Example"):
        user = make_user(session, name)
        made.append(make_feed(session, user.id, Scope.MENTEE, secret_key="x" * 32, now=TUESDAY))
    session.commit()
    return made


def read(at, app="Thunderbird", revision=7):
    return Read(at, app, revision)


def last_reads(session: Session) -> dict[int, object]:
    rows = session.execute(select(CalendarFeed.id, CalendarFeed.last_read_at))
    return {row.id: row.last_read_at for row in rows}


def test_nothing_is_due_within_a_minute():
    log = ReadLog()

    assert [log.note(1, read(TUESDAY + n * SECOND)) for n in range(60)] == [{}] * 60


def test_after_a_minute_all_reads_are_due_once():
    log = ReadLog()
    log.note(1, read(TUESDAY))
    log.note(2, read(TUESDAY + SECOND))
    log.note(1, read(TUESDAY + 2 * SECOND))

    assert log.note(3, read(TUESDAY + EVERY)) == {
        1: read(TUESDAY + 2 * SECOND),
        2: read(TUESDAY + SECOND),
        3: read(TUESDAY + EVERY),
    }
    assert log.note(3, read(TUESDAY + EVERY + SECOND)) == {}


def test_very_many_calendars_do_not_wait_for_the_minute():
    log = ReadLog()

    batches = [log.note(feed_id, read(TUESDAY)) for feed_id in range(AT_MOST)]

    assert len(batches[-1]) == AT_MOST
    assert not any(batches[:-1])


def test_one_write_sets_each_to_its_own_time(session: Session, feeds: list[CalendarFeed]):
    adas, alans = feeds

    write_reads(db.engine, {adas.id: read(TUESDAY), alans.id: read(TUESDAY + SECOND), 999_999: read(TUESDAY)})

    assert last_reads(session) == {adas.id: TUESDAY, alans.id: TUESDAY + SECOND}


def test_a_late_write_of_another_process_does_not_turn_time_back(session: Session, feeds: list[CalendarFeed]):
    adas, _ = feeds
    write_reads(db.engine, {adas.id: read(TUESDAY + SECOND)})

    write_reads(db.engine, {adas.id: read(TUESDAY)})

    assert last_reads(session)[adas.id] == TUESDAY + SECOND


def test_a_write_waits_for_nobody(session: Session, feeds: list[CalendarFeed]):
    adas, alans = feeds
    session.execute(select(CalendarFeed).where(CalendarFeed.id == adas.id).with_for_update())

    write_reads(db.engine, {adas.id: read(TUESDAY), alans.id: read(TUESDAY)})

    assert last_reads(session) == {adas.id: None, alans.id: TUESDAY}


def test_the_newest_read_says_which_app_it_was_and_what_it_knows(session: Session, feeds: list[CalendarFeed]):
    adas, _ = feeds
    write_reads(db.engine, {adas.id: read(TUESDAY + SECOND, "Google Calendar", 8)})

    write_reads(db.engine, {adas.id: read(TUESDAY, "Thunderbird", 7)})

    session.refresh(adas)
    assert (adas.last_read_by, adas.last_read_revision) == ("Google Calendar", 8)
