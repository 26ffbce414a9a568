"""The weekly hours as a form: seven days with as many intervals as somebody wants to type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from booking.domain import typed_hours
from booking.domain.boundaries import Envelope
from booking.domain.recurrence import MinuteRange, WeeklyHours
from booking.domain.typed_hours import MOST_A_DAY, WEEKDAYS, TypedWeek, compact, read_week, typed_week
from booking.forms.intervals import IntervalFields, mark, put_fields, typed_days
from marketplace.core import formats
from marketplace.core.forms import Form


@dataclass(frozen=True, slots=True)
class DayFields:
    """A weekday on the page. `ranges` is what is understood so far, `refused` what lies outside the site's hours;
    `is_open` says that the site can be booked on it."""

    weekday: int
    name: str
    is_open: bool
    rows: list[IntervalFields]
    ranges: tuple[MinuteRange, ...]
    refused: tuple[MinuteRange, ...]

    @property
    def minutes(self) -> int:
        return sum(end - start for start, end in self.ranges)

    @property
    def can_add(self) -> bool:
        return self.is_open and len(self.rows) < MOST_A_DAY


@dataclass(frozen=True, slots=True)
class Done:
    """What a button did: where to go on typing (an id of the page), and the days that one was copied to."""

    focus: str = ""
    copied: int = 0
    to: tuple[int, ...] = ()

    @property
    def to_days(self) -> str:
        return formats.listed(formats.weekday(day) for day in self.to) if self.to else ""


class WeekForm(Form):
    """`instead_of` are the hours that the page began from, so that nobody saves over what they have not seen.
    `is_judged` once somebody has tried to save it."""

    instead_of = HiddenField()

    def __init__(self, week: TypedWeek, envelope: Envelope, done: Done | None = None, **given: Any) -> None:
        super().__init__(**given)
        self.typed, self.envelope, self.done = week, envelope, done or Done()
        self.is_judged = False
        self._read = read_week(week, envelope)
        self.days = [self._day(weekday) for weekday in WEEKDAYS]

    @classmethod
    def stored(cls, weekly: WeeklyHours, envelope: Envelope) -> Self:
        form = cls(typed_week(weekly), envelope, formdata=None, instead_of=compact(weekly))
        form.look()
        return form

    @classmethod
    def sent(cls, given: MultiDict[str, str], envelope: Envelope) -> Self:
        """With what a button did to what was typed; `action` names it: `add:1`, `remove:1:0`, `copy:1` to the days
        `to-1`, `cut`, `usual`. Any other leaves it as it is."""
        days = typed_days(given)
        sent = {weekday: days.get(weekday, ()) for weekday in WEEKDAYS}
        week, done = _acted(sent, given, envelope)
        return cls(week, envelope, done)

    @property
    def weekly(self) -> WeeklyHours:
        """What was understood: all that was meant, of a valid form."""
        return {weekday: day.ranges for weekday, day in self._read.items() if day.ranges}

    @property
    def refused(self) -> WeeklyHours:
        return {day.weekday: day.refused for day in self.days if day.refused}

    @property
    def minutes(self) -> int:
        return sum(day.minutes for day in self.days)

    def look(self) -> bool:
        """Say what is wrong so far, but for what is not finished."""
        return self._mark(saving=False)

    def validate(self, extra_validators: Any = None) -> bool:
        self.is_judged = True
        return bool(super().validate(extra_validators)) & self._mark(saving=True)

    def begin_again_from(self, weekly: WeeklyHours) -> None:
        """What was typed stays, and is meant instead of these."""
        self.instead_of.data = compact(weekly)

    def _mark(self, *, saving: bool) -> bool:
        marked = [mark(day.rows, self._read[day.weekday].faults, self.envelope, saving=saving) for day in self.days]
        return all(marked)

    def _day(self, weekday: int) -> DayFields:
        name = formats.weekday(weekday)
        rows = put_fields(self, weekday, self.typed[weekday], name=name)
        is_open = weekday in self.envelope.weekdays
        read = self._read[weekday]
        return DayFields(weekday, name, is_open, rows, read.ranges, read.refused)


def _acted(week: TypedWeek, given: MultiDict[str, str], envelope: Envelope) -> tuple[TypedWeek, Done]:
    verb, *rest = given.get("action", "").split(":")
    match verb, [_number(text) for text in rest]:
        case "cut", []:
            return typed_hours.cut(week, envelope), Done("save")
        case "usual", []:
            return typed_hours.usual_week(envelope), Done("save")
        case "add", [day] if day in WEEKDAYS:
            week = typed_hours.added(week, day)
            return week, Done(f"opens-{day}-{len(week[day]) - 1}")
        case "remove", [day, position] if day in WEEKDAYS:
            return typed_hours.removed(week, day, position), Done(f"add-{day}")
        case "copy", [day] if day in WEEKDAYS:
            to = {_number(text) for text in given.getlist(f"to-{day}")} & set(WEEKDAYS)
            return typed_hours.copied(week, day, to), Done(f"copy-{day}", day, tuple(sorted(to)))
    return week, Done()


def _number(text: str) -> int:
    """-1 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else -1
