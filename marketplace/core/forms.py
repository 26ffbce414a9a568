"""The form bases: CSRF and trimmed text; how a rule becomes a sentence beside a field; and a field that WTForms has no
name for."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from flask_wtf.form import _Auto, _is_submitted
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectMultipleField, StringField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TimeInput

from marketplace.core.errors import RuleBroken
from marketplace.core.language import spoken

_KEPT_AS_TYPED = {"PasswordField", "FileField"}
_OF_SEVERAL = {"FormField", "Rows"}


def stripped(value: str | None) -> str | None:
    return value.strip() if isinstance(value, str) else value


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """What was sent as a form: a file only where a file is asked for, and nothing that was sent as JSON."""
            if formdata is not _Auto:
                return formdata
            if not _is_submitted():
                return None
            asked = [name for name, field in form._fields.items() if isinstance(field, FileField)]
            sent: MultiDict[str, Any] = MultiDict(request.form)
            sent.update({name: request.files.getlist(name) for name in asked})
            return sent or None

        def bind_field(self, form: FlaskForm, unbound_field: Field, options: dict[str, object]) -> Field:
            filters = list(unbound_field.kwargs.get("filters", []))
            if unbound_field.field_class.__name__ not in _KEPT_AS_TYPED | _OF_SEVERAL:
                filters.insert(0, stripped)
            # As options, which win over what the field's class was given; that is shared by all forms and stays.
            return unbound_field.bind(form=form, **{**options, "filters": filters})

    def put(self, name: str, label: str, text: str) -> StringField:
        """A field that this form has and others of its class have not; it holds the text as it is."""
        field = self.meta.bind_field(self, StringField(label), {"name": name, "prefix": ""})
        field.process(None, text)
        self._fields[name] = field
        return field


class ClockInput(TimeInput):
    """A browser shows nothing in a field for times that holds no time: what was mistyped stands there as text."""

    def __call__(self, field: Field, **kwargs: object) -> Markup:
        kind = "text" if field.errors else self.input_type
        return Markup(super().__call__(field, **{**kwargs, "type": kind}))  # noqa: S704  # WTForms escapes the values


def judged(clean: Callable[[str], str], field: Field) -> None:
    """The field then holds what was typed in its one form."""
    try:
        field.data = clean(field.data or "")
    except RuleBroken as broken:
        raise ValidationError(spoken(broken)) from broken


class RowForm(Form):
    """One row of a form: the token is the whole form's."""

    class Meta(Form.Meta):
        csrf = False


class CheckboxesField(SelectMultipleField):
    """Any number of choices, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
