"""The filters, as an address carries them. What cannot be read is ignored, with a word beside the field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import NumberFormatError, parse_decimal
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField, ValidationError

from marketplace.core import language
from marketplace.core.forms import ClockInput, Form
from marketplace.core.money import Money, decimals
from marketplace.core.names import language_name
from marketplace.offerings.models import OfferingKind
from marketplace.offerings.words import kind_words
from marketplace.search.domain.needs import cleaned
from marketplace.search.domain.wish import Need, Wish
from marketplace.search.domain.working_day import CLOSES, OPENS, WorkingDay
from marketplace.search.words import WITHIN

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
    opens = StringField(_("My day begins"), default="09:00", widget=ClockInput())
    closes = StringField(_("My day ends"), default="17:00", widget=ClockInput())

    def __init__(self, given: Any, choices: Mapping[str, Sequence[str]]) -> None:
        super().__init__(formdata=given)
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
        if self.day is None:
            raise ValidationError(_("A day ends after it begins, so 09:00 to 17:00 was taken."))

    def wish(self, needs: tuple[Need, ...]) -> Wish:
        """What could be read; to be called after `validate`."""
        return Wish(
            needs=needs,
            language=self._read("language"),
            most=self.most,
            form=self._read("form"),
            in_hours=self.hours.data,
            within_days=int(days) if (days := self._read("within")) else None,
        )

    @property
    def day(self) -> tuple[int, int] | None:
        """From minute to minute; None if it would end before it begins."""
        typed = minute_of_day(self.opens.data or ""), minute_of_day(self.closes.data or "")
        opens, closes = (OPENS if typed[0] is None else typed[0]), (CLOSES if typed[1] is None else typed[1])
        return (opens, closes) if opens < closes else None

    def working_day(self, zone: ZoneInfo) -> WorkingDay:
        return WorkingDay(zone, *(self.day or (OPENS, CLOSES)))

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
