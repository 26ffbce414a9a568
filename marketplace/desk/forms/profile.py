"""A profile, part by part."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import Field, FormField, IntegerField, SelectField, StringField, TextAreaField, URLField, ValidationError
from wtforms.validators import DataRequired, Optional

from marketplace.accounts.zones import zone_choices
from marketplace.core.fields import LinesOfWords, Rows, Words, in_words, listed
from marketplace.core.forms import CheckboxesField, Form, RowForm
from marketplace.core.language import current
from marketplace.core.names import country_choices, country_of_zone, language_choices
from marketplace.mentors.domain import profile
from marketplace.mentors.domain.profile import Basics, Reach, Step, Topic, Way, Ways
from marketplace.mentors.models import Mentor
from marketplace.mentors.words import REACHES, WAYS

NONE_CHOSEN = {"": "–"}
FEWEST_LANGUAGES_SHOWN = 3


class BasicsForm(Form):
    headline = StringField(
        _("Headline"), [Words(profile.LONGEST_HEADLINE, _("Write one line that says whom you help, and with what."))]
    )
    city = StringField(_("City"), [Words(profile.LONGEST_CITY, _("Enter the place where you work."))])
    country = SelectField(_("Country"), [DataRequired(_("Choose a country."))])
    zone = SelectField(_("Time zone"))
    languages = Rows(SelectField(_("Language"), default=""), _("Languages"), max_entries=profile.MOST_LANGUAGES)
    meeting_url = URLField(_("Link to where you meet"))

    @classmethod
    def of(cls, mentor: Mentor) -> BasicsForm:
        """As saved, or as typed; with one empty place for another language. Who begins finds the language they read
        and the country of their zone."""
        spoken = mentor.languages or [current()]
        shown = max(FEWEST_LANGUAGES_SHOWN, len(spoken) + 1)
        languages = [*spoken, *[""] * shown][: min(shown, profile.MOST_LANGUAGES)]
        saved = {name: getattr(mentor, name) for name in ("headline", "city", "country", "zone", "meeting_url")}
        guessed = {"country": mentor.country or country_of_zone(mentor.zone)}
        form = cls(data={**saved, **guessed, "languages": languages})
        form.country.choices = {**NONE_CHOSEN, **country_choices()}
        form.zone.choices = sorted({*zone_choices(), mentor.zone})
        for language in form.languages:
            language.choices = {**NONE_CHOSEN, **language_choices()}
        return form

    def validate_languages(self, field: Rows) -> None:
        if not any(field.data):
            raise ValidationError(gettext("Choose at least one language in which you mentor."))

    def validate_meeting_url(self, field: Field) -> None:
        field.data = field.data or ""
        if field.data and not is_meeting_url(field.data):
            raise ValidationError(gettext("Enter an address that begins with https://, such as the one of your room."))

    def basics(self) -> Basics:
        return Basics(
            headline=self.headline.data,
            city=self.city.data,
            country=self.country.data,
            zone=self.zone.data,
            languages=list(dict.fromkeys(code for code in self.languages.data if code)),
            meeting_url=self.meeting_url.data,
        )


def is_meeting_url(typed: str) -> bool:
    """An https address with a host, in characters that a browser sends as they are."""
    try:
        parts = urlsplit(typed)
        _port = parts.port
    except ValueError:
        return False
    plain = typed.isascii() and typed.isprintable() and not any(each in typed for each in ' "<>\\^`{|}')
    return plain and typed.startswith("https://") and bool(parts.hostname) and len(typed) <= profile.LONGEST_URL


class StoryForm(Form):
    story = TextAreaField(
        _("Your story"), [Words(profile.LONGEST_STORY, _("Write a few sentences about yourself."), lines=True)]
    )


class WaysForm(Form):
    ways = CheckboxesField(_("What fits you"), choices=lambda: in_words(WAYS))
    how_i_work = TextAreaField(
        _("In your own words"), [Words(profile.LONGEST_WAYS, _("Say what a session with you is like."), lines=True)]
    )
    can_give = TextAreaField(_("What you can give"), [LinesOfWords(profile.MOST_GIFTS, profile.LONGEST_GIFT)])

    @classmethod
    def of(cls, mentor: Mentor) -> WaysForm:
        saved = {"ways": mentor.ways, "how_i_work": mentor.how_i_work, "can_give": "\n".join(mentor.can_give)}
        return cls(data=saved)

    def chosen(self) -> Ways:
        ways = [Way(way) for way in Way if way in set(self.ways.data or [])]
        return Ways(ways, self.how_i_work.data, listed(self.can_give.data))


class TopicRow(RowForm):
    name = StringField(_("Topic"), [Words(profile.LONGEST_TOPIC)])
    reach = SelectField(_("How you know it"), choices=lambda: in_words(REACHES), default=Reach.DEPTH)
    last_practised = IntegerField(_("Last done in"), [Optional()])


class TopicsForm(Form):
    topics = Rows(FormField(TopicRow, _("Topic")), _("Topics"), min_entries=1, max_entries=profile.MOST_TOPICS)
    this_year: int

    @classmethod
    def of(cls, mentor: Mentor, this_year: int) -> TopicsForm:
        rows = [
            {"name": topic.name, "reach": topic.reach, "last_practised": topic.last_practised}
            for topic in mentor.topics
        ]
        form = cls(data={"topics": rows})
        form.this_year = this_year
        return form

    def validate_topics(self, field: Rows) -> None:
        rows = [row.form for row in field if row.form.name.data or typed(row.form.last_practised)]
        _need(rows, "name", gettext("Enter the topic, or remove this row."))
        for row in rows:
            _judge_year(row.last_practised, self.this_year)
        names = [row.name.data.casefold() for row in rows]
        for row in rows:
            if names.count(row.name.data.casefold()) > 1 and not row.name.errors:
                row.name.errors = [gettext("This topic stands here twice.")]
        if not rows:
            raise ValidationError(gettext("Enter at least one topic."))
        _stop_for_rows(field)

    def chosen(self) -> list[Topic]:
        rows = [row.form for row in self.topics if row.form.name.data]
        return [Topic(row.name.data, Reach(row.reach.data), row.last_practised.data) for row in rows]


class StepRow(RowForm):
    year = IntegerField(_("Year"), [Optional()])
    what = StringField(_("What happened"), [Words(profile.LONGEST_STEP)])


class JourneyForm(Form):
    steps = Rows(FormField(StepRow, _("Step")), _("Steps"), min_entries=1, max_entries=profile.MOST_STEPS)
    this_year: int

    @classmethod
    def of(cls, mentor: Mentor, this_year: int) -> JourneyForm:
        form = cls(data={"steps": [{"year": step.year, "what": step.what} for step in mentor.steps]})
        form.this_year = this_year
        return form

    def validate_steps(self, field: Rows) -> None:
        rows = [row.form for row in field if row.form.what.data or typed(row.form.year)]
        _need(rows, "what", gettext("Say what happened, or remove this row."))
        for row in rows:
            if not typed(row.year):
                row.year.errors = [gettext("Enter a year.")]
            _judge_year(row.year, self.this_year)
        _stop_for_rows(field)

    def chosen(self) -> list[Step]:
        return [Step(row.form.year.data, row.form.what.data) for row in self.steps if row.form.what.data]


class PhotoForm(Form):
    """Without a file only the words change; the first time there must be one."""

    photo = FileField(_("Photo"))
    alt = StringField(
        _("What is to be seen"),
        [Words(profile.LONGEST_ALT, _("Describe the photo in a few words, for people who do not see it."))],
    )


def typed(field: Field) -> bool:
    return field.data is not None or any(field.raw_data or [])


def _need(rows: list[RowForm], name: str, told: str) -> None:
    for row in rows:
        if not row[name].data:
            row[name].errors = [told]


def _judge_year(field: Field, this_year: int) -> None:
    if field.data is not None and not profile.FIRST_YEAR <= field.data <= this_year and not field.errors:
        told = gettext("Enter a year from %(first)s to %(last)s.", first=profile.FIRST_YEAR, last=this_year)
        field.errors = [told]


def _stop_for_rows(field: Rows) -> None:
    """The rows were judged before; what was found since has to stop the form as well."""
    if any(row.form.errors for row in field):
        raise ValidationError(gettext("See the rows below."))
