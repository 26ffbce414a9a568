"""Why a time cannot be booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from marketplace.core.sentences import Sentence, plural, sentence


class Rule(StrEnum):
    """The rules that can refuse a time, by names that never change."""

    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    OUTSIDE_HOURS = "outside_hours"
    OUTSIDE_ENVELOPE = "outside_envelope"
    OFF_GRID = "off_grid"
    TIME_OFF = "time_off"
    MENTOR_BUSY = "mentor_busy"
    MENTEE_BUSY = "mentee_busy"
    MENTEE_AWAY = "mentee_away"
    DAY_FULL = "day_full"
    DAY_MINUTES_FULL = "day_minutes_full"
    WEEK_FULL = "week_full"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which rule refuses a time, and why in words for people, fit for the middle of a sentence."""

    rule: Rule
    words: Sentence

    def __str__(self) -> str:
        return str(self.words)


OUTSIDE_HOURS = Refusal(Rule.OUTSIDE_HOURS, sentence("outside working hours"))
OUTSIDE_ENVELOPE = Refusal(
    Rule.OUTSIDE_ENVELOPE, sentence("outside the days and hours in which this site allows sessions")
)
OFF_GRID = Refusal(Rule.OFF_GRID, sentence("not one of the start times on offer"))
OVERLAPS = {
    Rule.TIME_OFF: Refusal(Rule.TIME_OFF, sentence("the mentor has time off then")),
    Rule.MENTOR_BUSY: Refusal(Rule.MENTOR_BUSY, sentence("the mentor is not free then")),
    Rule.MENTEE_BUSY: Refusal(Rule.MENTEE_BUSY, sentence("the mentee has another session then")),
    Rule.MENTEE_AWAY: Refusal(Rule.MENTEE_AWAY, sentence("your own calendar says that you are busy then")),
}


def too_soon(notice: timedelta) -> Refusal:
    """For a start before now + notice."""
    return Refusal(Rule.TOO_SOON, sentence("too soon: the mentor needs notice of %(length)s", length=_length(notice)))


def too_far(horizon: timedelta) -> Refusal:
    """For a start after now + horizon."""
    words = sentence("too far ahead: the mentor's calendar is open for %(length)s", length=_length(horizon))
    return Refusal(Rule.TOO_FAR, words)


def day_full(sessions: int) -> Refusal:
    """For the mentor's cap of sessions a day."""
    words = plural(
        "the mentor's day is full: at most %(num)s session a day",
        "the mentor's day is full: at most %(num)s sessions a day",
        sessions,
    )
    return Refusal(Rule.DAY_FULL, words)


def day_minutes_full(minutes: int) -> Refusal:
    """For the mentor's cap of minutes a day."""
    words = plural(
        "the mentor's day is full: at most %(num)s minute a day",
        "the mentor's day is full: at most %(num)s minutes a day",
        minutes,
    )
    return Refusal(Rule.DAY_MINUTES_FULL, words)


def week_full(sessions: int) -> Refusal:
    """For the mentor's cap of sessions a week."""
    words = plural(
        "the mentor's week is full: at most %(num)s session a week",
        "the mentor's week is full: at most %(num)s sessions a week",
        sessions,
    )
    return Refusal(Rule.WEEK_FULL, words)


def _length(span: timedelta) -> Sentence:
    """Days from two days on, else hours, else minutes: the largest unit that is exact."""
    minutes = span // timedelta(minutes=1)
    if minutes % 1440 == 0 and minutes >= 2880:
        return plural("%(num)s day", "%(num)s days", minutes // 1440)
    if minutes % 60 == 0:
        return plural("%(num)s hour", "%(num)s hours", minutes // 60)
    return plural("%(num)s minute", "%(num)s minutes", minutes)
