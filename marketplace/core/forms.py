"""The form base: CSRF and trimmed text."""

from flask_wtf import FlaskForm
from wtforms import Field


def stripped(value: str | None) -> str | None:
    return value.strip() if isinstance(value, str) else value


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        def bind_field(self, form: FlaskForm, unbound_field: Field, options: dict[str, object]) -> Field:
            filters = list(unbound_field.kwargs.get("filters", []))
            if unbound_field.field_class.__name__ not in {"PasswordField", "FileField"}:
                filters.insert(0, stripped)
            # As options, which win over what the field's class was given; that is shared by all forms and stays.
            return unbound_field.bind(form=form, **{**options, "filters": filters})
