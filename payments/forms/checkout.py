"""What a mentee sends to hold a time."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from booking.domain.fit_calls import Question
from booking.forms.agenda import AgendaForm
from booking.words.bookings import QUESTIONS
from marketplace.core.fields import Words
from marketplace.core.money import Money

LONGEST_ANSWER = 1000
LARGEST_ID = 2**63 - 1
_PRICE = re.compile(r"([0-9]{1,15})-([A-Z]{3})", re.ASCII)


class HoldForm(AgendaForm):
    """`start` is an instant in UTC as links write it: 2026-12-08T09:30Z. `instead_of` names the unpaid purchase whose
    time is to be given back for it, if there is one. `seen` is all that is to pay by the page: 8050-EUR. `early` is
    ticked by who asks that the session may begin before their right to withdraw ends. `later` are the other starts of a
    series, with spaces between them."""

    offering = IntegerField(validators=[InputRequired(_("Choose what you want to book.")), NumberRange(1, LARGEST_ID)])
    start = HiddenField(validators=[InputRequired(_("Choose a time."))])
    later = HiddenField()
    instead_of = HiddenField()
    seen = HiddenField()
    early = BooleanField()

    def validate_start(self, field: HiddenField) -> None:
        if parse_start(field.data) is None:
            raise ValidationError(_("Choose a time from the list."))

    def validate_later(self, field: HiddenField) -> None:
        if None in map(parse_start, (field.data or "").split()):
            raise ValidationError(_("Choose a time from the list."))

    @property
    def answers(self) -> Mapping[Question, str]:
        """Nothing is asked."""
        return {}

    @property
    def price_seen(self) -> Money | None:
        return parse_price(self.seen.data)

    @property
    def starts_at(self) -> datetime:
        start = parse_start(self.start.data)
        assert start is not None, "validated before"
        return start

    @property
    def later_starts(self) -> tuple[datetime, ...]:
        return tuple(at for each in (self.later.data or "").split() if (at := parse_start(each)) is not None)


def _asking(question: Question) -> TextAreaField:
    says = Words(LONGEST_ANSWER, missing=_("A sentence is enough, but write one."), lines=True)
    # The draft outlives a look at another time, and at another mentor.
    return TextAreaField(QUESTIONS[question], [says], render_kw={"rows": 3, "data-draft": f"fit-call-{question}"})


class FitCallForm(HoldForm):
    """The same, with the four questions that a mentor knows the answers to before the call."""

    better = _asking(Question.BETTER)
    why_now = _asking(Question.WHY_NOW)
    tried = _asking(Question.TRIED)
    worth = _asking(Question.WORTH)

    @property
    def asked(self) -> list[TextAreaField]:
        return [self[question] for question in Question]

    @property
    def answers(self) -> Mapping[Question, str]:
        return {question: self[question].data or "" for question in Question}


def parse_price(text: str | None) -> Money | None:
    """Minor units and currency, or None for anything else: then no page has told a price."""
    told = _PRICE.fullmatch(text or "")
    return Money(int(told[1]), told[2]) if told else None


def written_price(price: Money) -> str:
    """As `parse_price` reads it."""
    return f"{price.minor}-{price.currency}"


def parse_start(text: str | None) -> datetime | None:
    """A whole minute in UTC, or None for anything else."""
    try:
        return datetime.strptime(text or "", "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
