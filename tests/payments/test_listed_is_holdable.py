"""Over HTTP: every time that the mentor page lists can be held, and no other start of that day can."""

import random
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.models.bookings import DateOverride
from booking.models.days import TimeOff
from marketplace.accounts.models import User
from marketplace.core.formats import instant
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from tests.factories import make_mentor, make_offering, make_user
from tests.web import ANSWERS, csrf, sign_in

pytestmark = pytest.mark.slow

MONDAY = date(2026, 12, 7)
ZONES = ["Europe/Amsterdam", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Nairobi"]
QUARTER = timedelta(minutes=15)


class World:
    """A mentor with random hours, an override, time off and boundaries, and a mentee who books here and there."""

    def __init__(self, session: Session, dice: random.Random) -> None:
        self.session, self.dice = session, dice
        weekly = {weekday: self._hours() for weekday in range(1, 8) if dice.random() < 0.8}
        boundaries = {
            "step_minutes": dice.choice([15, 20, 30]),
            "buffer_before_minutes": dice.choice([0, 10, 25]),
            "buffer_after_minutes": dice.choice([0, 5, 20]),
            "notice_minutes": dice.choice([60, 1440, 7 * 1440]),
            "horizon_days": dice.choice([9, 30]),
            "sessions_a_day": dice.choice([1, 2, 5]),
            "sessions_a_week": dice.choice([2, 20]),
        }
        self.mentor: Mentor = make_mentor(session, zone=dice.choice(ZONES), weekly=weekly, boundaries=boundaries)
        self.call: Offering = make_offering(session, self.mentor, kind="fit_call", minutes=dice.choice([20, 45]))
        self.session_offering: Offering = make_offering(session, self.mentor)
        self.mentee: User = make_user(session, zone="UTC")
        session.add(DateOverride(mentor_id=self.mentor.id, day=MONDAY + timedelta(days=2), minutes=self._hours()))
        off = datetime(2026, 12, 11, dice.randrange(8, 14), 10)  # noqa: DTZ001  # wall time in the mentor's zone
        session.add(TimeOff(mentor_id=self.mentor.id, span=Range(off, off + timedelta(minutes=95))))
        session.commit()

    def _hours(self) -> list[Range[int]]:
        opens = self.dice.randrange(6 * 60, 10 * 60, 5)
        lunch = self.dice.randrange(opens + 60, 14 * 60, 5)
        return [Range(opens, lunch), Range(lunch + 30, self.dice.randrange(lunch + 60, 20 * 60, 5))]


def listed_on(client: FlaskClient, world: World, day: date) -> set[datetime]:
    page = client.get(f"/mentors/{world.mentor.slug}?offering={world.call.id}&day={day}&zone=UTC").text
    times = page.partition('id="times"')[2].partition("</ul>")[0]
    starts = re.findall(r"start=([\dT:%A-]+Z)", times)
    found = {datetime.fromisoformat(start.replace("%3A", ":")).astimezone(UTC) for start in starts}
    return {start for start in found if start.date() == day}  # a day without times opens another one


def hold(client: FlaskClient, world: World, token: str, start: datetime) -> int:
    fields = {"csrf_token": token, "offering": str(world.call.id), "start": instant(start), **ANSWERS}
    return client.post(f"/mentors/{world.mentor.slug}/holds", data=fields).status_code


def undo(session: Session) -> None:
    session.execute(
        text(
            "UPDATE booking SET status = 'cancelled_by_mentor', cancelled_by = mentor_id, cancelled_at = created_at"
            " WHERE id = (SELECT max(id) FROM booking)"
        )
    )
    session.commit()


def stay(session: Session, world: World) -> None:
    """As a session, since nobody has two fit calls with one mentor."""
    session.execute(
        text("UPDATE booking SET offering_id = :other WHERE id = (SELECT max(id) FROM booking)"),
        {"other": world.session_offering.id},
    )
    session.commit()


@pytest.mark.parametrize("seed", range(8))
def test_listed_is_holdable_and_not_listed_is_refused(client: FlaskClient, session: Session, seed: int) -> None:
    dice = random.Random(seed)
    world = World(session, dice)
    sign_in(client, world.mentee)
    token = csrf(client, "/account")
    asked = listed = booked = 0

    for day in (MONDAY + timedelta(days=n) for n in range(5)):
        free = listed_on(client, world, day)
        midnight = datetime.combine(day, datetime.min.time(), UTC)
        others = {midnight + QUARTER * n for n in range(96)} | {start + timedelta(minutes=5) for start in free}
        for start in dice.sample(sorted(others - free), 20) + sorted(free):
            asked, listed = asked + 1, listed + (start in free)

            status = hold(client, world, token, start)

            assert status in ({303} if start in free else {409, 422}), (start, status)
            if status == 303:
                undo(session)
        if free and hold(client, world, token, dice.choice(sorted(free))) == 303:
            booked += 1  # the following days are judged around it
            stay(session, world)

    assert asked >= 100
    assert listed > 0 or booked == 0


def test_the_property_was_seen_on_many_times(client: FlaskClient, session: Session) -> None:
    """The worlds above are not empty: most of them list times, on days that bookings have made fuller."""
    listed = []
    for seed in range(8):
        world = World(session, random.Random(seed))
        listed.append(sum(len(listed_on(client, world, MONDAY + timedelta(days=n))) for n in range(5)))

    assert sum(count > 0 for count in listed) >= 5
    assert sum(listed) >= 150
