"""What is said of fit: four questions with five answers each."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField

from marketplace.core.fields import OneOf, in_words
from marketplace.core.forms import Form
from marketplace.mentorships.domain.fit import Answers, Item
from marketplace.mentorships.domain.visibility import Role
from marketplace.mentorships.words.fit import HOW_MUCH, QUESTIONS


def _asking() -> RadioField:
    return RadioField(
        "", [OneOf(_("Choose one of the five."))], choices=lambda: in_words(HOW_MUCH), validate_choice=False
    )


class FitForm(Form):
    """`number` is the session after which the page has asked."""

    number = HiddenField()
    heard = _asking()
    goal = _asking()
    way = _asking()
    person = _asking()

    @classmethod
    def of(cls, role: Role, name: str, number: int) -> FitForm:
        """As that person is asked about the other one."""
        form = cls()
        for item in Item:
            form[item].label.text = QUESTIONS[role][item] % {"name": name}
        form.is_of_now = form.number.data == str(number)
        form.number.data, form.number.raw_data = str(number), None
        return form

    is_of_now: bool

    @property
    def answers(self) -> Answers:
        return {item: int(self[item].data) for item in Item}
