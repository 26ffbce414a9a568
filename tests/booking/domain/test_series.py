from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from booking.domain.boundaries import Boundaries, Envelope
from booking.domain.caps import Taken
from booking.domain.diary import Diary
from booking.domain.intervals import Interval
from booking.domain.refusals import Rule
from booking.domain.schedule import Schedule
from booking.domain.series import BESIDE, REACH, Cadence, can_be_held, going_on, refusals_of, series
from booking.domain.slots import bookable, why_not
from booking.domain.zones import Journey, Zones
from tests.booking.domain.oracle import MINUTE, Oracle, Question
from tests.booking.domain.questions import ALL_WEEK, questions

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TUESDAY = date(2026, 10, 6)
NOW = datetime(2026, 9, 28, 8, tzinfo=UTC)
SIX_TUESDAYS = Cadence(TUESDAY, minute=600, times=6)


def working(hours=((540, 1020),), **limits):
    return Schedule(AMSTERDAM, dict.fromkeys(range(1, 8), hours), boundaries=Boundaries(**limits))


def proposed(schedule, cadence=SIX_TUESDAYS, *, minutes=60, now=NOW, sessions=(), mentor_busy=(), mentee_busy=()):
    found = Diary(schedule, [*sessions], [*mentor_busy], [*mentee_busy], [])
    return series(found, cadence.starts(schedule.zones), minutes=minutes, now=now)


def read(moments, zone=AMSTERDAM):
    return [moment.astimezone(zone).strftime("%d.%m. %H:%M") for moment in moments]


def rules(meetings):
    return [meeting.refusal and meeting.refusal.rule for meeting in meetings]


def an_hour_from(clock, day):
    start = datetime.combine(day, time.fromisoformat(clock), AMSTERDAM)
    return Interval(start, start + timedelta(hours=1))


def test_six_tuesdays_stay_at_ten_on_the_mentors_clock_when_it_goes_back():
    meetings = proposed(working())

    assert [meeting.start.hour for meeting in meetings] == [8, 8, 8, 9, 9, 9]
    assert read(meeting.start for meeting in meetings) == [
        "06.10. 10:00", "13.10. 10:00", "20.10. 10:00", "27.10. 10:00", "03.11. 10:00", "10.11. 10:00",
    ]  # fmt: skip
    assert can_be_held(meetings)


def test_every_other_week_is_fourteen_days():
    assert read(Cadence(TUESDAY, 600, times=3, every=14).starts(Zones(AMSTERDAM))) == [
        "06.10. 10:00", "20.10. 10:00", "03.11. 10:00",
    ]  # fmt: skip


def test_what_the_clock_jumps_over_is_the_first_minute_after_it_and_only_on_that_day():
    sundays = Cadence(date(2026, 3, 22), minute=150, times=3)

    assert read(sundays.starts(Zones(AMSTERDAM))) == ["22.03. 02:30", "29.03. 03:00", "05.04. 02:30"]


def test_what_comes_twice_is_the_first():
    assert Cadence(date(2026, 10, 25), minute=150, times=1).starts(Zones(AMSTERDAM)) == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    ]


def test_on_a_journey_it_is_the_same_time_on_the_clock_there():
    tokyo = ZoneInfo("Asia/Tokyo")
    zones = Zones(AMSTERDAM, (Journey(date(2026, 10, 12), date(2026, 10, 16), "Asia/Tokyo"),))

    starts = SIX_TUESDAYS.starts(zones)

    assert read(starts[1:2], tokyo) == ["13.10. 10:00"]
    assert read([starts[0], *starts[2:4]]) == ["06.10. 10:00", "20.10. 10:00", "27.10. 10:00"]


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(datetime(2026, 10, 20, 8, 0, tzinfo=UTC), id="in summer"),
        pytest.param(datetime(2026, 10, 27, 9, 0, tzinfo=UTC), id="in winter"),
    ],
)
def test_a_series_begins_at_the_time_that_is_chosen_and_goes_on_at_the_time_that_the_clock_showed(start):
    cadence = Cadence.beginning(start, Zones(AMSTERDAM), times=3, every=7)

    starts = cadence.starts(Zones(AMSTERDAM))
    assert starts[0] == start
    assert {at.astimezone(AMSTERDAM).time() for at in starts} == {time(10)}


@pytest.mark.parametrize(
    ("every", "after", "begins"),
    [
        pytest.param(7, NOW, "13.10. 10:00", id="the next week"),
        pytest.param(14, NOW, "20.10. 10:00", id="the week after next"),
        pytest.param(7, datetime(2026, 10, 13, 8, tzinfo=UTC), "20.10. 10:00", id="at that very time it is too late"),
        pytest.param(7, datetime(2026, 10, 13, 7, 59, tzinfo=UTC), "13.10. 10:00", id="a minute before it is not"),
        pytest.param(14, datetime(2026, 11, 16, 8, tzinfo=UTC), "17.11. 10:00", id="over a change of the clock"),
        pytest.param(10, datetime(2027, 4, 1, 8, tzinfo=UTC), "04.04. 10:00", id="half a year later"),
    ],
)
def test_a_cadence_goes_on_at_its_time_of_day_however_long_ago_it_was(every, after, begins):
    last = datetime(2026, 10, 6, 8, tzinfo=UTC)

    assert read([going_on(last, Zones(AMSTERDAM), every=every, after=after)]) == [begins]


