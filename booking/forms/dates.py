"""Many dates at once, and time off, as forms. All dates and times are those of the mentor's own zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.widgets import DateInput

from booking.domain.boundaries import Envelope
from booking.domain.dates import read_date, read_dates, span
from booking.domain.readings import read_clock, read_closing
from booking.domain.recurrence import DAY_MINUTES, MinuteRange
from booking.domain.typed_hours import MOST_A_DAY, Typed, TypedDay, read_day
from booking.forms.intervals import mark, put_fields, typed_days
from booking.services.hours import FURTHEST, MOST_DATES
from marketplace.core import formats
from marketplace.core.forms import CheckboxesField, Form

CLOSED, OTHER, USUAL = "closed", "other", "usual"
NO_DAY = 0
"""The number under which the intervals of these forms stand: they are of no weekday."""
LISTED = 20_000
"""Characters that a list of dates may have."""


class DatesForm(Form):
    """A span, a list or both; `action` may add or remove an interval of the other hours."""

    first = StringField(_l("First date"), widget=DateInput())
    last = StringField(_l("Last date"), widget=DateInput())
    weekdays = CheckboxesField(_l("Only on"))
    listed = TextAreaField(_l("Single dates"))
    kind = RadioField(
        _l("What is different"),
        choices=[
            SelectChoice(CLOSED, _l("Closed")),
            SelectChoice(OTHER, _l("Other hours")),
            SelectChoice(USUAL, _l("As every week again")),
        ],
        default=CLOSED,
    )

    def __init__(
        self, typed: TypedDay, envelope: Envelope, today: date, *, is_acting: bool = False, **given: Any
    ) -> None:
        """`is_acting`: a button has just changed the intervals."""
        super().__init__(**given)
        self.envelope, self.today, self._is_acting = envelope, today, is_acting
        self.weekdays.choices = [SelectChoice(str(day), formats.weekday(day)) for day in sorted(envelope.weekdays)]
        self.rows = put_fields(self, NO_DAY, typed)
        self._read = read_day(typed, min(envelope.weekdays), envelope)
        self.days: list[date] = []

    @classmethod
    def blank(cls, envelope: Envelope, today: date) -> Self:
        return cls((Typed(),), envelope, today, formdata=None)

    @classmethod
    def sent(cls, given: MultiDict[str, str], envelope: Envelope, today: date) -> Self:
        action = given.get("action", "")
        typed = _acted(typed_days(given).get(NO_DAY, ()), action)
        return cls(typed, envelope, today, is_acting=action.startswith(("add", "remove")))

    @property
    def can_add(self) -> bool:
        return len(self.rows) < MOST_A_DAY

    @property
    def ranges(self) -> tuple[MinuteRange, ...] | None:
        """The hours of these dates, of a valid form: none for closed, None for the weekly ones again."""
        return {CLOSED: (), USUAL: None}.get(self.kind.data, self._read.ranges)

    @property
    def focus(self) -> str:
        """Where to go on after a button: an id of the page."""
        return f"opens-{NO_DAY}-{len(self.rows) - 1}" if self.rows and self._is_acting else ""

    def look(self) -> None:
        mark(self.rows, self._read.faults, self.envelope, saving=False)

    def validate(self, extra_validators: Any = None) -> bool:
        fields_are_right = bool(super().validate(extra_validators))
        if not fields_are_right:
            return False
        hours_are_right = self.kind.data != OTHER or self._hours_are_right()
        days = sorted({*self._spanned(), *_read_in(self.listed)})
        if days and not self.errors:
            self._judge(days)
        self.days = days
        return hours_are_right and not self.errors

    def _hours_are_right(self) -> bool:
        right = mark(self.rows, self._read.faults, self.envelope, saving=True)
        if right and not self._read.ranges:
            self.kind.errors = [_("Write the hours of these dates, or choose “Closed”.")]
        return right and bool(self._read.ranges)

    def _spanned(self) -> list[date]:
        if not self.first.data and not self.last.data:
            if not (self.listed.data or "").strip():
                self.first.errors = [_("Say which dates: a first one, a span, or a list below.")]
            return []
        first = date_in(self.first)
        last = first if not self.last.data else date_in(self.last)
        if first is None or last is None:
            return []
        if last < first:
            self.last.errors = [_("This comes before the first date.")]
            return []
        if last - first > FURTHEST:
            self.last.errors = [_too_far()]
            return []
        days = span(first, last, {int(day) for day in self.weekdays.data} or self.envelope.weekdays)
        if not days:
            self.last.errors = [_("None of these dates falls on a day that you chose and this site takes sessions on.")]
        return days

    def _judge(self, days: list[date]) -> None:
        """Of the days together; each sentence stands by the field that gave the day."""
        by = self.listed if days[0] in read_dates(self.listed.data or "").dates else self.first
        by.errors = _faults(days, self.today)
        if by.errors:
            return
        if self.kind.data == OTHER and (closed := self._closed(days)):
            names = {"day": _named(closed), "weekday": formats.weekday(closed.isoweekday())}
            self.listed.errors = [_("%(day)s is a %(weekday)s: this site takes no sessions then.", **names)]

    def _closed(self, days: Iterable[date]) -> date | None:
        return next((day for day in days if day.isoweekday() not in self.envelope.weekdays), None)


class TimeOffForm(Form):
    """From a date, or a time of it, until a date or a time of it; a date without a time is meant whole."""

    first = StringField(_l("First day"), widget=DateInput())
    first_time = StringField(_l("from"))
    last = StringField(_l("Last day"), widget=DateInput())
    last_time = StringField(_l("until"))

    def __init__(self, local_now: datetime, **given: Any) -> None:
        """`local_now` is the mentor's wall clock, without a zone."""
        super().__init__(**given)
        self.local_now = local_now
        self.start = self.end = local_now

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not self.first.data:
            self.first.errors = [_("Say on which date it begins.")]
            return False
        first = date_in(self.first)
        last = first if not self.last.data else date_in(self.last)
        opens = _minute_in(self.first_time, 0, closing=False)
        closes = _minute_in(self.last_time, DAY_MINUTES, closing=True)
        if first is None or last is None or opens is None or closes is None:
            return False
        self._judge(first, last, opens, closes)
        return not self.errors

    def _judge(self, first: date, last: date, opens: int, closes: int) -> None:
        if not span_faults(self.first, self.last, first, last, self.local_now.date()):
            self.start, self.end = _wall(first, opens), _wall(last, closes)
            if self.end <= self.start:
                self.last_time.errors = [_("It ends before it begins.")]
            elif self.end <= self.local_now:
                self.last_time.errors = [_("This is over already.")]


