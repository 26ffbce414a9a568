"""What an operator types about the site's fee."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.numbers import NumberFormatError, parse_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectChoice, StringField, ValidationError
from wtforms.widgets import DateInput

from booking.domain.dates import read_date
from booking.domain.intervals import as_utc
from marketplace.core.fields import OneOf, Words
from marketplace.core.forms import Form
from marketplace.core.language import current, spoken
from marketplace.core.money import MOST_MINOR, Money
from marketplace.offerings.domain.price import BadPrice, parse_sum, typed_as
from payments.domain.fees import FeeRule, Sums

ALL_BP = 10_000
FURTHEST = timedelta(days=3660)
_RATE = re.compile(r"[0-9.,]{1,6}")
BEARERS = {
    "mentee": lazy_gettext("The mentee: it stands on top of the mentor’s price"),
    "mentor": lazy_gettext("The mentor: it is taken from their price"),
}


SUMS = {"fixed": lazy_gettext("And for each session"), "least": lazy_gettext("At least")}


class FeeForm(Form):
    """`act` is `sums`, which only shows what it would come to, `keep`, or for one mentor `end`."""

    rate = StringField(lazy_gettext("Of the price, in percent"), render_kw={"inputmode": "decimal"})
    rate_from_4th = StringField(lazy_gettext("From a pair’s 4th session"), render_kw={"inputmode": "decimal"})
    rate_from_10th = StringField(lazy_gettext("From their 10th session"), render_kw={"inputmode": "decimal"})
    borne_by = RadioField(
        lazy_gettext("Who bears it"),
        [OneOf(lazy_gettext("Choose who bears it."))],
        choices=[SelectChoice(*each) for each in BEARERS.items()],
        validate_choice=False,
    )
    first_day = StringField(lazy_gettext("From which day"), widget=DateInput())
    reason = StringField(
        lazy_gettext("Why"), [Words(300, missing=lazy_gettext("Say why: it is kept with the change."))]
    )

    currencies: tuple[str, ...]

    def __init__(self, *, zone: ZoneInfo, now: datetime, **given: object) -> None:
        super().__init__(**given)
        self.zone, self.now = zone, now
        self.starts_at: datetime | None = None

    @property
    def sums(self) -> list[StringField]:
        """All of them, as they stand on the page: for each currency what is beside the rate, and the least."""
        return [self[_name(kind, code)] for code in self.currencies for kind in SUMS]

    @property
    def about_sums(self) -> list[StringField]:
        return [self.rate, self.rate_from_4th, self.rate_from_10th, *self.sums]

    def validate_rate(self, field: StringField) -> None:
        _rate_bp(field)

    validate_rate_from_4th = validate_rate_from_10th = validate_rate

    def validate_first_day(self, field: StringField) -> None:
        """Empty: at once. A day begins at midnight in the operator's zone."""
        if not field.data:
            return
        day = read_date(field.data)
        if day is None:
            raise ValidationError(_("Write a date, such as %(example)s.", example=self.now.date().isoformat()))
        today = self.now.astimezone(self.zone).date()
        if not today < day < today + FURTHEST:
            raise ValidationError(_("Choose a day that is still to come, or leave it empty: then it begins at once."))
        self.starts_at = as_utc(datetime(day.year, day.month, day.day, tzinfo=self.zone))

    def validate(self, *extra: object) -> bool:
        """Also that the rates do not rise the more often a pair meets, and that no currency is left out."""
        right = bool(super().validate(*extra)) & self._names_every_currency()
        if not (self.rate.errors or self.rate_from_4th.errors or self.rate_from_10th.errors):
            rates = [_rate_bp(field) for field in (self.rate, self.rate_from_4th, self.rate_from_10th)]
            if rates != sorted(rates, reverse=True):
                self.rate_from_4th.errors = [_("The rate may fall the more often a pair meets, and never rise.")]
                right = False
        return right

    @property
    def rule(self) -> FeeRule:
        """After the form was found to be right."""
        return FeeRule(
            rate_bp=_rate_bp(self.rate),
            rate_bp_from_4th=_rate_bp(self.rate_from_4th),
            rate_bp_from_10th=_rate_bp(self.rate_from_10th),
            borne_by=self.borne_by.data,
            fixed=self._typed("fixed"),
            least=self._typed("least"),
        )

    def only_about(self, *kept: StringField) -> None:
        """Who only looks, or ends a fee, is not told what else is missing."""
        for field in self:
            if field not in kept:
                field.errors = []

    def _typed(self, kind: str) -> Sums:
        found = [_sum(self[_name(kind, code)], code) for code in self.currencies]
        return tuple(each for each in found if each is not None)

    def _names_every_currency(self) -> bool:
        """Nobody should sell without a sum by mistake: who names one in a currency says it for all of them."""
        for kind in SUMS:
            fields = {code: self[_name(kind, code)] for code in self.currencies}
            left = {code: field for code, field in fields.items() if not _is_typed(field)}
            for code, field in left.items() if len(left) < len(fields) else ():
                field.errors = [_("Say it in %(currency)s too, 0 if there is none.", currency=code)]
        return not any(field.errors for field in self.sums)