def test_a_conflict_is_named_and_the_nearest_free_times_stand_beside_it():
    taken = an_hour_from("10:00", date(2026, 10, 20))

    meetings = proposed(working(), mentor_busy=[taken])

    assert rules(meetings) == [None, None, Rule.MENTOR_BUSY, None, None, None]
    assert read(slot.start for slot in meetings[2].beside) == ["20.10. 11:15", "20.10. 11:30", "20.10. 11:45"]
    assert not any(meeting.beside for meeting in meetings if meeting.refusal is None)
    assert not can_be_held(meetings)


def test_each_conflict_has_its_own_rule():
    schedule = replace(
        working(horizon=timedelta(days=40)),
        overrides={date(2026, 10, 13): ()},
        time_off=[(datetime(2026, 10, 27, 9), datetime(2026, 10, 27, 12))],  # noqa: DTZ001  the mentor's wall clock
    )
    mentees_own = an_hour_from("10:30", date(2026, 10, 20))

    meetings = proposed(schedule, mentee_busy=[mentees_own])

    assert rules(meetings) == [None, Rule.OUTSIDE_HOURS, Rule.MENTEE_BUSY, Rule.TIME_OFF, None, Rule.TOO_FAR]


def test_the_earlier_ones_of_a_series_count_in_the_caps():
    meetings = proposed(working(sessions_a_week=2), Cadence(date(2026, 10, 5), 600, times=4, every=2))

    assert rules(meetings) == [None, None, Rule.WEEK_FULL, Rule.OUTSIDE_ENVELOPE]


def test_what_is_refused_does_not_count_for_those_after_it():
    taken = an_hour_from("10:00", date(2026, 10, 5))

    meetings = proposed(
        working(sessions_a_week=2), Cadence(date(2026, 10, 5), 600, times=3, every=1), mentor_busy=[taken]
    )

    assert rules(meetings) == [Rule.MENTOR_BUSY, None, None]


def test_the_times_beside_leave_room_for_the_whole_series():
    meetings = proposed(working(sessions_a_week=1), Cadence(date(2026, 10, 13), 600, times=2, every=1))

    assert rules(meetings) == [None, Rule.WEEK_FULL]
    assert read(slot.start for slot in meetings[1].beside) == ["09.10. 16:00", "09.10. 15:45", "09.10. 15:30"]


def test_nothing_stands_beside_where_nothing_is_free_for_a_week_before_and_after():
    one_hour_only = replace(working(), weekly={}, overrides={date(2026, 10, 20): ((900, 960),)})

    meetings = proposed(one_hour_only, Cadence(date(2026, 10, 27), 570, times=2))

    assert [read(slot.start for slot in meeting.beside) for meeting in meetings] == [["20.10. 15:00"], []]


def test_an_empty_series_cannot_be_held():
    assert not can_be_held([])


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"minute": 1440, "times": 1}, id="24:00 is another day"),
        pytest.param({"minute": -1, "times": 1}, id="before the day"),
        pytest.param({"minute": 0, "times": 0}, id="never"),
        pytest.param({"minute": 0, "times": 2, "every": 0}, id="all at once"),
    ],
)
def test_a_cadence_that_makes_no_series_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\."):
        Cadence(TUESDAY, **wrong)


