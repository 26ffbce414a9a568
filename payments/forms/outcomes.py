"""How a session was, as one of its people says it; and what an operator decides."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField

from booking.domain.outcomes import Decision, Said
from booking.models.claims import LONGEST_WORDS
from marketplace.core.fields import OneOf, Words
from marketplace.core.forms import Form

LONGEST_REASON = 500


class HowItWasForm(Form):
    """The choices are what this person may say now."""

    said = RadioField(_("How was it?"), [OneOf(_("Choose how it was."))], validate_choice=False)
    words = TextAreaField(_("In your own words"), [Words(LONGEST_WORDS, lines=True)], render_kw={"rows": 4})

    def offer(self, choices: Mapping[Said, str]) -> None:
        self.said.choices = [(said.value, label) for said, label in choices.items()]

    def lacks_words(self) -> bool:
        """True, with the sentence beside the field, if a problem was reported and not told."""
        if self.said.data != Said.PROBLEM or self.words.data:
            return False
        self.words.errors = [gettext("Write what was wrong: the other one and the site read it.")]
        return True


class RulingForm(Form):
    """Both people read why."""

    decision = RadioField(_("What became of it"), [OneOf(_("Choose what became of it."))], validate_choice=False)
    reason = TextAreaField(
        _("Why"),
        [Words(LONGEST_REASON, missing=_("Write why: both of them read it."), lines=True)],
        render_kw={"rows": 4},
    )

    def offer(self, choices: Mapping[Decision, str]) -> None:
        self.decision.choices = [(decision.value, label) for decision, label in choices.items()]
