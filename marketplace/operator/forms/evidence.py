"""What an operator adds to the evidence for a bank."""

from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from marketplace.core.fields import Words
from marketplace.core.forms import Form

LONGEST_WORDS = 4000


class EvidenceForm(Form):
    """`read` is the print of what was on the page, so that nothing else is sent."""

    read = StringField(widget=HiddenInput(), validators=[Length(max=64)])
    words = TextAreaField(_("In your own words"), [Words(LONGEST_WORDS, lines=True)])