@st.composite
def wanted(draw):
    """A random schedule with all that is taken, and a few starts around its window, most of them free by themselves."""
    question = draw(questions(longest_window=3 * 1440))
    window = question.window
    free = [slot.start for slot in bookable(question.schedule, window=window, **question.facts)]
    minutes = st.integers(0, (window.end - window.start) // MINUTE)
    anywhere = minutes.map(lambda number: window.start + number * MINUTE)
    one = st.one_of(st.sampled_from(free), st.sampled_from(free), anywhere) if free else anywhere
    return question, draw(st.lists(one, min_size=2, max_size=5, unique=True))


def ask(check, *, cases: int, enough: int) -> None:
    """As many random series as that, and as many again until what `check` counts was seen often enough; at most four
    rounds. Their mix depends on the modules that are loaded."""
    seen: Counter[str] = Counter()
    for turn in range(4):

        @seed(turn)
        @settings(max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(wanted())
        def agree(asked):
            seen.update(check(*asked))

        agree()
        if seen and min(seen.values()) >= enough:
            break
    assert seen
    assert min(seen.values()) >= enough


def with_taken(question: Question, starts) -> Question:
    limits, length = question.schedule.boundaries, question.minutes * MINUTE
    before, after = limits.buffer_before, limits.buffer_after
    return replace(
        question,
        sessions=(*question.sessions, *(Taken(at, at + length) for at in starts)),
        mentor_busy=(*question.mentor_busy, *(Interval(at - before, at + length + after) for at in starts)),
        mentee_busy=(*question.mentee_busy, *(Interval(at, at + length) for at in starts)),
    )


def diary_of(question: Question) -> Diary:
    busy = (question.mentor_busy, question.mentee_busy, question.mentee_away)
    return Diary(question.schedule, [*question.sessions], *(list(each) for each in busy))


def judged(question: Question, starts):
    return series(diary_of(question), starts, minutes=question.minutes, now=question.now)


def kept_of(meetings):
    return [meeting.start for meeting in meetings if meeting.refusal is None]


@pytest.mark.slow
def test_each_is_refused_by_a_rule_that_the_brute_force_finds_broken_with_the_earlier_ones_taken():
    def check(question, starts):
        meetings = judged(question, starts)
        for number, meeting in enumerate(meetings):
            oracle = Oracle(with_taken(question, kept_of(meetings[:number])))
            broken = set(oracle.broken(oracle.line.number(meeting.start)))
            assert (meeting.refusal.rule in broken) if meeting.refusal else not broken
        kept = len(kept_of(meetings))
        asked = refusals_of(diary_of(question), starts, minutes=question.minutes, now=question.now)
        assert asked == [meeting.refusal for meeting in meetings if meeting.refusal]
        return {"kept": kept, "refused": len(meetings) - kept}

    ask(check, cases=25, enough=10)


def test_a_series_that_can_be_held_can_be_held_in_any_order():
    def check(question, starts):
        kept = kept_of(judged(question, starts))
        for turned in (kept[::-1], sorted(kept), kept[1:] + kept[:1]):
            assert kept_of(judged(question, turned)) == turned
        return {"several": len(kept) > 1}

    ask(check, cases=50, enough=10)


def test_each_time_beside_a_conflict_goes_with_what_is_kept_and_no_nearer_one_is_left_out():
    def check(question, starts):
        meetings = judged(question, starts)
        alone = taken = with_taken(question, kept_of(meetings))
        for meeting in (each for each in meetings if each.refusal):
            window = Interval(meeting.start - REACH, meeting.start + REACH)
            free = bookable(taken.schedule, window=window, **taken.facts)
            away = [abs(slot.start - meeting.start) for slot in meeting.beside]
            assert away == sorted(abs(slot.start - meeting.start) for slot in free)[:BESIDE]
            assert all(why_not(alone.schedule, slot.start, **alone.facts) is None for slot in meeting.beside)
            taken = with_taken(taken, [slot.start for slot in meeting.beside[:1]])
        return {"beside": sum(len(meeting.beside) for meeting in meetings)}

    ask(check, cases=40, enough=20)


def test_the_first_beside_every_conflict_make_a_series_that_can_be_held():
    def check(question, starts):
        meetings = judged(question, starts)
        if not all(meeting.beside for meeting in meetings if meeting.refusal):
            return {"mended": 0}
        mended = [meeting.beside[0].start if meeting.refusal else meeting.start for meeting in meetings]
        assert can_be_held(judged(question, mended))
        return {"mended": mended != starts}

    ask(check, cases=40, enough=10)


@pytest.mark.parametrize("key", ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_a_year_of_sessions_reads_the_same_on_the_mentors_clock_each_time(key):
    zone = ZoneInfo(key)

    starts = Cadence(date(2026, 1, 6), minute=645, times=53).starts(Zones(zone))

    assert {(at.astimezone(zone).isoweekday(), at.astimezone(zone).time()) for at in starts} == {(2, time(10, 45))}
    assert [at.astimezone(zone).date() for at in starts][-1] == date(2027, 1, 5)


def test_a_series_over_a_clock_change_is_judged_by_the_hours_of_each_day():
    night = Schedule(AMSTERDAM, {7: ((120, 240),)}, boundaries=Boundaries(), envelope=ALL_WEEK)

    meetings = proposed(night, Cadence(date(2026, 10, 18), minute=120, times=3), now=datetime(2026, 10, 1, tzinfo=UTC))

    assert rules(meetings) == [None, None, None]
    assert [meeting.start.hour for meeting in meetings] == [0, 0, 1]


def test_the_sites_days_bind_a_series_too():
    saturdays = Cadence(date(2026, 10, 10), minute=600, times=2)

    assert rules(proposed(working(), saturdays)) == [Rule.OUTSIDE_ENVELOPE] * 2
    assert (
        rules(
            proposed(
                replace(
                    working(),
                    envelope=Envelope(frozenset({6})),
                ),
                saturdays,
            )
        )
        == [None] * 2
    )