def fee_form(currencies: tuple[str, ...]) -> type[FeeForm]:
    """With two fields for each currency that the site sells in."""
    fields = {_name(kind, code): _field(kind, code) for code in currencies for kind in SUMS}
    return type("FeeFormOfSite", (FeeForm,), {"currencies": currencies, **fields})


def _field(kind: str, currency: str) -> StringField:
    def is_sum(_form: FeeForm, field: StringField) -> None:
        amount = _sum(field, currency)
        if amount is not None and amount.minor > MOST_MINOR:
            raise ValidationError(_("That is more than can be charged."))

    label = lazy_gettext("%(what)s, in %(currency)s", what=SUMS[kind], currency=currency)
    return StringField(label, [is_sum], render_kw={"inputmode": "decimal"})


def _name(kind: str, currency: str) -> str:
    return f"{kind}_{currency.lower()}"


def _is_typed(field: StringField) -> bool:
    return bool((field.data or "").strip())


def _sum(field: StringField, currency: str) -> Money | None:
    if not _is_typed(field):
        return None
    try:
        return parse_sum(field.data, currency, current())
    except BadPrice as wrong:
        raise ValidationError(spoken(wrong)) from wrong


def as_typed(rule: FeeRule) -> dict[str, str]:
    """What the form is filled with at first."""
    sums = {kind: getattr(rule, kind) for kind in SUMS}
    return {
        "rate": _typed_rate(rule.rate_bp),
        "rate_from_4th": _typed_rate(rule.rate_bp_from_4th),
        "rate_from_10th": _typed_rate(rule.rate_bp_from_10th),
        "borne_by": rule.borne_by,
        **{_name(kind, each.currency): typed_as(each, current()) for kind, said in sums.items() for each in said},
    }


def _rate_bp(field: StringField) -> int:
    """Basis points of what is typed: `15`, `12.5`, in German `12,5`; a percent sign is no harm."""
    figures = (field.data or "").strip().removesuffix("%").strip()
    try:
        rate_bp = parse_decimal(figures, locale=current(), strict=True) * 100 if _RATE.fullmatch(figures) else None
    except NumberFormatError:
        rate_bp = None
    if rate_bp is None or rate_bp % 1 or not 0 <= rate_bp <= ALL_BP:
        example = _typed_rate(1250)
        raise ValidationError(_("A number from 0 to 100, such as %(example)s.", example=example))
    return int(rate_bp)


def _typed_rate(rate_bp: int) -> str:
    sign = typed_as(Money(1, "EUR"), current())[1]
    return f"{(Decimal(rate_bp) / 100).normalize():f}".replace(".", sign)
