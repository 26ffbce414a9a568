"""A mentor's boundaries as a form: typed in minutes, hours and days, judged by `booking.domain.boundaries`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectChoice, SelectField, StringField

from booking.domain.boundaries import Boundaries, BoundariesBroken
from booking.domain.readings import Unit, read_length, write_length
from marketplace.core.forms import Form
from marketplace.core.language import said

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120)
MOST_DIGITS = 4


class BoundariesForm(Form):
    """`limits` are the boundaries, of a valid form."""

    notice = StringField(_l("Notice"))
    horizon = StringField(_l("How far ahead, in days"))
    step = SelectField(_l("Start times"), coerce=str)
    buffer_before = StringField(_l("Free before a session"))
    buffer_after = StringField(_l("Free after a session"))
    sessions_a_day = StringField(_l("Sessions a day"))
    sessions_a_week = StringField(_l("Sessions a week"))
    minutes_a_day = StringField(_l("Time with mentees a day"))

    def __init__(self, stored: Boundaries, **given: Any) -> None:
        super().__init__(**given)
        steps = sorted({*STEPS, stored.step // _MINUTE})
        self.step.choices = [SelectChoice(str(step), _("every %(minutes)s minutes", minutes=step)) for step in steps]
        self.limits = stored

    @classmethod
    def stored(cls, limits: Boundaries) -> Self:
        return cls(limits, formdata=None, **as_typed(limits))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        self.limits = self._judged()
        return not self.errors

    def _judged(self) -> Boundaries:
        """With what was stored in the place of what cannot be read, so that all the rest is judged too."""
        stored = self.limits
        step = _MINUTE * int(self.step.data)
        notice = self._length(self.notice, stored.notice, Unit.HOURS)
        before = self._length(self.buffer_before, stored.buffer_before)
        after = self._length(self.buffer_after, stored.buffer_after)
        minutes_a_day = self._length(self.minutes_a_day, _MINUTE * stored.minutes_a_day, Unit.HOURS) // _MINUTE
        horizon = _DAY * self._count(self.horizon, stored.horizon // _DAY)
        a_day = self._count(self.sessions_a_day, stored.sessions_a_day)
        a_week = self._count(self.sessions_a_week, stored.sessions_a_week)
        try:
            return Boundaries(notice, horizon, step, before, after, a_day, a_week, minutes_a_day)
        except BoundariesBroken as broken:
            for name, words in broken.faults.items():
                self[name].errors = self[name].errors or [said(words)]
            return stored

    def _length(self, field: Field, otherwise: timedelta, unit: Unit = Unit.MINUTES) -> timedelta:
        """With the error beside it if it cannot be read."""
        minutes = read_length(field.data or "", unit)
        if minutes is None:
            field.errors = [_("Write a length such as 90 min, 24 h or 2 days.")]
            return otherwise
        return _MINUTE * minutes

    def _count(self, field: Field, otherwise: int) -> int:
        text = (field.data or "").strip()
        if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
            field.errors = [_("Write a whole number.")]
            return otherwise
        return int(text)


def as_typed(limits: Boundaries) -> dict[str, str]:
    """By field."""
    return {
        "notice": write_length(limits.notice // _MINUTE),
        "horizon": str(limits.horizon // _DAY),
        "step": str(limits.step // _MINUTE),
        "buffer_before": write_length(limits.buffer_before // _MINUTE),
        "buffer_after": write_length(limits.buffer_after // _MINUTE),
        "sessions_a_day": str(limits.sessions_a_day),
        "sessions_a_week": str(limits.sessions_a_week),
        "minutes_a_day": write_length(limits.minutes_a_day),
    }
