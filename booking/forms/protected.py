"""Protected days as a form: weekdays, each week, and dates."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, TextAreaField

from booking.domain.recurrence import DaysOff
from booking.domain.typed_hours import WEEKDAYS
from booking.forms.dates import dates_in
from marketplace.core import formats
from marketplace.core.forms import CheckboxesField, Form


class ProtectedForm(Form):
    """`days` are the dates that are protected besides those that are already, of a valid form."""

    instead_of = HiddenField()
    weekdays = CheckboxesField(_l("Every week"))
    listed = TextAreaField(_l("Dates to protect as well"))

    def __init__(self, today: date, **given: Any) -> None:
        super().__init__(**given)
        self.today = today
        self.weekdays.choices = [SelectChoice(str(day), formats.weekday(day)) for day in WEEKDAYS]
        self.days: list[date] = []

    @classmethod
    def stored(cls, protected: DaysOff, today: date) -> Self:
        form = cls(today, formdata=None, weekdays=[str(day) for day in sorted(protected.weekdays)])
        form.begin_from(protected)
        return form

    @property
    def ticked(self) -> frozenset[int]:
        return frozenset(int(day) for day in self.weekdays.data)

    @property
    def seen(self) -> frozenset[int]:
        """The weekdays that the page began from; what is none of ours is left out."""
        return frozenset(day for day in WEEKDAYS if str(day) in (self.instead_of.data or ""))

    def begin_from(self, protected: DaysOff) -> None:
        self.instead_of.data = "".join(str(day) for day in sorted(protected.weekdays))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        self.days = dates_in(self.listed, self.today)
        return not self.errors
