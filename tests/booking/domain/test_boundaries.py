from datetime import timedelta

import pytest

from booking.domain.boundaries import Boundaries, BoundariesBroken, Envelope


def minutes(number):
    return timedelta(minutes=number)


def test_the_defaults_are_those_of_the_site():
    limits = Boundaries()

    assert (limits.notice, limits.horizon, limits.step) == (timedelta(hours=24), timedelta(days=60), minutes(15))
    assert (limits.buffer_before, limits.buffer_after) == (minutes(10), minutes(10))
    assert (limits.sessions_a_day, limits.sessions_a_week, limits.minutes_a_day) == (5, 20, 300)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"notice": minutes(59)}, "at least 60 minutes", id="notice under an hour"),
        pytest.param({"horizon": timedelta(hours=24)}, "further ahead than the notice", id="horizon within notice"),
        pytest.param({"step": minutes(0)}, "at least a minute apart", id="no step"),
        pytest.param({"step": timedelta(seconds=90)}, "whole minutes", id="odd step"),
        pytest.param({"buffer_before": minutes(-1)}, "cannot be negative", id="negative buffer before"),
        pytest.param({"buffer_after": timedelta(seconds=30)}, "whole minutes", id="odd buffer after"),
        pytest.param({"sessions_a_day": 0}, "one session a day", id="no session a day"),
        pytest.param({"sessions_a_week": 0}, "one session a week", id="no session a week"),
        pytest.param({"minutes_a_day": 0}, "1 and 1440 minutes", id="no minutes a day"),
        pytest.param({"horizon": timedelta(days=401)}, "400 days", id="horizon of more than a year"),
        pytest.param({"step": minutes(241)}, "at most 4 hours", id="steps of half a day"),
        pytest.param({"buffer_after": minutes(241)}, "at most 4 hours", id="a buffer of half a day"),
        pytest.param({"sessions_a_day": 51}, "at most 50", id="too many a day"),
        pytest.param({"sessions_a_week": 351}, "at most 350", id="too many a week"),
        pytest.param({"minutes_a_day": 1441}, "1 and 1440 minutes", id="more minutes than a day has"),
    ],
)
def test_boundaries_that_protect_nobody_are_refused(change, words):
    with pytest.raises(ValueError, match=words):
        Boundaries(**change)


def test_what_is_wrong_is_said_of_each_field():
    with pytest.raises(BoundariesBroken) as broken:
        Boundaries(notice=minutes(0), buffer_before=minutes(-5), sessions_a_day=0)

    assert sorted(broken.value.faults) == ["buffer_before", "notice", "sessions_a_day"]


def test_an_hour_of_notice_and_no_buffers_are_allowed():
    limits = Boundaries(notice=minutes(60), buffer_before=minutes(0), buffer_after=minutes(0))

    assert limits.notice == minutes(60)


def test_the_envelope_is_monday_to_friday_from_8_to_18():
    assert Envelope() == Envelope(frozenset({1, 2, 3, 4, 5}), 8 * 60, 18 * 60)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        pytest.param({}, Envelope(), id="no limits"),
        pytest.param({"opens": 540, "closes": 1020}, Envelope(opens=540, closes=1020), id="shorter hours"),
        pytest.param({"weekdays": [1, 2, 6]}, Envelope(frozenset({1, 2})), id="fewer days, and never a Saturday"),
        pytest.param({"opens": 0, "closes": 1440}, Envelope(), id="wider hours change nothing"),
    ],
)
def test_an_envelope_can_only_be_narrowed(limits, expected):
    narrowed = Envelope().narrowed(**limits)

    assert narrowed == expected
    assert narrowed.within(Envelope())


@pytest.mark.parametrize(
    "limits", [{"weekdays": [6, 7]}, {"opens": 1080}, {"closes": 480}, {"opens": 700, "closes": 700}]
)
def test_an_envelope_narrowed_to_nothing_is_refused(limits):
    with pytest.raises(ValueError, match="no bookable time"):
        Envelope().narrowed(**limits)


@pytest.mark.parametrize(
    "other",
    [Envelope(frozenset({1, 2, 3, 4, 5, 6})), Envelope(opens=479), Envelope(closes=1081)],
    ids=["a day more", "opens earlier", "closes later"],
)
def test_a_wider_envelope_is_not_within(other):
    assert not other.within(Envelope())


@pytest.mark.parametrize(
    ("weekdays", "opens", "closes"),
    [({0, 1}, 0, 60), ({8}, 0, 60), (set(), 0, 60), ({1}, -1, 60), ({1}, 60, 60), ({1}, 0, 1441)],
)
def test_an_envelope_that_makes_no_sense_is_refused(weekdays, opens, closes):
    with pytest.raises(ValueError, match="Bookable"):
        Envelope(frozenset(weekdays), opens, closes)
