"""What an operator types about money that goes back, or to a mentor past Stripe."""

import re

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField, ValidationError

from marketplace.core.fields import Words
from marketplace.core.forms import Form
from marketplace.core.language import current, spoken
from marketplace.core.money import Money
from marketplace.offerings.domain.price import BadPrice, parse_sum

LONGEST_REASON = 500
LONGEST_HOW = 200
_MINOR = re.compile(r"[0-9]{1,12}", re.ASCII)


def minor_of(field: HiddenField) -> int | None:
    """None for what no page of ours has said."""
    return int(field.data) if _MINOR.fullmatch(field.data or "") else None


class GiveBackForm(Form):
    """`left` is what was left on the page, in minor units. Both people read why."""

    amount = StringField(_("How much"), render_kw={"inputmode": "decimal"})
    reason = TextAreaField(
        _("Why"),
        [Words(LONGEST_REASON, missing=_("Write why: both of them read it."), lines=True)],
        render_kw={"rows": 4},
    )
    left = HiddenField()

    def __init__(self, currency: str, **given: object) -> None:
        super().__init__(**given)
        self.currency, self.sum = currency, Money(0, currency)

    def validate_amount(self, field: StringField) -> None:
        try:
            self.sum = parse_sum(field.data or "", self.currency, current())
        except BadPrice as refusal:
            raise ValidationError(spoken(refusal)) from refusal


class MentorByHandForm(Form):
    """`amount` is the sum that stood on the page, in minor units."""

    how = StringField(
        _("How it was paid"), [Words(LONGEST_HOW, missing=_("Say how the money was paid: the mentor reads it."))]
    )
    amount = HiddenField()
