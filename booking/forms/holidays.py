"""Public holidays as a form: a country, its region, and the days that are worked all the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField

from booking.domain.boundaries import Envelope
from booking.domain.dates import read_date
from booking.public_holidays import countries, holidays_between, is_known, region_names
from booking.queries.days import Holidays
from booking.services.holidays import REACH
from marketplace.core import formats
from marketplace.core.forms import CheckboxesField, Form
from marketplace.core.language import current
from marketplace.core.names import country_choices


class HolidaysForm(Form):
    """`days` are those of the country and region that are chosen, of whichever form; only those on which the site takes
    sessions can be ticked."""

    country = SelectField(_l("Country"), validate_choice=False)
    region = SelectField(_l("Region"), validate_choice=False)
    worked = CheckboxesField(_l("I work on"), validate_choice=False)

    def __init__(self, today: date, envelope: Envelope, **given: Any) -> None:
        super().__init__(**given)
        known = countries()
        self.country.choices = [
            SelectChoice("", _("no holidays")),
            *(SelectChoice(code, name) for code, name in country_choices().items() if code in known),
        ]
        country, region = self.country.data or "", self.region.data or ""
        regions = region_names(country) if country in known else {}
        self.region.choices = [
            SelectChoice("", _("the whole country")),
            *(SelectChoice(*each) for each in regions.items()),
        ]
        if region not in regions:
            self.region.data = region = ""  # one of another country, chosen before
        self.days: Mapping[date, str] = {}
        if is_known(country, region):
            named = holidays_between(country, region, today, today + REACH, current())
            self.days = {day: name for day, name in named.items() if day.isoweekday() in envelope.weekdays}
        self.worked.choices = [
            SelectChoice(day.isoformat(), f"{formats.dated_day(day)}: {name}") for day, name in self.days.items()
        ]

    @classmethod
    def stored(cls, kept: Holidays, guess: str, today: date, envelope: Envelope) -> HolidaysForm:
        """`guess` is the country to begin with, for who has chosen none."""
        worked = [day.isoformat() for day in kept.worked]
        given = {"country": kept.country or guess, "region": kept.region, "worked": worked}
        return cls(today, envelope, formdata=None, **given)

    @property
    def has_regions(self) -> bool:
        return len(self.region.choices) > 1

    @property
    def worked_days(self) -> set[date]:
        """Ticked, and a holiday."""
        return {day for text in self.worked.data or () if (day := read_date(text)) in self.days and day is not None}

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.country.data and self.country.data not in countries():
            self.country.errors = [_("Choose a country of the list, or none.")]
        return not self.errors
