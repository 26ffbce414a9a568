"""What a mentee says once of what they need."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField, ValidationError

from marketplace.core.fields import LinesOfWords, in_words, listed
from marketplace.core.forms import CheckboxesField, Form
from marketplace.mentors.domain.profile import LONGEST_TOPIC, Way
from marketplace.search.domain.needs import MOST_NEEDS
from marketplace.search.looking_for import Looking
from marketplace.search.words import WAYS_WANTED


class LookingForm(Form):
    needs = TextAreaField(_("What do you need?"), [LinesOfWords(MOST_NEEDS, LONGEST_TOPIC)], render_kw={"rows": 5})
    ways = CheckboxesField(_("How do you like to work?"), choices=lambda: in_words(WAYS_WANTED))

    def validate_needs(self, field: TextAreaField) -> None:
        if not any(any(each.isalnum() for each in line) for line in listed(field.data)):
            raise ValidationError(_("Name at least one thing, one a line."))

    @property
    def looking(self) -> Looking:
        return Looking(tuple(listed(self.needs.data)), tuple(way for way in Way if way in self.ways.data))
