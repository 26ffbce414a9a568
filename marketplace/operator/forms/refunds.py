"""How an operator has paid what no refund could."""

from flask_babel import lazy_gettext as _
from wtforms import StringField

from marketplace.core.fields import Words
from marketplace.core.forms import Form

LONGEST_HOW = 200


class ByHandForm(Form):
    how = StringField(
        _("How it was paid"), [Words(LONGEST_HOW, missing=_("Say how the money was paid: the mentee reads it."))]
    )
