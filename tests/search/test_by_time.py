"""Who is looked at together when the next free time comes first, and how what is remembered of it is kept."""

import random
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.domain.boundaries import Envelope
from booking.models.bookings import Booking
from booking.models.days import TimeOff
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.mentors.models import Mentor
from marketplace.search import by_time
from marketplace.search.domain.starts import minute_of
from marketplace.search.domain.wish import Wish
from marketplace.search.domain.working_day import WorkingDay
from marketplace.search.models import MentorFree, MentorSearch
from marketplace.search.queries import Asker
from marketplace.search.reader import Reader
from marketplace.search.services import look_at_these, week_of
from payments.queries.fees import fee_rules
from tests.booking.bookings import make_booking
from tests.conftest import TUESDAY
from tests.factories import hours, make_mentor, make_offering, make_user
from tests.jobs import sweep
from tests.search.searching import STOCKHOLM, make_bookable, search

DAY = 1440


@dataclass
class Looking:
    """The worker's look at everybody, and who is still marked."""

    session: Session
    settings: Settings

    def at_all(self):
        session, now = self.session, utcnow()
        ids = session.scalars(select(MentorSearch.mentor_id)).all()
        rules = fee_rules(session, self.settings, now)
        changed = look_at_these(session, ids, now=now, envelope=Envelope(), rules=rules)
        session.commit()
        return changed

    def marked(self):
        rows = self.session.scalars(select(MentorFree.mentor_id).where(MentorFree.mark != MentorFree.seen)).all()
        self.session.rollback()
        return sorted(rows)


@pytest.fixture
def looking(session, settings):
    return Looking(session, settings)


def asker_in(zone, session, settings):
    reader = Reader(None, WorkingDay(ZoneInfo(zone)), TUESDAY)
    return Asker(reader, fee_rules(session, settings, TUESDAY), {}, site_meets=True)


def remembered(session, mentor):
    return session.execute(select(MentorFree.free_at, MentorFree.starts).where(MentorFree.mentor_id == mentor.id)).one()


def test_the_first_time_and_the_times_of_two_weeks_are_remembered(session, looking):
    mentor = make_bookable(session, weekly={4: hours("09:00-12:00")}, boundaries={"step_minutes": 30})
    session.commit()

    looking.at_all()

    eight = minute_of(datetime(2026, 12, 3, 8, tzinfo=UTC))
    assert remembered(session, mentor) == (
        datetime(2026, 12, 3, 8, tzinfo=UTC),
        [Range(eight, eight + 121), Range(eight + 7 * DAY, eight + 7 * DAY + 121)],
    )


def test_the_shortest_session_says_when_something_can_begin(session, looking):
    mentor = make_bookable(session, weekly={4: hours("09:00-10:00")})
    make_offering(session, mentor, kind="fit_call", minutes=20)
    session.commit()

    looking.at_all()

    eight = minute_of(datetime(2026, 12, 3, 8, tzinfo=UTC))
    assert remembered(session, mentor).starts[0] == Range(eight, eight + 31)


def test_who_is_full_or_sells_nothing_has_no_times(session, looking):
    full, empty = make_bookable(session, "Full Example"), make_mentor(session, "Empty Example")
    session.add(TimeOff(mentor_id=full.id, span=Range(datetime(2026, 11, 1), datetime(2029, 1, 1))))  # noqa: DTZ001
    session.commit()

    looking.at_all()

    assert [remembered(session, each) for each in (full, empty)] == [(None, [])] * 2


def test_every_public_page_has_a_row_and_nobody_else(session):
    grace = make_bookable(session)
    make_bookable(session, "Draft Example", status="draft")
    session.commit()
    assert session.scalars(select(MentorFree.mentor_id)).all() == [grace.id]

    session.execute(update(Mentor).where(Mentor.id == grace.id).values(status="draft"))

    assert session.scalars(select(MentorFree.mentor_id)).all() == []


