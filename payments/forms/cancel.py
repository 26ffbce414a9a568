"""What who cancels a session sends: why, and the sum that they have read."""

import re

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TextAreaField

from marketplace.core.fields import Words
from marketplace.core.forms import Form

LONGEST_REASON = 500
_MINOR = re.compile(r"[0-9]{1,12}", re.ASCII)


class CancelForm(Form):
    """`back` is what goes back, in minor units, as it stood on the page."""

    reason = TextAreaField(_("A word with it, if you like"), [Words(LONGEST_REASON, lines=True)], render_kw={"rows": 3})
    back = HiddenField()

    @property
    def agreed_minor(self) -> int | None:
        """None for what no page of ours has said."""
        return int(self.back.data) if _MINOR.fullmatch(self.back.data or "") else None


class OperatorsCancelForm(CancelForm):
    """Both people read why."""

    reason = TextAreaField(
        _("Why"),
        [Words(LONGEST_REASON, missing=_("Write why: both of them read it."), lines=True)],
        render_kw={"rows": 4},
    )