def dates_in(field: TextAreaField, today: date) -> list[date]:
    """The dates of a list, sorted; what is wrong with them stands beside the field."""
    days = _read_in(field)
    if days and not field.errors:
        field.errors = _faults(days, today)
    return days


def _read_in(field: TextAreaField) -> list[date]:
    text = field.data or ""
    if len(text) > LISTED:
        field.errors = [_("That is too long for a list of dates.")]
        return []
    read = read_dates(text)
    if read.unread:
        word = read.unread[0][:20]
        field.errors = [_("“%(word)s” is not a date. Write dates such as 2026-12-24.", word=word)]
    return list(read.dates)


def _faults(days: list[date], today: date) -> list[str]:
    """Of sorted dates together: the first thing that is wrong, or nothing."""
    if days[0] < today:
        return [_("%(day)s is past.", day=_named(days[0]))]
    if days[-1] - today > FURTHEST:
        return [_too_far()]
    if len(days) > MOST_DATES:
        return [_("These are %(number)s dates; at most %(most)s go at once.", number=len(days), most=MOST_DATES)]
    return []


def _acted(typed: TypedDay, action: str) -> TypedDay:
    """`add:0` and `remove:0:1`, as in the week."""
    verb, *numbers = action.split(":")
    if verb == "add" and len(typed) < MOST_A_DAY:
        return (*typed, Typed())
    if verb == "remove" and len(numbers) == 2 and numbers[1] in {str(position) for position in range(len(typed))}:
        return (*typed[: int(numbers[1])], *typed[int(numbers[1]) + 1 :])
    return typed


def span_faults(by_first: StringField, by_last: StringField, first: date, last: date, today: date) -> bool:
    """True if something is wrong with a span of dates; it is said beside the field."""
    if first < today:
        by_first.errors = [_("%(day)s is past.", day=_named(first))]
    elif last < first:
        by_last.errors = [_("This comes before the first date.")]
    elif last - today > FURTHEST:
        by_last.errors = [_too_far()]
    else:
        return False
    return True


def date_in(field: StringField) -> date | None:
    found = read_date(field.data or "")
    if found is None:
        field.errors = [_("Write a date such as 2026-12-24.")]
    return found


def _minute_in(field: StringField, otherwise: int, *, closing: bool) -> int | None:
    """None if it cannot be read."""
    if not field.data:
        return otherwise
    found = read_closing(field.data) if closing else read_clock(field.data)
    if found is None:
        field.errors = [_("Write a time such as 09:00.")]
    return found


def _wall(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001  wall-clock time


def _named(day: date) -> str:
    return formats.dated_day(day)


def _too_far() -> str:
    return str(_("That is more than two years ahead."))
