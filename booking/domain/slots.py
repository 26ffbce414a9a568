"""Which times can be booked: one computation lists them (`bookable`) and judges a single one (`why_not`).

The rules, in the order in which `why_not` names them:

- notice and horizon: now + notice <= start <= now + horizon, both limits allowed;
- hours: start and end lie in one working interval of one local day (weekly hours or the date's override, cut to the
  site's envelope; none on the mentor's days off); an end at 24:00 is allowed, buffers may lie outside;
- grid: starts are real-time steps from the start of that interval; time off cuts holes and does not move the grid;
- the wall clock: where the clock goes back inside the interval, start and end must still read as that local day and
  within the envelope;
- time off is not touched;
- the session with its own buffers overlaps nothing in `mentor_busy` (spans of other sessions with their buffers in,
  and what the mentor's busy calendars say), and without them nothing in `mentee_busy` (sessions) or `mentee_away` (what
  the mentee's busy calendars say); touching is not overlapping;
- caps: sessions and minutes of the mentor's local day, sessions of the local Monday-to-Sunday week, this one included.

Inside, instants are epoch seconds and every rule about spans is a list of blocked starts [from, to); datetimes are made
at the edges only. To move a booking, leave it out of `sessions` and of both busy lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import accumulate, chain, repeat
from math import ceil, floor
from typing import NamedTuple

from booking.domain import refusals
from booking.domain.boundaries import Envelope
from booking.domain.caps import Load, Taken
from booking.domain.intervals import Interval, as_utc
from booking.domain.ranges import blocked_starts, epochs, free_parts, merged, seconds
from booking.domain.recurrence import DAY_MINUTES, LocalDay, wall_minutes
from booking.domain.refusals import Refusal, Rule
from booking.domain.schedule import Schedule

_ONE_DAY = timedelta(days=1)
_ALL_WEEK = Envelope(frozenset(range(1, 8)), 0, DAY_MINUTES)


class Slot(NamedTuple):
    """A time that can be booked: UTC instants, and the mentor's local day. A tuple, since lists of them are long."""

    start: datetime
    end: datetime
    day: date


def bookable(
    schedule: Schedule,
    *,
    minutes: int,
    window: Interval,
    now: datetime,
    sessions: Iterable[Taken],
    mentor_busy: Iterable[Interval],
    mentee_busy: Iterable[Interval] = (),
    mentee_away: Iterable[Interval] = (),
) -> list[Slot]:
    """The slots that start in the window, sorted. ValueError for a session under a minute or a naive `now`."""
    search = _Search(schedule, minutes, now, sessions, mentor_busy, mentee_busy, mentee_away)
    return list(chain.from_iterable(search.runs(window)))


def upcoming(
    schedule: Schedule,
    *,
    minutes: int,
    window: Interval,
    now: datetime,
    sessions: Iterable[Taken],
    mentor_busy: Iterable[Interval],
    mentee_busy: Iterable[Interval] = (),
    mentee_away: Iterable[Interval] = (),
) -> Iterator[Slot]:
    """What `bookable` lists, computed working interval by working interval as it is asked for."""
    search = _Search(schedule, minutes, now, sessions, mentor_busy, mentee_busy, mentee_away)
    return chain.from_iterable(search.runs(window))


def why_not(
    schedule: Schedule,
    start: datetime,
    *,
    minutes: int,
    now: datetime,
    sessions: Iterable[Taken],
    mentor_busy: Iterable[Interval],
    mentee_busy: Iterable[Interval] = (),
    mentee_away: Iterable[Interval] = (),
) -> Refusal | None:
    """None if `bookable` lists this start in a window that holds it, else the first rule that refuses it.

    ValueError for a session under a minute, a naive `start` or a naive `now`.
    """
    search = _Search(schedule, minutes, now, sessions, mentor_busy, mentee_busy, mentee_away)
    return search.refusal(as_utc(start).timestamp())


def is_bookable(
    schedule: Schedule,
    start: datetime,
    *,
    minutes: int,
    now: datetime,
    sessions: Iterable[Taken],
    mentor_busy: Iterable[Interval],
    mentee_busy: Iterable[Interval] = (),
    mentee_away: Iterable[Interval] = (),
) -> bool:
    """True if no rule refuses this start; `why_not` says which one does."""
    search = _Search(schedule, minutes, now, sessions, mentor_busy, mentee_busy, mentee_away)
    return search.refusal(as_utc(start).timestamp()) is None


_slot = partial(tuple.__new__, Slot)
"""Slot._make without its own look at the length, which took a fifth of the time of a year's list."""


class _Piece(NamedTuple):
    """A working interval of a local day, cut to the envelope."""

    local: LocalDay
    start: int
    end: int


