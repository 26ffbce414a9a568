"""What is typed around a session: notes, what somebody will do, a check-in, whether one was heard."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from marketplace.core.fields import FAR_TOO_MUCH, OneOf, Words, in_words
from marketplace.core.forms import Form
from marketplace.core.text import paragraphs, undisturbed
from marketplace.mentorships.domain.papers import LONGEST_LINE, LONGEST_TEXT, MOST_CONFIDENT
from marketplace.mentorships.domain.sessions import LONGEST_NOTE, Heard, Part
from marketplace.mentorships.forms.papers import judge_day
from marketplace.mentorships.services.notes import Draft
from marketplace.mentorships.words.pairs import HEARD

LONGEST_VERSION = 9
"""Digits."""


class NotesForm(Form):
    """A field for each part, with what stood there when the page was made (`was-…`) and its version (`base-…`)."""

    form = HiddenField()

    @classmethod
    def of(cls, parts: Iterable[Part]) -> NotesForm:
        made = cls()
        made.parts = list(parts)
        made.errors_of = {}
        return made

    parts: list[Part]
    errors_of: dict[Part, str]

    def drafts(self) -> list[Draft]:
        """Of the parts that were sent."""
        return [
            Draft(part, _cleaned(request.form[part]), _cleaned(request.form.get(f"was-{part}", "")), _version(part))
            for part in self.parts
            if part in request.form
        ]

    def judge(self) -> bool:
        """Whether all that was sent can be kept; `errors_of` says what cannot."""
        for draft in self.drafts():
            if len(draft.words) > LONGEST_NOTE:
                length = len(draft.words)
                told = gettext(
                    "Use at most %(most)s characters; these are %(length)s.", most=LONGEST_NOTE, length=length
                )
                self.errors_of[draft.part] = told
        return not self.errors_of

    def typed(self, part: Part) -> str | None:
        """Kept as it was typed if anything cannot be kept; cut where nobody would read on."""
        return _cleaned(request.form.get(part, ""))[: LONGEST_NOTE * FAR_TOO_MUCH] if self.errors_of else None


def _cleaned(typed: str) -> str:
    """Without what nobody can see: a draft that is kept by itself has nobody to ask."""
    return undisturbed(paragraphs(typed))


def _version(part: Part) -> int:
    """Whatever it is, it only says what was read."""
    sent = request.form.get(f"base-{part}", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= LONGEST_VERSION else 0


class ActionForm(Form):
    form = HiddenField()
    session = HiddenField()
    """The public id of the session that it is to be done before; empty for any time."""
    back = HiddenField()
    """The public id of the session whose page sent it; empty for the mentorship's page."""
    words = StringField(_("What will be done"), [Words(LONGEST_LINE, _("Say what will be done."))])
    cue = StringField(_("When …"), [Words(LONGEST_LINE)])
    due = DateField(_("By"), [Optional(), judge_day])
    owner = RadioField(_("Who does it"), [OneOf(_("Choose one of you."))], validate_choice=False)


class CheckInForm(Form):
    progress = IntegerField(
        _("How far did you come this week? (0 to 10)"),
        [
            InputRequired(_("Choose a number from 0 to 10.")),
            NumberRange(0, MOST_CONFIDENT, _("Choose a number from 0 to 10.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    is_stuck = BooleanField(_("I am stuck"))
    words = StringField(_("In one line"), [Words(LONGEST_LINE)])


class HeardForm(Form):
    answer = RadioField(
        _("Were you heard?"),
        [OneOf(_("Choose one of the answers."))],
        choices=lambda: in_words(HEARD),
        validate_choice=False,
    )
    words = TextAreaField(_("What you want to remember"), [Words(LONGEST_TEXT, lines=True)])

    def heard(self) -> Heard:
        return Heard(self.answer.data)


def put_owners(form: ActionForm, owners: dict[int, str]) -> None:
    form.owner.choices = [(str(number), name) for number, name in owners.items()]
