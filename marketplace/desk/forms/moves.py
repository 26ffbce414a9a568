"""Taking a break."""

from datetime import date, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, Field, ValidationError
from wtforms.validators import Optional

from marketplace.core.forms import Form

FARTHEST = timedelta(days=730)


class PauseForm(Form):
    """`today` is the mentor's."""

    free_again_on = DateField(_("Free again from"), [Optional()])
    today: date

    def validate_free_again_on(self, field: Field) -> None:
        if field.data is not None and not self.today < field.data <= self.today + FARTHEST:
            raise ValidationError(gettext("Choose a day after today, within the next two years."))
