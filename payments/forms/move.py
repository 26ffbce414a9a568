"""What who moves a session sends: when to, a word with it, and which state of the session they have seen."""

import re
from datetime import datetime

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TextAreaField

from marketplace.core.fields import Words
from marketplace.core.forms import Form
from payments.forms.checkout import parse_start

LONGEST_REASON = 500
NO_PAGE = -1
_SEQUENCE = re.compile(r"[0-9]{1,9}", re.ASCII)


class MoveForm(Form):
    """`start` is an instant in UTC as links write it; `seen` is the session's SEQUENCE as it stood on the page."""

    start = HiddenField()
    seen = HiddenField()
    reason = TextAreaField(_("A word with it, if you like"), [Words(LONGEST_REASON, lines=True)], render_kw={"rows": 3})

    @property
    def starts_at(self) -> datetime | None:
        """None for what no page of ours has said."""
        return parse_start(self.start.data)

    @property
    def sequence_seen(self) -> int:
        """`NO_PAGE` for what no page of ours has said."""
        return int(self.seen.data) if _SEQUENCE.fullmatch(self.seen.data or "") else NO_PAGE
