"""The filters, as an address carries them. What cannot be read is ignored, with a word beside the field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.numbers import NumberFormatError, parse_decimal
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectChoice, SelectField, StringField, ValidationError

from booking.domain.readings import write_clock
from booking.domain.typed_hours import WEEKDAYS
from marketplace.core import formats, language
from marketplace.core.forms import CheckboxesField, ClockInput, Form
from marketplace.core.money import Money, decimals
from marketplace.core.names import language_name
from marketplace.offerings.models import OfferingKind
from marketplace.offerings.words import kind_words
from marketplace.search.domain.needs import cleaned
from marketplace.search.domain.wish import Need, Wish
from marketplace.search.domain.working_day import USUAL, Hours
from marketplace.search.words import BY_TIME, SORTS, WITHIN

HIGHEST = 1_000_000
"""Beyond it nobody asks; it bounds what the database is told."""
LONGEST_PRICE = 20
_SIGN = r"(?:[A-Z]{3}|[€$£¥])?"
_AMOUNT = re.compile(rf"{_SIGN}\s*(?P<amount>[0-9.,'’\s]+?)\s*{_SIGN}")
_CENTS = re.compile(r"[0-9]+[.,][0-9]{1,2}")


class SearchForm(Form):
    class Meta(Form.Meta):
        csrf = False  # it changes nothing, and its address is to be shared

    q = StringField(_("What do you need?"), filters=[lambda typed: cleaned(typed or "")])
    language = SelectField(_("Language"), default="", validate_choice=False)
    form = SelectField(_("Kind of session"), default="", validate_choice=False)
    price = StringField(_("Price, all included, up to"))
    currency = SelectField(_("Currency"), default="", validate_choice=False)
    within = SelectField(_("Free"), default="", validate_choice=False)
    hours = BooleanField(_("Only times in my working day"))
    opens = StringField(_("My day begins"), widget=ClockInput())
    closes = StringField(_("My day ends"), widget=ClockInput())
    days = CheckboxesField(_("My working days"), validate_choice=False)
    sort = SelectField(_("Order"), default="", validate_choice=False)

    def __init__(self, given: Any, choices: Mapping[str, Sequence[str]], usual: Hours = USUAL) -> None:
        """`usual` is the reader's working day, if the address names no other."""
        super().__init__(formdata=given)
        self.usual = usual
        self.tells_hours = any(field.raw_data for field in (self.opens, self.closes, self.days))
        self.opens.data = self.opens.data or write_clock(usual.opens)
        self.closes.data = self.closes.data or write_clock(usual.closes)
        self.days.choices = [SelectChoice(str(day), formats.weekday(day)) for day in WEEKDAYS]
        self.days.data = self.days.data or [str(day) for day in sorted(usual.weekdays)]
        self.sort.choices = list(SORTS.items())
        named = sorted((language_name(code), code) for code in choices["language"])
        self.language.choices = [("", _("any")), *((code, name) for name, code in named)]
        self.form.choices = [("", _("any")), *((kind.value, kind_words(kind).listed) for kind in OfferingKind)]
        self.currency.choices = [(code, code) for code in choices["currency"]]
        self.within.choices = [("", _("any time")), *((str(days), words) for days, words in WITHIN.items())]
        if not self.currency.data and choices["currency"]:
            self.currency.data = choices["currency"][0]
        self.most: Money | None = None

    def validate_language(self, field: SelectField) -> None:
        _one_of_its_choices(field)

    def validate_form(self, field: SelectField) -> None:
        _one_of_its_choices(field)

    def validate_within(self, field: SelectField) -> None:
        _one_of_its_choices(field)

    def validate_price(self, field: StringField) -> None:
        if not field.data:
            return
        if self.currency.data not in [code for code, _name in self.currency.choices]:
            raise ValidationError(_("Nobody here takes that currency, so the price was ignored."))
        amount = typed_amount(field.data)
        if amount is None or not 0 < amount <= HIGHEST:
            raise ValidationError(_("This is not a price, so it was ignored."))
        self.most = Money(int(amount.scaleb(decimals(self.currency.data))), self.currency.data)

    def validate_opens(self, field: StringField) -> None:
        if field.data and minute_of_day(field.data) is None:
            raise ValidationError(_("This is not a time of day, so it was ignored."))

    def validate_closes(self, field: StringField) -> None:
        self.validate_opens(field)
        if not self._opens < self._closes:
            usual = f"{write_clock(self.usual.opens)}–{write_clock(self.usual.closes)}"
            raise ValidationError(_("A day ends after it begins, so %(usual)s was taken.", usual=usual))

    def validate_days(self, field: CheckboxesField) -> None:
        if not {*field.data} <= {str(day) for day in WEEKDAYS}:
            raise ValidationError(_("There is no such choice, so it was ignored."))

    def validate_sort(self, field: SelectField) -> None:
        _one_of_its_choices(field)

    def wish(self, needs: tuple[Need, ...]) -> Wish:
        """What could be read; to be called after `validate`."""
        return Wish(
            needs=needs,
            language=self._read("language"),
            most=self.most,
            form=self._read("form"),
            in_hours=self.hours.data,
            within_days=int(days) if (days := self._read("within")) else None,
            by_time=self._read("sort") == BY_TIME,
        )

    @property
    def working_hours(self) -> Hours:
        """As far as they could be read, the usual ones otherwise."""
        chosen = {day for day in WEEKDAYS if str(day) in self.days.data}
        weekdays = frozenset(chosen) or self.usual.weekdays
        if self._opens < self._closes:
            return Hours(self._opens, self._closes, weekdays)
        return replace(self.usual, weekdays=weekdays)

    @property
    def _opens(self) -> int:
        typed = minute_of_day(self.opens.data or "")
        return self.usual.opens if typed is None else typed

    @property
    def _closes(self) -> int:
        typed = minute_of_day(self.closes.data or "")
        return self.usual.closes if typed is None else typed

    def _read(self, name: str) -> str | None:
        field = self[name]
        return None if field.errors or not field.data else str(field.data)


def typed_amount(typed: str) -> Decimal | None:
    """As people write numbers in the language being spoken, with or without a currency's sign or code."""
    figures = _AMOUNT.fullmatch(typed.strip()[:LONGEST_PRICE])
    if figures is None:
        return None
    if _CENTS.fullmatch(figures["amount"]):  # with two digits behind it, either mark can only be the decimal one
        return Decimal(figures["amount"].replace(",", "."))
    try:
        amount: Decimal = parse_decimal(figures["amount"], locale=language.current(), strict=True)
    except NumberFormatError:
        return None
    return amount


def minute_of_day(typed: str) -> int | None:
    """Of `09:30`."""
    try:
        time = datetime.strptime(typed, "%H:%M")  # noqa: DTZ007  a time of day has no zone
    except ValueError:
        return None
    return 60 * time.hour + time.minute


def _one_of_its_choices(field: SelectField) -> None:
    if field.data not in [code for code, _name in field.choices]:
        raise ValidationError(_("There is no such choice, so it was ignored."))
