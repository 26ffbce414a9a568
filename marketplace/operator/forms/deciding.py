"""What an operator decides about a mentor, and why."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.widgets import HiddenInput

from marketplace.core.fields import Words
from marketplace.core.forms import Form
from marketplace.mentors.domain.states import NEED_A_REASON, OPERATORS, Move

LONGEST_REASON = 2000


class DecisionForm(Form):
    """`read` is the revision of the profile that was on the page. The mentor reads the reason."""

    read = IntegerField(widget=HiddenInput())
    reason = TextAreaField(_("What the mentor reads"), [Words(LONGEST_REASON, lines=True)])
    action = StringField()

    def move(self) -> Move | None:
        """What the pressed button decides; None when there is no such button."""
        return Move(self.action.data) if self.action.data in OPERATORS else None

    def lacks_button(self) -> bool:
        """True, with a sentence above the form, if it was sent without one of the buttons that there are."""
        if self.move() is None:
            self.form_errors.append(gettext("Press the button of what you decide."))
        return self.move() is None

    def lacks_reason(self, move: Move) -> bool:
        """True, with the sentence beside the field, if this decision needs one and there is none."""
        if move not in NEED_A_REASON or self.reason.data:
            return False
        self.reason.errors = [gettext("Write why: the mentor reads it.")]
        return True
