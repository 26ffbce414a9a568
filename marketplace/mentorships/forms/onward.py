"""What a mentee takes along to another mentor."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField

from marketplace.core.forms import CheckboxesField, Form
from marketplace.mentorships.queries.carried import Takeable


class OnwardForm(Form):
    """`to` is the address of the mentor whose button was pressed."""

    brief = BooleanField(_("What I was here for"))
    goals = CheckboxesField(_("Goals"), validate_choice=False)
    to = HiddenField()

    @classmethod
    def of(cls, found: Takeable, *, all_ticked: bool = False) -> OnwardForm:
        every = [each.public_id for each in found.goals]
        form = cls(formdata=None, data={"brief": True, "goals": every}) if all_ticked else cls()
        form.goals.choices = [(each.public_id, each.goal.sentence) for each in found.goals]
        return form
