"""Every change of a clock anywhere in two years, against the brute force, in a week of seven days from 00 to 24.

Of zones with two names, the one that the other is a link to is asked. EVERY_CHANGE_FROM draws other questions.
"""

from __future__ import annotations

import os
import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

import pytest

from booking.domain.boundaries import Boundaries, Envelope
from booking.domain.caps import Taken
from booking.domain.intervals import Interval
from booking.domain.recurrence import instant
from booking.domain.schedule import Schedule
from booking.domain.slots import bookable, why_not
from tests.booking.domain import oracle
from tests.booking.domain.oracle import MINUTE, ONE_DAY, Oracle, Question

pytestmark = pytest.mark.slow

FIRST, LAST = datetime(2026, 12, 1, tzinfo=UTC), datetime(2028, 12, 1, tzinfo=UTC)
NO_PLACES = {"Factory", "localtime", "posixrules"}
ALL_WEEK = Envelope(frozenset(range(1, 8)), 0, 1440)
SERVER_ZONES = ["UTC", "America/New_York", "Asia/Kathmandu"]
SEED = int(os.environ.get("EVERY_CHANGE_FROM", "0"))
HOURS = [((0, 1440),), ((0, 180), (240, 1440)), ((90, 150), (150, 600)), ((1200, 1440),), ((0, 60), (1380, 1440))]


@cache
def targets() -> dict[str, str]:
    """Each name that is a link, and what it is a link to, as the package of zones has it."""
    lines = (files("tzdata") / "zoneinfo" / "tzdata.zi").read_text().splitlines()
    return {name: target for kind, target, name in (line.split() for line in lines if line.startswith("L ")) if kind}


def change_days(key: str) -> list[date]:
    """The local dates on which the clock changes."""
    zone, found = ZoneInfo(key), []
    day, last = FIRST.astimezone(zone).date(), LAST.astimezone(zone).date()
    while day < last:
        if instant(day, 1440, zone) - instant(day, 0, zone) != ONE_DAY:
            found.append(day)
        day += ONE_DAY
    return found


@cache
def all_changes() -> list[tuple[str, date]]:
    names = sorted(available_timezones() - targets().keys() - NO_PLACES)
    return [(key, day) for key in names for day in change_days(key)]


def question_about(key: str, day: date, number: int) -> Question:
    """A session that is short or long, with or without buffers, and a few that are there already."""
    rng, zone = random.Random(f"{SEED} {key} {day}"), ZoneInfo(key)
    buffer = rng.choice([0, 10]) * MINUTE
    limits = Boundaries(
        notice=timedelta(hours=1),
        step=rng.choice([5, 7, 15, 30, 45, 60]) * MINUTE,
        buffer_before=buffer,
        buffer_after=buffer,
        sessions_a_day=rng.choice([2, 5, 50]),
        sessions_a_week=50,
        minutes_a_day=1440,
    )
    hours = HOURS[number % len(HOURS)]
    schedule = Schedule(zone, dict.fromkeys(range(1, 8), hours), boundaries=limits, envelope=ALL_WEEK)
    window = Interval(instant(day, 0, zone), instant(day, 1440, zone))
    starts = [window.start + rng.randrange(-60, 1440, 5) * MINUTE for _ in range(rng.randrange(3))]
    sessions = tuple(Taken(start, start + 45 * MINUTE) for start in starts)
    busy = tuple(Interval(each.start - buffer, each.end + buffer) for each in sessions)
    return Question(schedule, rng.choice([15, 30, 45, 60, 90]), window, window.start - ONE_DAY, sessions, busy)


def test_there_are_eight_hundred_and_four_changes_in_two_years_if_names_of_one_zone_are_counted_apart():
    names = available_timezones() - NO_PLACES
    days = {key: change_days(targets().get(key, key)) for key in names}

    assert sum(map(len, days.values())) == 804
    assert all(change_days(key) == days[key] for key in names if key in targets())
    assert len(all_changes()) == 444


@pytest.mark.parametrize("server_zone", SERVER_ZONES, indirect=True)
def test_on_every_day_of_a_change_the_slots_are_those_of_the_brute_force(server_zone, monkeypatch):
    """Each change once, a third of them under each time zone of the server."""
    monkeypatch.setattr(oracle, "PADDING", 2 * ONE_DAY)  # nothing here reaches further
    asked = [each for each in enumerate(all_changes()) if each[0] % 3 == SERVER_ZONES.index(server_zone)]
    wrong, slots = [], 0
    for number, (key, day) in asked:
        question = question_about(key, day, number + SEED)
        listed = bookable(question.schedule, window=question.window, **question.facts)
        slots += len(listed)
        if listed != Oracle(question).slots():
            wrong.append((key, day))
        if not all(why_not(question.schedule, slot.start, **question.facts) is None for slot in listed[::7]):
            wrong.append((key, day))

    assert wrong == []
    assert len(asked) == 148
    assert slots >= 2_000
