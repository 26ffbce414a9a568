"""A week while it is typed: nothing is lost, and what is wrong is found beside its interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.boundaries import Envelope
from booking.domain.recurrence import joined
from booking.domain.typed_hours import (
    MOST_A_DAY,
    WEEKDAYS,
    Fault,
    Trouble,
    Typed,
    added,
    compact,
    copied,
    cut,
    read_day,
    read_week,
    removed,
    typed_week,
    usual_week,
)

MONDAY, SATURDAY = 1, 6
MORNING = (540, 720)
ALL_WEEK = Envelope(frozenset(WEEKDAYS), 0, 1440)

minutes = st.integers(0, 1439).flatmap(lambda start: st.tuples(st.just(start), st.integers(start + 1, 1440)))
weekly_hours = st.dictionaries(
    st.sampled_from(WEEKDAYS), st.lists(minutes, min_size=1, max_size=MOST_A_DAY).map(joined), max_size=7
)
typed_text = st.one_of(st.text(max_size=12), st.sampled_from(["", "9", "0900", "9.30", "17:00", "24:00", "25", "noon"]))
typed_days = st.lists(st.builds(Typed, typed_text, typed_text), max_size=MOST_A_DAY + 2).map(tuple)
typed_weeks = st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, typed_days))


def day(*spans):
    """`day("9-12:30", "13.30-17")`"""
    return tuple(Typed(*span.split("-")) for span in spans)


def faults(typed, weekday=MONDAY, envelope=None):
    return list(read_day(typed, weekday, envelope or Envelope()).faults)


def test_lunch_is_the_gap_between_two_intervals():
    assert read_day(day("9-12.30", "1330-17:00"), MONDAY, Envelope()).ranges == ((540, 750), (810, 1020))


def test_intervals_may_be_typed_in_any_order_and_blank_ones_count_for_nothing():
    read = read_day(day("13-17", "-", "9-12", " - "), MONDAY, Envelope())

    assert read.ranges == ((540, 720), (780, 1020))
    assert read.faults == ()


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        pytest.param(day("noon-17"), Fault(0, "opens", Trouble.UNREADABLE), id="no time"),
        pytest.param(day("9-late"), Fault(0, "closes", Trouble.UNREADABLE), id="no time at its end"),
        pytest.param(day("-17"), Fault(0, "opens", Trouble.MISSING), id="no beginning"),
        pytest.param(day("9-"), Fault(0, "closes", Trouble.MISSING), id="no end"),
        pytest.param(day("17-9"), Fault(0, "closes", Trouble.BACKWARDS), id="backwards"),
        pytest.param(day("9-9"), Fault(0, "closes", Trouble.BACKWARDS), id="of no length"),
        pytest.param(
            day("9-12", "11-13"), Fault(1, "opens", Trouble.OVERLAPS, (660, 780), (540, 720)), id="overlapping"
        ),
        pytest.param(
            day("9-12", "9-12"), Fault(1, "opens", Trouble.OVERLAPS, (540, 720), (540, 720)), id="twice the same"
        ),
        pytest.param(day("7-12"), Fault(0, "opens", Trouble.OUTSIDE, (420, 720)), id="before the site opens"),
        pytest.param(day("9-18:01"), Fault(0, "closes", Trouble.OUTSIDE, (540, 1081)), id="after it closes"),
    ],
)
def test_each_fault_stands_by_its_interval(typed, fault):
    assert faults(typed) == [fault]


def test_touching_is_not_overlapping():
    assert read_day(day("9-12", "12-13"), MONDAY, Envelope()).ranges == ((540, 780),)


def test_the_sites_hours_may_be_used_up():
    assert faults(day("8-18")) == []


def test_a_day_on_which_the_site_is_closed_takes_no_hours():
    assert faults(day("9-12"), weekday=SATURDAY) == [Fault(0, "opens", Trouble.CLOSED_DAY, (540, 720))]


def test_a_day_has_so_many_intervals_and_no_more():
    spans = day(*(f"{hour}-{hour}:30" for hour in range(9, 9 + MOST_A_DAY + 1)))

    assert faults(spans) == [Fault(MOST_A_DAY, "opens", Trouble.TOO_MANY, (900, 930))]


def test_midnight_is_the_end_of_the_day():
    assert read_day(day("20-0:00"), MONDAY, ALL_WEEK).ranges == ((1200, 1440),)


@given(weekly_hours)
def test_what_is_stored_is_shown_and_read_back_the_same(weekly):
    read = read_week(typed_week(weekly), ALL_WEEK)

    assert {weekday: found.ranges for weekday, found in read.items() if found.ranges} == weekly
    assert not any(found.faults for found in read.values())


@given(weekly_hours, weekly_hours)
def test_hours_read_the_same_only_if_they_are(one, other):
    assert (compact(one) == compact(other)) is (one == other)


@given(typed_weeks)
def test_whatever_is_typed_is_read(week):
    for weekday, read in read_week(week, Envelope()).items():
        assert all(480 <= start < end <= 1080 for start, end in read.ranges)
        assert all(fault.position < len(week[weekday]) for fault in read.faults)


@given(typed_weeks, st.sampled_from(WEEKDAYS))
def test_adding_keeps_all_that_was_typed(week, weekday):
    after = added(week, weekday)

    assert after[weekday][: len(week[weekday])] == week[weekday]
    assert len(after[weekday]) == max(len(week[weekday]), min(len(week[weekday]) + 1, MOST_A_DAY))
    assert all(after[other] == week[other] for other in WEEKDAYS if other != weekday)


@given(typed_weeks, st.sampled_from(WEEKDAYS), st.integers(-3, 12))
def test_removing_takes_one_interval_and_keeps_the_rest(week, weekday, position):
    after = removed(week, weekday, position)

    left = [typed for place, typed in enumerate(week[weekday]) if place != position]
    assert list(after[weekday]) == left
    assert all(after[other] == week[other] for other in WEEKDAYS if other != weekday)


@given(typed_weeks, st.sampled_from(WEEKDAYS), st.sets(st.sampled_from(WEEKDAYS)))
def test_copying_gives_other_days_the_same_words(week, weekday, to):
    after = copied(week, weekday, to)

    assert all(after[other] == (week[weekday] if other in to else week[other]) for other in WEEKDAYS)


def test_hours_that_the_site_left_behind_can_be_cut():
    week = {**typed_week({}), 1: day("7-12", "17-20", "noon-"), 6: day("9-12")}

    after = cut(week, Envelope())

    assert after[1] == day("08:00-12:00", "17:00-18:00", "noon-")
    assert after[6] == ()


@given(typed_weeks)
def test_nothing_that_is_cut_lies_outside(week):
    after = read_week(cut(week, Envelope()), Envelope())

    troubles = {fault.trouble for read in after.values() for fault in read.faults}
    assert troubles.isdisjoint({Trouble.OUTSIDE, Trouble.CLOSED_DAY})


@pytest.mark.parametrize(
    ("envelope", "first"),
    [
        pytest.param(Envelope(), day("09:00-12:30", "13:30-17:00"), id="the usual site"),
        pytest.param(Envelope(opens=600, closes=840), day("10:00-12:30", "13:30-14:00"), id="a short day"),
        pytest.param(Envelope(opens=1080, closes=1200), (), id="an evening site has no usual hours"),
    ],
)
def test_usual_hours_lie_within_the_sites(envelope, first):
    week = usual_week(envelope)

    assert week[1] == first
    assert week[6] == ()
