"""Why a time cannot be booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


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
    DAY_FULL = "day_full"
    DAY_MINUTES_FULL = "day_minutes_full"
    WEEK_FULL = "week_full"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which rule refuses a time, and why in words for people, fit for the middle of a sentence."""

    rule: Rule
    words: str

    def __str__(self) -> str:
        return self.words


OUTSIDE_HOURS = Refusal(Rule.OUTSIDE_HOURS, "outside working hours")
OUTSIDE_ENVELOPE = Refusal(Rule.OUTSIDE_ENVELOPE, "outside the days and hours in which this site allows sessions")
OFF_GRID = Refusal(Rule.OFF_GRID, "not one of the start times on offer")
OVERLAPS = {
    Rule.TIME_OFF: Refusal(Rule.TIME_OFF, "the mentor has time off then"),
    Rule.MENTOR_BUSY: Refusal(Rule.MENTOR_BUSY, "the mentor is not free then"),
    Rule.MENTEE_BUSY: Refusal(Rule.MENTEE_BUSY, "the mentee has another session then"),
}


def too_soon(notice: timedelta) -> Refusal:
    """For a start before now + notice."""
    return Refusal(Rule.TOO_SOON, f"too soon: the mentor needs notice of {_length(notice)}")


def too_far(horizon: timedelta) -> Refusal:
    """For a start after now + horizon."""
    return Refusal(Rule.TOO_FAR, f"too far ahead: the mentor's calendar is open for {_length(horizon)}")


def day_full(sessions: int) -> Refusal:
    """For the mentor's cap of sessions a day."""
    return Refusal(Rule.DAY_FULL, f"the mentor's day is full: at most {_count(sessions, 'session')} a day")


def day_minutes_full(minutes: int) -> Refusal:
    """For the mentor's cap of minutes a day."""
    return Refusal(Rule.DAY_MINUTES_FULL, f"the mentor's day is full: at most {_count(minutes, 'minute')} a day")


def week_full(sessions: int) -> Refusal:
    """For the mentor's cap of sessions a week."""
    return Refusal(Rule.WEEK_FULL, f"the mentor's week is full: at most {_count(sessions, 'session')} a week")


def _length(span: timedelta) -> str:
    """Days from two days on, else hours, else minutes: the largest unit that is exact."""
    minutes = span // timedelta(minutes=1)
    if minutes % 1440 == 0 and minutes >= 2880:
        return f"{minutes // 1440} days"
    return _count(minutes // 60, "hour") if minutes % 60 == 0 else _count(minutes, "minute")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
