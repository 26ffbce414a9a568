"""What a mentee writes about a session."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField

from marketplace.core.fields import Words
from marketplace.core.forms import Form

LONGEST_AGENDA = 2000


class AgendaForm(Form):
    agenda = TextAreaField(_("What do you want to talk about?"), [Words(LONGEST_AGENDA, lines=True)])
