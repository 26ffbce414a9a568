"""Intervals of hours as fields: `opens-1-0` and `closes-1-0` are the first one of Monday, day 0 is no weekday.

There are as many as were sent; a button may add one, take one away, or copy a day. Each keeps what was typed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from booking.domain.boundaries import Envelope
from booking.domain.readings import read_clock, read_closing, write_clock
from booking.domain.typed_hours import MOST_A_DAY, Fault, Trouble, Typed, TypedDay
from marketplace.core.forms import Form

_NAME = re.compile(r"(opens|closes)-([0-7])-([0-9]{1,2})")
_SAVED_ONLY = frozenset({Trouble.MISSING})
"""Not wrong while somebody is still typing."""


@dataclass(frozen=True, slots=True)
class IntervalFields:
    """One interval of a day as the page shows it."""

    position: int
    opens: StringField
    closes: StringField

    @property
    def reads(self) -> tuple[str, str]:
        """What is understood of both ends, as it is written; empty for what is not."""
        opens, closes = read_clock(self.opens.data), read_closing(self.closes.data)
        return "" if opens is None else write_clock(opens), "" if closes is None else write_clock(closes)


def typed_days(given: Mapping[str, str]) -> dict[int, TypedDay]:
    """What was sent, by day and in its order; names that are none of ours are not looked at."""
    found: defaultdict[int, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for name, text in given.items():
        if match := _NAME.fullmatch(name):
            found[int(match[2])][int(match[3])][match[1]] = text
    return {day: tuple(Typed(**rows[position]) for position in sorted(rows)) for day, rows in found.items()}


def put_fields(form: Form, day: int, typed: TypedDay, *, name: str = "") -> list[IntervalFields]:
    """Fields of the form for each interval. `name` is the day's, for who hears a label without seeing its place."""
    return [
        IntervalFields(
            position,
            form.put(f"opens-{day}-{position}", _label(_l("from"), name), each.opens),
            form.put(f"closes-{day}-{position}", _label(_l("until"), name), each.closes),
        )
        for position, each in enumerate(typed)
    ]


def mark(rows: list[IntervalFields], faults: Iterable[Fault], envelope: Envelope, *, saving: bool) -> bool:
    """Each fault's words beside its interval; false if there is one."""
    shown = [fault for fault in faults if saving or fault.trouble not in _SAVED_ONLY]
    for fault in shown:
        row = rows[fault.position]
        field = row.opens if fault.end == "opens" else row.closes
        field.errors = [str(_words(fault, row, envelope))]
    return not shown


def _label(end: object, name: str) -> str:
    return f"{name}, {end}" if name else str(end)


def _words(fault: Fault, row: IntervalFields, envelope: Envelope) -> object:
    match fault.trouble:
        case Trouble.MISSING:
            return _("Say when it begins.") if fault.end == "opens" else _("Say when it ends.")
        case Trouble.UNREADABLE:
            return _("Write a time such as 09:00.")
        case Trouble.BACKWARDS:
            return _("It ends before it begins: this has to be later than %(start)s.", start=row.reads[0])
        case Trouble.OVERLAPS:
            start, end = fault.other or (0, 0)
            return _("It overlaps %(start)s–%(end)s.", start=write_clock(start), end=write_clock(end))
        case Trouble.OUTSIDE:
            opens, closes = write_clock(envelope.opens), write_clock(envelope.closes)
            return _("Outside the hours of this site, %(opens)s–%(closes)s.", opens=opens, closes=closes)
        case Trouble.CLOSED_DAY:
            return _("This site takes no sessions on this day.")
        case Trouble.TOO_MANY:
            return _("A day can have %(most)s intervals at most.", most=MOST_A_DAY)
