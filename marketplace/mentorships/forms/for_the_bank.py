"""What one of the two lets a bank read."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import ValidationError

from marketplace.core.forms import CheckboxesField, Form


class ForTheBankForm(Form):
    chosen = CheckboxesField(_("What the bank may read"), validate_choice=False)

    def validate_chosen(self, field: CheckboxesField) -> None:
        if not field.data:
            raise ValidationError(gettext("Tick what the bank may read, or leave this page."))
