"""What a mentor types about an offering."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField, ValidationError

from booking.words.bookings import policy_example
from marketplace.core.fields import LinesOfWords, Words, listed
from marketplace.core.formats import currency_name
from marketplace.core.forms import Form
from marketplace.core.language import current, spoken
from marketplace.core.money import MOST_MINOR, Money
from marketplace.offerings.domain.price import BadPrice, parse_price, typed_as
from marketplace.offerings.models import LONGEST_CADENCE, MOST_SESSIONS, Offering, OfferingKind
from marketplace.offerings.services.keep import Terms
from marketplace.offerings.words import kind_words
from payments.domain.fees import FeeRule, PairFee

MINUTES = range(10, 241, 5)
AROUND = range(481)
"""Minutes that somebody may spend before or after a session."""
AROUND_AT_FIRST = 15
FIT_CALL_AT_FIRST, SESSION_AT_FIRST = 20, 60
SESSIONS, CADENCES = range(2, MOST_SESSIONS + 1), range(1, LONGEST_CADENCE + 1)
SESSIONS_AT_FIRST, CADENCE_AT_FIRST = 6, 14
POLICY_AT_FIRST = "standard"
POLICIES = {
    "flexible": lazy_gettext("Flexible"),
    "standard": lazy_gettext("Standard"),
    "firm": lazy_gettext("Firm"),
}
OF_A_FIT_CALL = "flexible"
BESIDE = {"form": "offering"}
"""These stand beside the form on the page, and belong to it."""


class WholeField(IntegerField):
    """A whole number, in digits; `asks` says which."""

    asks = lazy_gettext("Write a whole number, such as 6.")

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as wrong:
            raise ValueError(str(self.asks)) from wrong


class MinutesField(WholeField):
    asks = lazy_gettext("Write a whole number of minutes, such as 50.")


class OfferingForm(Form):
    """For one kind of offering: what a fit call has not (a price, and so nothing to give back) is not asked, nor the
    course of a programme of what is none."""

    title = StringField(lazy_gettext("What it is called"), [Words(80, missing=lazy_gettext("Give it a name."))])
    summary = StringField(lazy_gettext("In one line"), [Words(160)])
    included = TextAreaField(lazy_gettext("What is included"), [LinesOfWords(8, 120)], render_kw={"rows": 4})
    sessions = WholeField(lazy_gettext("Sessions"))
    cadence = WholeField(lazy_gettext("Days from one session to the next"))
    minutes = MinutesField(lazy_gettext("Minutes"))
    currency = SelectField(lazy_gettext("Currency"), validate_choice=False)
    milestones = TextAreaField(lazy_gettext("Milestones"), [LinesOfWords(12, 160)], render_kw={"rows": 4})
    pre_work = TextAreaField(lazy_gettext("Before each session"), [LinesOfWords(12, 160)], render_kw={"rows": 4})
    price = StringField(lazy_gettext("Your price"), render_kw={"inputmode": "decimal"})
    policy = RadioField(lazy_gettext("When a mentee cancels"))
    preparation = MinutesField(lazy_gettext("Minutes to prepare"), render_kw=BESIDE)
    follow_up = MinutesField(lazy_gettext("Minutes afterwards"), render_kw=BESIDE)

    def __init__(
        self,
        kind: str,
        *,
        currencies: Sequence[str],
        rule: FeeRule,
        example: datetime,
        zone: ZoneInfo,
        **given: object,
    ):
        """Of several currencies one is chosen; the first is the one that it has."""
        super().__init__(**given)
        self.currencies, self.rule, self.kind = currencies, rule, OfferingKind(kind)
        self.currency.choices = [(code, currency_name(code)) for code in currencies]
        self.policy.choices = [
            (name, f"{label}. {policy_example(name, example, zone)}") for name, label in POLICIES.items()
        ]
        if self.kind is OfferingKind.FIT_CALL:
            del self.price, self.policy, self.preparation, self.follow_up
        if len(currencies) == 1 or self.kind is OfferingKind.FIT_CALL:
            del self.currency
        if self.kind is not OfferingKind.PROGRAMME:
            del self.sessions, self.cadence, self.milestones, self.pre_work

    def validate_minutes(self, field: MinutesField) -> None:
        if field.data is not None and field.data not in MINUTES:
            raise ValidationError(_("From 10 to 240 minutes, in steps of 5."))
        if field.data is None and not field.errors:
            raise ValidationError(_("Write a whole number of minutes, such as 50."))

    def validate_currency(self, field: SelectField) -> None:
        if field.data not in self.currencies:
            raise ValidationError(_("Choose one of these currencies."))

    def validate_sessions(self, field: WholeField) -> None:
        if field.data not in SESSIONS and not field.errors:
            raise ValidationError(_("From 2 to %(most)s sessions.", most=MOST_SESSIONS))

    def validate_cadence(self, field: WholeField) -> None:
        if field.data not in CADENCES and not field.errors:
            raise ValidationError(_("From 1 to %(most)s days.", most=LONGEST_CADENCE))

    def validate_price(self, field: StringField) -> None:
        try:
            price = parse_price(field.data or "", self.sold_in, current())
        except BadPrice as wrong:
            raise ValidationError(spoken(wrong)) from wrong
        if PairFee(self.rule).lines(price, self.typed_sessions or 1).gross.minor > MOST_MINOR:
            raise ValidationError(_("With the site’s fee that is more than can be charged."))

    def validate_preparation(self, field: MinutesField) -> None:
        if field.data not in AROUND and not field.errors:
            raise ValidationError(_("From 0 to 480 minutes."))

    validate_follow_up = validate_preparation

    @property
    def sold_in(self) -> str:
        """The currency that is chosen, as far as it can be."""
        chosen = str(self.currency.data) if self.currency else ""
        return chosen if chosen in self.currencies else self.currencies[0]

    @property
    def typed_sessions(self) -> int | None:
        """One for what is no programme; None while there is no number that can be."""
        if self.sessions is None:
            return 1
        number: int | None = self.sessions.data
        return number if number in SESSIONS else None

    @property
    def typed_price(self) -> Money:
        """After it was found to be right."""
        if self.kind is OfferingKind.FIT_CALL:
            return Money(0, self.sold_in)
        return parse_price(self.price.data or "", self.sold_in, current())

    @property
    def terms(self) -> Terms:
        """After the form was found to be right."""
        return Terms(
            title=self.title.data or "",
            summary=self.summary.data or "",
            included="\n".join(listed(self.included.data or "")),
            minutes=self.minutes.data or 0,
            price=self.typed_price,
            policy=self.policy.data if self.policy else OF_A_FIT_CALL,
            **self._course,
        )

    @property
    def _course(self) -> dict[str, Any]:
        if self.sessions is None:
            return {}
        return {
            "sessions": self.sessions.data,
            "cadence_days": self.cadence.data,
            "milestones": "\n".join(listed(self.milestones.data or "")),
            "pre_work": "\n".join(listed(self.pre_work.data or "")),
        }

    def only_about_sums(self) -> None:
        """Who looks at sums is not told yet what else is missing."""
        for field in (self.title, self.summary, self.included, self.policy, self.milestones, self.pre_work):
            if field is not None:
                field.errors = []


def as_typed(offering: Offering) -> dict[str, object]:
    """What the form is filled with at first."""
    return {
        "title": offering.title,
        "summary": offering.summary,
        "included": offering.included,
        "minutes": offering.minutes,
        "currency": offering.currency,
        "sessions": offering.sessions,
        "cadence": offering.cadence_days,
        "milestones": offering.milestones,
        "pre_work": offering.pre_work,
        "price": typed_as(offering.price, current()),
        "policy": offering.policy,
        **_around(),
    }


def at_first(kind: str) -> dict[str, object]:
    """What a new one is filled with."""
    minutes = FIT_CALL_AT_FIRST if kind == OfferingKind.FIT_CALL else SESSION_AT_FIRST
    course = {"sessions": SESSIONS_AT_FIRST, "cadence": CADENCE_AT_FIRST}
    return {"title": str(kind_words(kind).name), "minutes": minutes, "policy": POLICY_AT_FIRST, **course, **_around()}


def _around() -> dict[str, object]:
    return {"preparation": AROUND_AT_FIRST, "follow_up": AROUND_AT_FIRST}


def example_start(now: datetime, zone: ZoneInfo) -> datetime:
    """Ten o'clock on the mentor's next Tuesday that is a week away at least."""
    soonest = now.astimezone(zone) + timedelta(days=7)
    tuesday = soonest + timedelta(days=(1 - soonest.weekday()) % 7)
    return tuesday.replace(hour=10, minute=0, second=0, microsecond=0)
