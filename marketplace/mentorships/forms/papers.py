"""An agreement, a goal and a plan as forms. `base` is the version that the form was made from."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    Field,
    FormField,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
    URLField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from marketplace.core.fields import Rows, Words
from marketplace.core.forms import Form, RowForm
from marketplace.core.ids import public_id
from marketplace.mentorships.domain.papers import (
    BEST,
    LEVELS,
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_CONFIDENT,
    MOST_STEPS,
    WORST,
    Agreement,
    Body,
    Goal,
    Plan,
    Step,
)
from marketplace.mentorships.words.pairs import LEVEL_NAMES

FIRST_YEAR, LAST_YEAR = 2020, 2100
LONGEST_LINK = 500
_TEXT = Words(LONGEST_TEXT, lines=True)
_LINE = Words(LONGEST_LINE)


def judge_day(_form: Form, field: Field) -> None:
    if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(gettext("Enter a day between 2020 and 2100."))


_DAY = [Optional(), judge_day]


class PaperForm(Form):
    base = IntegerField(default=0)
    why = TextAreaField(_("Why this changes"), [_TEXT])

    def validate_base(self, field: Field) -> None:
        """Whatever it is, it only says what was read."""
        field.data = field.data if field.data is not None and 0 <= field.data < 2**15 else 0
        field.errors = []

    def body(self) -> Body:
        raise NotImplementedError


class AgreementForm(PaperForm):
    cadence = StringField(_("How often we meet"), [Words(LONGEST_LINE, _("Say how often you meet."))])
    channels = StringField(_("How we reach each other between sessions"), [_LINE])
    reply = StringField(_("How soon we answer"), [_LINE])
    confidential = TextAreaField(_("What stays between us"), [_TEXT])
    ending = TextAreaField(_("How we end"), [_TEXT])
    review_on = DateField(_("When we look at this again"), _DAY)

    def body(self) -> Agreement:
        names = ("cadence", "channels", "reply", "confidential", "ending", "review_on")
        return Agreement(**{name: self[name].data for name in names})


class GoalForm(PaperForm):
    goal = HiddenField()
    """The public id of the goal, drawn before a new one is sent: sent twice, it is set once."""
    sentence = StringField(_("What you want to be able to do"), [Words(LONGEST_LINE, _("Say it in one sentence."))])
    reason = TextAreaField(_("Why it matters to you"), [_TEXT])
    measure = StringField(_("How you will see it"), [_LINE])
    was = StringField(_("Today"), [_LINE])
    wanted = StringField(_("Then"), [_LINE])
    by = DateField(_("By"), _DAY)
    level_0 = StringField(LEVEL_NAMES[-2], [_LINE])
    level_1 = StringField(LEVEL_NAMES[-1], [_LINE])
    level_2 = StringField(LEVEL_NAMES[0], [_LINE])
    level_3 = StringField(LEVEL_NAMES[1], [_LINE])
    level_4 = StringField(LEVEL_NAMES[2], [_LINE])

    @classmethod
    def of(cls, goal: Goal | None, base: int, public: str) -> GoalForm:
        saved: dict[str, Any] = {"base": base, "goal": public}
        if goal is not None:
            levels = {f"level_{number}": text for number, text in enumerate(goal.levels)}
            parts = {name: getattr(goal, name) for name in ("sentence", "measure", "was", "wanted", "by")}
            saved |= {**parts, **levels, "reason": goal.why}
        return cls(data=saved)

    @property
    def levels(self) -> list[Field]:
        return [self[f"level_{number}"] for number in range(len(LEVELS))]

    def body(self) -> Goal:
        return Goal(
            sentence=self.sentence.data,
            why=self.reason.data,
            measure=self.measure.data,
            was=self.was.data,
            wanted=self.wanted.data,
            by=self.by.data,
            levels=tuple(field.data for field in self.levels),
        )


class StepRow(RowForm):
    key = HiddenField()
    words = StringField(_("Step"), [_LINE])
    due = DateField(_("Due"), _DAY)


class PlanForm(PaperForm):
    steps = Rows(FormField(StepRow, _("Step")), _("Steps"), min_entries=1, max_entries=MOST_STEPS)

    @classmethod
    def of(cls, plan: Plan, base: int) -> PlanForm:
        rows = [{"key": step.key, "words": step.words, "due": step.due} for step in plan.steps]
        return cls(data={"base": base, "steps": rows})

    def validate_steps(self, field: Rows) -> None:
        rows = [row.form for row in field]
        for row in rows:
            if row.due.data and not row.words.data:
                row.words.errors = [gettext("Say what the step is, or take its day away.")]
        if not any(row.words.data for row in rows):
            raise ValidationError(gettext("Write one step at least."))
        if any(row.errors for row in rows):
            raise ValidationError(gettext("Something is not right with a step."))

    def validate_why(self, field: Field) -> None:
        if (self.base.data or 0) > 0 and not field.data and not field.errors:
            raise ValidationError(gettext("Say why the course changes: that is what you will want to know later."))

    def body(self) -> Plan:
        """Keys that we did not give are drawn anew, and one that stands twice is kept once."""
        keys: set[str] = set()
        steps = []
        for row in (each.form for each in self.steps if each.form.words.data):
            known = row.key.data or ""
            key = known if is_public_id(known) and known not in keys else public_id()
            keys.add(key)
            steps.append(Step(key, row.words.data, row.due.data))
        return Plan(tuple(steps))


class ScoreForm(Form):
    confidence = IntegerField(
        _("How sure are you that you get there? (0 to 10)"),
        [Optional(), NumberRange(0, MOST_CONFIDENT, _("Choose a number from 0 to 10."))],
        render_kw={"inputmode": "numeric"},
    )
    attainment = IntegerField(
        _("Where you are now (−2 to +2)"),
        [Optional(), NumberRange(WORST, BEST, _("Choose a number from −2 to +2."))],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if valid and self.confidence.data is None and self.attainment.data is None:
            self.confidence.errors = [gettext("Say at least one of the two.")]
            return False
        return valid


class EvidenceForm(Form):
    form = HiddenField()
    step = HiddenField()
    words = StringField(
        _("What shows that it is reached"), [Words(LONGEST_TEXT, _("Say in a few words what shows it."))]
    )
    link = URLField(_("Link to it"), [Words(LONGEST_LINK)])

    def validate_link(self, field: Field) -> None:
        if field.data and not field.errors and not is_web_address(field.data):
            raise ValidationError(gettext("Enter an address that begins with https://."))


def is_web_address(typed: str) -> bool:
    return typed.startswith(("https://", "http://")) and typed.isprintable() and not set(typed) & set(" \"'<>\\^`{|}")


def is_public_id(text: str) -> bool:
    return len(text) == 12 and set(text) <= set("abcdefghijklmnopqrstuvwxyz234567")
