"""What search remembers of mentors' free times, minute by minute."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import Range

from booking.domain.boundaries import Envelope
from booking.models.days import TimeOff
from marketplace.core.clock import utcnow
from marketplace.mentors.models import Mentor
from marketplace.search.domain.ranking import LOOKED_AT_MINUTES
from marketplace.search.models import NEVER, NOT_LOOKED_AT, MentorSearch, SearchWord
from marketplace.search.services import look_again, turn_of
from payments.queries.fees import fee_rules
from tests.conftest import TUESDAY
from tests.factories import hours
from tests.jobs import sweep
from tests.search.searching import STOCKHOLM, make_bookable, search


@pytest.fixture
def look(session, settings):
    def look(now=None):
        seen = look_again(
            session, now=now or utcnow(), envelope=Envelope(), rules=fee_rules(session, settings, now or utcnow())
        )
        session.commit()
        return seen

    return look


def remembered(session):
    rows = session.execute(select(MentorSearch.free_on, MentorSearch.week).order_by(MentorSearch.mentor_id))
    return [(row.free_on, row.week) for row in rows]


def test_the_first_free_day_and_the_week_are_remembered(session, look):
    make_bookable(session, weekly={4: hours("09:00-12:00", "13:00-17:00")})
    full = make_bookable(session, "Full Example")
    away = Range(datetime(2026, 11, 1), datetime(2027, 12, 1))  # noqa: DTZ001  wall time
    session.add(TimeOff(mentor_id=full.id, span=away))
    session.commit()

    assert look() == 2

    thursday = 3 * 1440
    (first, week), (never, _) = remembered(session)
    assert (first, never) == (date(2026, 12, 3), NEVER)
    assert week == [Range(thursday + 480, thursday + 660), Range(thursday + 720, thursday + 960)]


def test_the_week_lies_within_the_sites_hours(session, look):
    make_bookable(session, weekly={5: hours("06:00-12:00"), 6: hours("09:00-12:00")})
    session.commit()

    look()

    assert remembered(session)[0][1] == [Range(4 * 1440 + 420, 4 * 1440 + 660)]


def test_whatever_is_as_remembered_is_not_written_again(session, look):
    make_bookable(session)
    session.commit()
    look()
    before = session.scalar(text("SELECT xmin::text FROM mentor_search"))

    assert [look(utcnow() + timedelta(minutes=minute)) for minute in range(LOOKED_AT_MINUTES)] == [
        0
    ] * LOOKED_AT_MINUTES
    assert session.scalar(text("SELECT xmin::text FROM mentor_search")) == before


def test_within_an_hour_everybody_is_looked_at_once(session, look):
    for number in range(7):
        make_bookable(session, f"Mentor{number} Example")
    session.commit()
    look()
    session.execute(update(MentorSearch).values(free_on=NEVER))
    session.commit()

    seen = [look(TUESDAY + timedelta(minutes=minute)) for minute in range(LOOKED_AT_MINUTES)]

    assert sum(seen) == 7
    assert max(seen) == 1


def test_who_is_new_is_looked_at_within_a_minute(session, look):
    ids = [make_bookable(session, f"Mentor{number} Example").id for number in range(3)]
    session.commit()
    now = datetime.fromtimestamp(60 * (max(ids) + 5), UTC)
    assert turn_of(now) not in {each % LOOKED_AT_MINUTES for each in ids}

    assert look(now) == 3
    assert NOT_LOOKED_AT not in {free_on for free_on, _ in remembered(session)}


def test_a_lot_is_drawn_each_day(session, look):
    for number in range(5):
        make_bookable(session, f"Mentor{number} Example")
    session.commit()
    lots = []
    for day in range(2):
        session.execute(update(MentorSearch).values(free_on=NOT_LOOKED_AT))
        look(TUESDAY + timedelta(days=day))
        lots.append(session.scalars(select(MentorSearch.lot).order_by(MentorSearch.mentor_id)).all())

    assert lots[0] != lots[1]
    assert len(set(lots[0])) == 5


def test_what_is_remembered_chooses_who_is_looked_at_but_the_page_tells_what_is_true(client, session, look):
    """Two have changed since they were looked at: one is free again, and one is not any more."""
    free, full = make_bookable(session, "Free Example"), make_bookable(session, "Full Example")
    session.commit()
    look()
    session.execute(update(MentorSearch).where(MentorSearch.mentor_id == free.id).values(free_on=NEVER))
    away = Range(datetime(2026, 11, 1), datetime(2027, 12, 1))  # noqa: DTZ001  wall time
    session.add(TimeOff(mentor_id=full.id, span=away))
    session.commit()

    assert search(client) == ["Free Example"]


def test_who_shares_no_hour_with_the_reader_is_left_out_before_anybody_is_looked_at(client, session, look):
    make_bookable(session, "Grace Example")
    make_bookable(session, "Far Example", zone="Pacific/Auckland")
    session.commit()
    look()

    assert search(client, f"hours=y&{STOCKHOLM}") == ["Grace Example"]
    assert search(client, "hours=y&zone=Pacific/Auckland") == ["Far Example"]


def test_the_worker_looks_and_forgets_words_that_nobody_writes_any_more(app, session, clock):
    grace = make_bookable(session, "Grace Example", "Compilers")
    session.commit()
    session.execute(update(Mentor).where(Mentor.id == grace.id).values(status="paused"))
    session.execute(text("DELETE FROM mentor_topic"))
    session.commit()
    assert "compilers" in session.scalars(select(SearchWord.word)).all()
    session.commit()

    for _ in range(LOOKED_AT_MINUTES):
        clock.advance(timedelta(minutes=1))
        sweep(app, "search:look")

    kept = set(session.scalars(select(SearchWord.word)))
    assert "compilers" not in kept
    assert {"grace", "engineers", "utrecht"} <= kept
