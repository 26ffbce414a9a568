"""What a mentee sends to hold a time."""

from datetime import UTC, datetime

from wtforms import HiddenField, IntegerField, ValidationError
from wtforms.validators import InputRequired

from marketplace.core.forms import Form


class HoldForm(Form):
    """`start` is an instant in UTC as links write it: 2026-12-08T09:30Z. `instead_of` names the unpaid purchase whose
    time is to be given back for it, if there is one."""

    offering = IntegerField(validators=[InputRequired("Choose what you want to book.")])
    start = HiddenField(validators=[InputRequired("Choose a time.")])
    instead_of = HiddenField()

    def validate_start(self, field: HiddenField) -> None:
        if parse_start(field.data) is None:
            raise ValidationError("Choose a time from the list.")

    @property
    def starts_at(self) -> datetime:
        start = parse_start(self.start.data)
        assert start is not None, "validated before"
        return start


def parse_start(text: str | None) -> datetime | None:
    """A whole minute in UTC, or None for anything else."""
    try:
        return datetime.strptime(text or "", "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
