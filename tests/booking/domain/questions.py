"""Random questions to the slot engine, most of them around a change of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from booking.domain.boundaries import Boundaries, Envelope
from booking.domain.caps import Taken
from booking.domain.intervals import Interval
from booking.domain.recurrence import DaysOff
from booking.domain.schedule import Schedule
from booking.domain.zones import Journey
from tests.booking.domain.oracle import Question

MINUTE = timedelta(minutes=1)
ALL_WEEK = Envelope(frozenset(range(1, 8)), 0, 1440)
DAYS = [
    ("Europe/Amsterdam", date(2026, 3, 29)),
    ("Europe/Amsterdam", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Asia/Kathmandu", date(2026, 5, 1)),
    ("Asia/Kathmandu", date(1986, 1, 1)),  # a gap of 15 minutes at midnight
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),  # a day that never was
    ("Pacific/Apia", date(2021, 4, 4)),
    ("America/St_Johns", date(2011, 3, 13)),  # a gap at 00:01
    ("America/St_Johns", date(2010, 11, 7)),  # at 00:01 back to the day before
    ("America/St_Johns", date(2026, 11, 1)),
    ("Africa/Casablanca", date(2026, 2, 15)),  # Ramadan begins
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("Pacific/Kiritimati", date(1994, 12, 31)),  # a day that never was
    ("Pacific/Kiritimati", date(2026, 5, 1)),
    ("UTC", date(2026, 3, 1)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # no midnight
    ("America/Sao_Paulo", date(2018, 2, 18)),  # 23:00 to 24:00 twice
]

FAR_AWAY = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Asia/Kathmandu", "Europe/Amsterdam", "UTC"]


@st.composite
def minute_ranges(draw):
    """One to three ranges of a day, which may overlap or touch."""
    step = draw(st.sampled_from([1, 15, 30, 60]))
    marks = st.integers(0, 1440 // step)
    pairs = st.tuples(marks, marks).filter(lambda pair: pair[0] != pair[1])
    return tuple((step * min(pair), step * max(pair)) for pair in draw(st.lists(pairs, min_size=1, max_size=3)))


HOURS = st.one_of(
    st.sampled_from(
        [((0, 1440),), ((540, 1020),), ((0, 180), (240, 720)), ((1200, 1440),), ((90, 150), (150, 600)), ()]
    ),
    minute_ranges(),
)


@st.composite
def boundaries(draw):
    notice = timedelta(minutes=draw(st.integers(60, 2880)))
    return Boundaries(
        notice=notice,
        horizon=draw(st.sampled_from([timedelta(days=60), timedelta(days=60), notice + timedelta(hours=30)])),
        step=MINUTE * draw(st.sampled_from([5, 7, 10, 15, 15, 20, 30, 45, 60])),
        buffer_before=MINUTE * draw(st.sampled_from([0, 5, 10, 30])),
        buffer_after=MINUTE * draw(st.sampled_from([0, 5, 10, 45])),
        sessions_a_day=draw(st.sampled_from([1, 2, 3, 5, 9])),
        sessions_a_week=draw(st.sampled_from([2, 4, 6, 20])),
        minutes_a_day=draw(st.sampled_from([120, 300, 1440])),
    )


@st.composite
def spans(draw, start: datetime, kind: type[Interval] = Interval, longest: int = 180):
    """A span of minutes or odd seconds in the six days around."""
    begin = start + timedelta(minutes=draw(st.integers(-1440, 7200)), seconds=draw(st.sampled_from([0, 0, 0, 30])))
    return kind(begin, begin + MINUTE * draw(st.integers(1, longest)))


@st.composite
def journeys(draw, day: date):
    """None for most; else one or two that follow each other, with or without days at home in between."""
    if draw(st.integers(0, 3)):
        return ()
    found: list[Journey] = []
    first = day + timedelta(days=draw(st.integers(-2, 3)))
    for key in draw(st.lists(st.sampled_from(FAR_AWAY), min_size=1, max_size=2)):
        last = first + timedelta(days=draw(st.integers(0, 2)))
        found.append(Journey(first, last, key))
        first = last + timedelta(days=draw(st.integers(1, 2)))
    return tuple(found)


@st.composite
def schedules(draw, zone: ZoneInfo, day: date):
    dates = st.integers(-2, 4).map(lambda n: day + timedelta(days=n))
    walls = st.tuples(st.integers(-1440, 5760), st.integers(10, 1800))
    midnight = datetime.combine(day, time())
    time_off = [
        (midnight + begin * MINUTE, midnight + (begin + length) * MINUTE)
        for begin, length in draw(st.lists(walls, max_size=2))
    ]
    return Schedule(
        zone,
        weekly={weekday: draw(HOURS) for weekday in range(1, 8)},
        overrides=draw(st.dictionaries(dates, HOURS, max_size=2)),
        time_off=time_off,
        boundaries=draw(boundaries()),
        envelope=draw(
            st.sampled_from([ALL_WEEK, ALL_WEEK, ALL_WEEK, Envelope(), Envelope(ALL_WEEK.weekdays, 105, 1395)])
        ),
        days_off=DaysOff(
            draw(st.sampled_from([frozenset(), frozenset(), frozenset({day.isoweekday()}), frozenset({6, 7})])),
            draw(st.frozensets(dates, max_size=1)),
        ),
        journeys=draw(journeys(day)),
    )


@st.composite
def questions(draw, longest_window: int = 4 * 1440):
    key, day = draw(st.sampled_from(DAYS))
    schedule = draw(schedules(ZoneInfo(key), day))
    start = datetime.combine(day, time(), UTC) + timedelta(minutes=draw(st.integers(-1440, 720)))
    window = Interval(start, start + timedelta(minutes=draw(st.integers(longest_window // 2, longest_window))))
    earliest = start + timedelta(
        minutes=draw(st.integers(-2880, longest_window // 2)), seconds=draw(st.sampled_from([0, 1]))
    )
    return Question(
        schedule,
        minutes=draw(st.sampled_from([15, 30, 45, 60, 60, 90, 240])),
        window=window,
        now=earliest - schedule.boundaries.notice,
        sessions=tuple(draw(st.lists(spans(start, Taken, 90), max_size=6))),
        mentor_busy=tuple(draw(st.lists(spans(start), max_size=6))),
        mentee_busy=tuple(draw(st.lists(spans(start), max_size=3))),
        mentee_away=tuple(draw(st.lists(spans(start), max_size=2))),
    )