CHANGES = {
    "hours": "UPDATE working_hours SET minutes = '{[600,700)}'",
    "an hour less": "DELETE FROM working_hours WHERE weekday = 1",
    "a date": "INSERT INTO date_override (mentor_id, day, minutes) SELECT id, '2026-12-24', '{}' FROM mentor",
    "time off": "INSERT INTO time_off (mentor_id, span) SELECT id, '[2026-12-24 00:00,2026-12-27 00:00)' FROM mentor",
    "a protected day": "INSERT INTO protected_day (mentor_id, weekday) SELECT id, 3 FROM mentor",
    "a journey": """INSERT INTO journey (mentor_id, days, zone)
        SELECT id, '[2026-12-10,2026-12-12)', 'Asia/Tokyo' FROM mentor""",
    "a calendar that is kept elsewhere": """WITH calendar AS (
            INSERT INTO busy_calendar (user_id, host, sealed_address, known_by, created_at, next_read_at)
            SELECT id, 'elsewhere.example.org', '', '', now(), now() FROM mentor RETURNING id, user_id
        )
        INSERT INTO busy_time (calendar_id, user_id, span)
        SELECT id, user_id, '[2026-12-08 09:00+00,2026-12-08 10:00+00)' FROM calendar""",
    "a boundary": "UPDATE boundaries SET notice_minutes = 2880",
    "an offering": "UPDATE offering SET minutes = 90",
    "a zone": "UPDATE mentor SET zone = 'Asia/Tokyo'",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_changes_when_a_mentor_is_free_is_noticed(session, looking, change):
    mentor = make_bookable(session)
    session.commit()
    looking.at_all()
    assert looking.marked() == []

    session.execute(text(change))
    session.commit()

    assert looking.marked() == [mentor.id]
    looking.at_all()
    assert looking.marked() == []


def test_a_booking_and_its_end_are_noticed_for_its_mentor(session, looking):
    mentor, other = make_bookable(session), make_bookable(session, "Other Example")
    offering, ada = make_offering(session, mentor), make_user(session)
    session.commit()
    looking.at_all()

    booking = make_booking(session, offering, ada, TUESDAY + timedelta(days=1, hours=1))
    session.commit()
    assert looking.marked() == [mentor.id]

    looking.at_all()
    end = {"status": "cancelled_by_mentor", "cancelled_at": TUESDAY, "cancelled_by": mentor.id}
    session.execute(update(Booking).where(Booking.id == booking.id).values(end))
    session.commit()
    assert looking.marked() == [mentor.id]
    assert other.id not in looking.marked()


def test_the_worker_looks_at_who_has_changed_within_a_minute(app, session, clock, looking):
    mentors = [make_bookable(session, f"Mentor{number} Example") for number in range(3)]
    session.commit()
    looking.at_all()
    before = remembered(session, mentors[1]).free_at
    session.rollback()
    make_booking(session, make_offering(session, mentors[1]), make_user(session), before)
    session.commit()

    sweep(app, "search:look")

    assert remembered(session, mentors[1]).free_at > before
    assert looking.marked() == []


def test_a_change_that_a_look_has_not_seen_stays_marked(app, session, looking, monkeypatch):
    """It comes after the diaries were read, and before what was seen in them is written."""
    mentor = make_bookable(session)
    session.commit()

    def change_and_look(*given):
        with app.app_context(), db.engine.begin() as other:
            other.execute(text("UPDATE boundaries SET notice_minutes = notice_minutes + 60"))
        return week_of(*given)

    monkeypatch.setattr("marketplace.search.services.week_of", change_and_look)
    looking.at_all()

    assert looking.marked() == [mentor.id]


def test_who_books_does_not_wait_for_a_look_nor_a_look_for_who_books(app, session, looking):
    """While a change of one mentor is not committed, a look at both passes by the first and writes the second."""
    changing, other = make_bookable(session), make_bookable(session, "Other Example")
    session.commit()
    session.execute(text("UPDATE boundaries SET notice_minutes = 2880 WHERE mentor_id = :id"), {"id": changing.id})
    looked = threading.Event()

    def look():
        with app.app_context():
            Looking(db.session(), looking.settings).at_all()
        looked.set()

    thread = threading.Thread(target=look)
    thread.start()
    in_time = looked.wait(20)
    session.commit()
    thread.join(20)

    assert in_time
    assert looking.marked() == [changing.id]
    assert remembered(session, other).free_at is not None


def pools(session, settings, wish, zone):
    """The mentors of all pools, in their order."""
    asker = asker_in(zone, session, settings)
    found, number, is_more = [], 0, True
    while is_more:
        part, is_more = by_time.pool(session, wish, asker, number=number)
        found += [each.mentor_id for each in part]
        number += 1
    return found


def in_order_of(session, asker, wish):
    """The same by looking at each minute of each mentor."""
    within = [range(*span) for span in asker.reader.minutes_ahead(14)]
    keys = {}
    for row, lot in session.execute(select(MentorFree, MentorSearch.lot).join(MentorSearch)):
        if row.free_at is None:
            continue
        free = {minute for span in row.starts for minute in range(span.lower, span.upper)}
        common = min((minute for span in within for minute in span if minute in free), default=None)
        first = common if wish.in_hours else minute_of(row.free_at)
        keys[row.mentor_id] = (first is None, first or 0, row.free_at, lot, row.mentor_id)
    return sorted(keys, key=keys.__getitem__)


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("in_hours", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_the_order_is_that_of_all_however_few_are_read_at_once(session, settings, monkeypatch, seed, in_hours, zone):
    """Forty mentors with a few runs of random times each, read seven at a time for pools of five."""
    monkeypatch.setattr(by_time, "READ_AT_ONCE", 7)
    monkeypatch.setattr(by_time, "POOL", 5)
    mentors, rng = [make_bookable(session, f"Mentor{number:02} Example") for number in range(40)], random.Random(seed)
    begin = minute_of(TUESDAY) // 60 * 60
    for mentor in mentors:
        starts = sorted(begin + 30 * rng.randrange(40 + 600 * rng.randrange(2)) for _ in range(rng.randrange(1, 5)))
        first = datetime.fromtimestamp(60 * starts[0], UTC)
        values = {"free_at": first, "starts": func.int4multirange(*(func.int4range(at, at + 30) for at in starts))}
        session.execute(update(MentorFree).where(MentorFree.mentor_id == mentor.id).values(values))
        lot = rng.randrange(3)
        session.execute(update(MentorSearch).where(MentorSearch.mentor_id == mentor.id).values(lot=lot, week=None))
    session.commit()
    wish = Wish(in_hours=in_hours, by_time=True)

    found = pools(session, settings, wish, zone)

    assert found == in_order_of(session, asker_in(zone, session, settings), wish)


def test_what_is_remembered_never_decides_what_a_page_says(client, session, looking):
    """One is free sooner than remembered, one is not free at all any more."""
    late, full = make_bookable(session, "Late Example"), make_bookable(session, "Full Example")
    session.commit()
    looking.at_all()
    session.execute(
        update(MentorFree).where(MentorFree.mentor_id == late.id).values(free_at=TUESDAY + timedelta(days=9))
    )
    session.add(TimeOff(mentor_id=full.id, span=Range(datetime(2026, 11, 1), datetime(2029, 1, 1))))  # noqa: DTZ001
    session.commit()

    assert search(client, f"sort=time&{STOCKHOLM}") == ["Late Example"]
    assert "Wed 2 Dec" in client.get(f"/search?sort=time&{STOCKHOLM}").text


def test_who_was_seen_to_be_free_in_ones_hours_this_week_is_looked_at(client, session, looking):
    """Both work in the reader's hours; one of them has no time in them for three weeks."""
    make_bookable(session, "Grace Example")
    away = make_bookable(session, "Away Example", weekly={3: hours("09:00-17:00"), 5: hours("20:00-22:00")})
    session.add(TimeOff(mentor_id=away.id, span=Range(datetime(2026, 12, 2), datetime(2026, 12, 24))))  # noqa: DTZ001
    session.commit()
    looking.at_all()

    assert search(client, f"hours=y&within=7&{STOCKHOLM}") == ["Grace Example"]
