"""How fast slots are computed, against the plainest loop that could do it.

One mentor, 30 days, Monday to Friday 09:00-17:00, 60-minute sessions in steps of 15, 40 bookings. The plain loop walks
aware datetimes and knows no overrides, time off, envelope, buffers or caps. Both sides must find the same slots.

The same loop is the measure of the engine with all of that to look at, and a month is the measure of a year.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from statistics import median
from time import process_time
from zoneinfo import ZoneInfo

from booking.domain.boundaries import LONGEST_HORIZON, MOST_A_DAY, MOST_A_WEEK, Boundaries
from booking.domain.caps import Taken
from booking.domain.intervals import Interval
from booking.domain.recurrence import DaysOff
from booking.domain.schedule import Schedule
from booking.domain.slots import Slot, bookable
from booking.domain.zones import Journey

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 8, 23, 0, tzinfo=UTC)  # Monday 9 March, 00:00 in Amsterdam; the clock changes on the 29th
WINDOW = Interval(NOW, NOW + timedelta(days=30))
NOTICE = timedelta(hours=24)
SESSION = timedelta(minutes=60)
STEP = timedelta(minutes=15)
BOOKINGS = 40


def naive_slots(bookings: list[Interval]) -> list[tuple[datetime, datetime]]:
    """Free (start, end) pairs in UTC, by walking every day and every step and asking every booking."""
    found = []
    first = WINDOW.start.astimezone(ZONE).date()
    last = WINDOW.end.astimezone(ZONE).date()
    day = first
    while day <= last:
        if day.isoweekday() <= 5:
            opens = datetime.combine(day, time(9), ZONE).astimezone(UTC)
            closes = datetime.combine(day, time(17), ZONE).astimezone(UTC)
            start = opens
            while start + SESSION <= closes:
                end = start + SESSION
                in_window = WINDOW.start <= start < WINDOW.end
                if in_window and start >= NOW + NOTICE:
                    for booking in bookings:
                        if start < booking.end and booking.start < end:
                            break
                    else:
                        found.append((start, end))
                start += STEP
        day += timedelta(days=1)
    return found


def engine_slots(
    schedule: Schedule, bookings: list[Interval], sessions: list[Taken], window: Interval = WINDOW
) -> list[Slot]:
    """The same by the engine."""
    return bookable(schedule, minutes=60, window=window, now=NOW, sessions=sessions, mentor_busy=bookings)


def plain_schedule() -> Schedule:
    """The schedule of the measurement, with the buffers and caps that the plain loop does not know out of the way."""
    none = timedelta(0)
    limits = Boundaries(
        NOTICE,
        timedelta(days=60),
        STEP,
        none,
        none,
        sessions_a_day=MOST_A_DAY,
        sessions_a_week=MOST_A_WEEK,
        minutes_a_day=1440,
    )
    return Schedule(ZONE, dict.fromkeys(range(1, 6), ((540, 1020),)), boundaries=limits)


def full_schedule() -> Schedule:
    """All that a mentor can write down: other hours on some dates, time off, holidays, a journey, buffers, caps."""
    first = WINDOW.start.astimezone(ZONE).date()
    days = [first + timedelta(offset) for offset in range(30)]
    noon = datetime.combine(days[16], time(12))
    return Schedule(
        ZONE,
        dict.fromkeys(range(1, 6), ((540, 720), (780, 1020))),
        overrides={days[2]: ((600, 660), (900, 1080)), days[9]: ()},
        time_off=[(noon, noon + timedelta(hours=3)), (noon + timedelta(days=5), noon + timedelta(days=7))],
        boundaries=Boundaries(NOTICE, timedelta(days=60), STEP),
        days_off=DaysOff(frozenset({6, 7}), frozenset({days[21]})),
        journeys=(Journey(days[23], days[25], "Asia/Tokyo"),),
    )


def sample_bookings(seed: int = 1, days: int = 30, many: int = BOOKINGS) -> list[Interval]:
    """Sessions that do not overlap, spread over the working hours of so many days."""
    rng, taken = random.Random(seed), set[tuple[int, int]]()
    workdays = [
        offset for offset in range(days) if (WINDOW.start.astimezone(ZONE).date() + timedelta(offset)).isoweekday() <= 5
    ]
    while len(taken) < many:
        taken.add((rng.choice(workdays), rng.randrange(9, 17)))
    first = WINDOW.start.astimezone(ZONE).date()
    starts = (
        datetime.combine(first + timedelta(offset), time(hour), ZONE).astimezone(UTC) for offset, hour in sorted(taken)
    )
    return [Interval(start, start + SESSION) for start in starts]


def measure(rounds: int = 200) -> dict[str, float]:
    """Medians in milliseconds, both sides measured in turn, and their ratio; AssertionError if the slots differ."""
    schedule, bookings = plain_schedule(), sample_bookings()
    sessions = [Taken(booking.start, booking.end) for booking in bookings]
    slots = engine_slots(schedule, bookings, sessions)
    assert [(slot.start, slot.end) for slot in slots] == naive_slots(bookings)
    engine_ms, naive_ms = in_turn(
        rounds, lambda: engine_slots(schedule, bookings, sessions), lambda: naive_slots(bookings)
    )
    return {"ratio": engine_ms / naive_ms, "engine_ms": engine_ms, "naive_ms": naive_ms, "slots": len(slots)}


def measure_all_features(rounds: int = 200) -> dict[str, float]:
    """The engine with all that a mentor can write down, against the plain loop, which knows nothing of it."""
    bookings = sample_bookings()
    schedule, sessions = full_schedule(), [Taken(booking.start, booking.end) for booking in bookings]
    found = engine_slots(schedule, bookings, sessions)
    assert 0 < len(found) < len(naive_slots(bookings))
    engine_ms, naive_ms = in_turn(
        rounds, lambda: engine_slots(schedule, bookings, sessions), lambda: naive_slots(bookings)
    )
    return {"ratio": engine_ms / naive_ms, "engine_ms": engine_ms, "naive_ms": naive_ms, "slots": len(found)}


def measure_year(rounds: int = 60) -> dict[str, float]:
    """Twelve months with 480 bookings against one with 40, both by the engine."""
    schedule = replace(plain_schedule(), boundaries=replace(plain_schedule().boundaries, horizon=LONGEST_HORIZON))
    year = Interval(NOW, NOW + timedelta(days=360))
    month_of, year_of = sample_bookings(), sample_bookings(days=360, many=12 * BOOKINGS)
    month_taken, year_taken = ([Taken(each.start, each.end) for each in booked] for booked in (month_of, year_of))
    year_ms, month_ms = in_turn(
        rounds,
        lambda: engine_slots(schedule, year_of, year_taken, year),
        lambda: engine_slots(schedule, month_of, month_taken),
    )
    return {"ratio": year_ms / month_ms, "year_ms": year_ms, "month_ms": month_ms}


def in_turn(rounds: int, *sides: Callable[[], object]) -> list[float]:
    """The median of each side in milliseconds of this process, whatever else the machine does."""
    taken: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for times, side in zip(taken, sides, strict=True):
            began = process_time()
            side()
            times.append(1000 * (process_time() - began))
    return [median(times) for times in taken]


if __name__ == "__main__":
    print(json.dumps([measure(), measure_all_features(), measure_year()]))