class _Search:
    """A question about a schedule with all that its answer depends on, in seconds."""

    def __init__(
        self,
        schedule: Schedule,
        minutes: int,
        now: datetime,
        sessions: Iterable[Taken],
        mentor_busy: Iterable[Interval],
        mentee_busy: Iterable[Interval],
        mentee_away: Iterable[Interval],
    ) -> None:
        if minutes < 1:
            raise ValueError("A session lasts at least a minute.")
        limits, moment = schedule.boundaries, as_utc(now)
        before, after = seconds(limits.buffer_before), seconds(limits.buffer_after)
        self.schedule, self.zones = schedule, schedule.zones
        self.length, self.step = 60 * minutes, seconds(limits.step)
        self.lasts, self.apart = timedelta(minutes=minutes), limits.step
        self.earliest = ceil((moment + limits.notice).timestamp())
        self.latest = floor((moment + limits.horizon).timestamp())
        self.blocked = {
            Rule.TIME_OFF: blocked_starts(self.zones.time_off(schedule.time_off), self.length, 0),
            Rule.MENTOR_BUSY: blocked_starts(epochs(mentor_busy), self.length + after, before),
            Rule.MENTEE_BUSY: blocked_starts(epochs(mentee_busy), self.length, 0),
            Rule.MENTEE_AWAY: blocked_starts(epochs(mentee_away), self.length, 0),
        }
        self.load = Load(sessions, self.zones)

    def runs(self, window: Interval) -> Iterator[list[Slot]]:
        """The slots that start in the window, sorted, as runs without a gap."""
        first = max(ceil(window.start.timestamp()), self.earliest)
        last = min(ceil(window.end.timestamp()) - 1, self.latest)
        blocked = merged(part for ranges in self.blocked.values() for part in ranges)
        for piece in self.pieces(first, last) if first <= last else ():
            until = min(last, piece.end - self.length)
            if until >= piece.start and self.load.cap(piece.local.day, self.length, self.schedule.boundaries) is None:
                for starts in free_parts(range(piece.start, until + 1, self.step), first, blocked):
                    yield self.slots(piece, starts)

    def refusal(self, moment: float) -> Refusal | None:
        """The first rule that refuses a start at this epoch second."""
        limits, at = self.schedule.boundaries, floor(moment)
        if moment < self.earliest:
            return refusals.too_soon(limits.notice)
        if moment > self.latest:
            return refusals.too_far(limits.horizon)
        piece = self.around(at, self.schedule.envelope)
        if piece is None:
            return refusals.OUTSIDE_ENVELOPE if self.around(at, _ALL_WEEK) else refusals.OUTSIDE_HOURS
        if at != moment or (at - piece.start) % self.step:
            return refusals.OFF_GRID
        if not self.reads_well(piece, at):
            return refusals.OUTSIDE_ENVELOPE
        return self.overlap(at) or self.load.cap(piece.local.day, self.length, self.schedule.boundaries)

    def pieces(self, first: int, last: int, envelope: Envelope | None = None) -> Iterator[_Piece]:
        """The working intervals of the local days from one epoch second to another."""
        schedule, allowed = self.schedule, envelope or self.schedule.envelope
        # One day more: where the clock goes back over midnight (St John's until 2011), `last` may read as yesterday.
        for local in self.zones.days(self.zones.day_of(first), self.zones.day_of(last) + _ONE_DAY):
            if local.day.isoweekday() in allowed.weekdays:
                for opens, closes in schedule.hours_on(local.day):
                    start, end = local.at(max(opens, allowed.opens)), local.at(min(closes, allowed.closes))
                    if start < end:
                        yield _Piece(local, start, end)

    def around(self, at: int, envelope: Envelope) -> _Piece | None:
        """The working interval, cut to the envelope, that holds a session starting at `at`."""
        found = (p for p in self.pieces(at, at, envelope) if p.start <= at and at + self.length <= p.end)
        return next(found, None)

    def slots(self, piece: _Piece, starts: range) -> list[Slot]:
        """The grid's points as slots, but for those that the wall clock rules out."""
        if not starts:
            return []
        first, steps = datetime.fromtimestamp(starts[0], UTC), len(starts) - 1
        begins = accumulate(repeat(self.apart, steps), initial=first)
        ends = accumulate(repeat(self.apart, steps), initial=first + self.lasts)
        found = map(_slot, zip(begins, ends, repeat(piece.local.day)))
        if piece.local.steady:
            return list(found)
        return [slot for slot, at in zip(found, starts, strict=True) if self.reads_well(piece, at)]

    def reads_well(self, piece: _Piece, at: int) -> bool:
        """True if the wall clock shows a session starting at `at` on the piece's day and within the envelope."""
        if piece.local.steady:
            return True
        start = datetime.fromtimestamp(at, UTC)
        session = Interval(start, start + timedelta(seconds=self.length))
        day, starts, ends = wall_minutes(session, piece.local.zone)
        allowed = self.schedule.envelope
        return day == piece.local.day and allowed.opens <= starts and allowed.opens < ends <= allowed.closes

    def overlap(self, at: int) -> Refusal | None:
        hit = (rule for rule, ranges in self.blocked.items() if any(low <= at < high for low, high in ranges))
        return next((refusals.OVERLAPS[rule] for rule in hit), None)
