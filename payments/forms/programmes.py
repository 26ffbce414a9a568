"""What a mentee sends to book the next session of a programme, and who ends one: what they have read."""

import re
from datetime import datetime

from wtforms import BooleanField, HiddenField

from booking.forms.agenda import AgendaForm
from marketplace.core.forms import Form
from payments.forms.checkout import parse_start

_POSITION = re.compile(r"[0-9]{1,3}", re.ASCII)
_MINOR = re.compile(r"[0-9]{1,12}", re.ASCII)


class BookBoughtForm(AgendaForm):
    """`start` is an instant in UTC as links write it; `position` is the session of the programme as the page said.
    `early` is ticked by who asks that it may begin before their right to withdraw ends."""

    start = HiddenField()
    position = HiddenField()
    early = BooleanField()

    @property
    def starts_at(self) -> datetime | None:
        """None for what no page of ours has said."""
        return parse_start(self.start.data)

    @property
    def position_seen(self) -> int | None:
        """The same."""
        return int(self.position.data) if _POSITION.fullmatch(self.position.data or "") else None


class BookRemainingForm(AgendaForm):
    """`times` are sessions of the programme by their position as the page said, each with when it is to begin:
    `2@2026-12-08T09:30Z`, with spaces between them. `early` as there."""

    times = HiddenField()
    early = BooleanField()

    @property
    def starts(self) -> dict[int, datetime]:
        """By position. Empty for what no page of ours has said."""
        found = {}
        for written in (self.times.data or "").split():
            position, _at, start = written.partition("@")
            starts_at = parse_start(start)
            if not _POSITION.fullmatch(position) or starts_at is None:
                return {}
            found[int(position)] = starts_at
        return found


class EndForm(Form):
    """`back` is what goes back, in minor units, as it stood on the page."""

    back = HiddenField()

    @property
    def agreed_minor(self) -> int | None:
        """None for what no page of ours has said."""
        return int(self.back.data) if _MINOR.fullmatch(self.back.data or "") else None
