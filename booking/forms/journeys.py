"""A journey as a form: from a date to a date, by the clocks of another zone."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField
from wtforms.widgets import DateInput

from booking.domain.zones import Journey
from booking.forms.dates import date_in, span_faults
from marketplace.accounts.zones import known_zone, zone_choices
from marketplace.core.forms import Form


class JourneyForm(Form):
    """`journey` of a valid form."""

    first = StringField(_l("First day"), widget=DateInput())
    last = StringField(_l("Last day"), widget=DateInput())
    zone = SelectField(_l("Time zone there"), validate_choice=False)

    def __init__(self, today: date, **given: Any) -> None:
        super().__init__(**given)
        self.today = today
        self.zone.choices = [SelectChoice("", _("choose one")), *(SelectChoice(name, name) for name in zone_choices())]
        self.journey: Journey | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        first, last = date_in(self.first), date_in(self.last)
        zone = known_zone(self.zone.data)
        if zone is None:
            self.zone.errors = [_("Choose the time zone in which you will be.")]
        if first is not None and last is not None:
            span_faults(self.first, self.last, first, last, self.today)
        if self.errors or first is None or last is None or zone is None:
            return False
        self.journey = Journey(first, last, zone)
        return True
