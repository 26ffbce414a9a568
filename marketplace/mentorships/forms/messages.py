"""What is typed to the other one, of them, and about what they wrote."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, StringField, TextAreaField

from marketplace.core.fields import OneOf, Words, in_words
from marketplace.core.forms import Form
from marketplace.mentorships.domain.messages import LONGEST_MESSAGE
from marketplace.mentorships.domain.reviews import LONGEST_ANSWER, LONGEST_HELP, LONGEST_REVIEW

LONGEST_REASON = 1000
NAMED, NAMELESS = "named", "nameless"


class MessageForm(Form):
    form = HiddenField()
    """Drawn with the page: sent twice, it is one message."""
    words = TextAreaField(_("Your message"), [Words(LONGEST_MESSAGE, _("Write something first."), lines=True)])


class ReportForm(Form):
    form = HiddenField()
    """As in a message."""
    reason = TextAreaField(_("What is wrong"), [Words(LONGEST_REASON, _("Say what is wrong."), lines=True)])


class ReviewForm(Form):
    words = TextAreaField(_("Your words"), [Words(LONGEST_REVIEW, _("Write a few words."), lines=True)])
    helped_with = StringField(_("What it helped with"), [Words(LONGEST_HELP)])
    shown_as = RadioField(
        _("Under which name"),
        [OneOf(_("Choose how you want to be named."))],
        choices=lambda: in_words({NAMED: _("My first name"), NAMELESS: _("No name")}),
        validate_choice=False,
    )


class AnswerForm(Form):
    words = TextAreaField(_("Your answer"), [Words(LONGEST_ANSWER, _("Write something first."), lines=True)])
