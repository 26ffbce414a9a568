"""How fast slots are computed, against the plainest loop that could do it.

One mentor, 30 days, Monday to Friday 09:00-17:00, 60-minute sessions in steps of 15, 40 bookings. The plain loop walks
aware datetimes and knows no overrides, time off, envelope, buffers or caps. Both sides must find the same slots.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, time, timedelta
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from booking.domain.boundaries import MOST_A_DAY, MOST_A_WEEK, Boundaries
from booking.domain.caps import Taken
from booking.domain.intervals import Interval
from booking.domain.schedule import Schedule
from booking.domain.slots import Slot, bookable

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


def engine_slots(schedule: Schedule, bookings: list[Interval], sessions: list[Taken]) -> list[Slot]:
    """The same by the engine."""
    return bookable(schedule, minutes=60, window=WINDOW, now=NOW, sessions=sessions, mentor_busy=bookings)


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


def sample_bookings(seed: int = 1) -> list[Interval]:
    """40 sessions that do not overlap, spread over the working hours of the window."""
    rng, taken = random.Random(seed), set[tuple[int, int]]()
    workdays = [
        offset for offset in range(30) if (WINDOW.start.astimezone(ZONE).date() + timedelta(offset)).isoweekday() <= 5
    ]
    while len(taken) < BOOKINGS:
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
    engine, naive = [], []
    for _ in range(rounds):
        began = perf_counter()
        engine_slots(schedule, bookings, sessions)
        between = perf_counter()
        naive_slots(bookings)
        naive.append(perf_counter() - between)
        engine.append(between - began)
    engine_ms, naive_ms = 1000 * median(engine), 1000 * median(naive)
    return {"ratio": engine_ms / naive_ms, "engine_ms": engine_ms, "naive_ms": naive_ms, "slots": len(slots)}


if __name__ == "__main__":
    print(json.dumps(measure()))
