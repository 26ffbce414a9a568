"""What an operator looks for."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import Length

from marketplace.core.audit import WHAT
from marketplace.core.fields import in_words
from marketplace.core.forms import Form


class AuditFilter(Form):
    """In the address, so that a list can be kept as a link; whatever makes no sense shows everything."""

    class Meta(Form.Meta):
        csrf = False

    what = SelectField(_("What"), choices=lambda: {"": gettext("Everything"), **in_words(WHAT)})
    who = StringField(_("By or on whom"), [Length(max=200)])


class BookingFilter(Form):
    class Meta(Form.Meta):
        csrf = False

    of = StringField(_("Of whom, or which"), [Length(max=200)])
