"""What whoever lets a mentorship rest, or ends it, says and has read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField
from wtforms.validators import Optional

from marketplace.core.forms import Form
from marketplace.mentorships.forms.papers import judge_day

_BACK = re.compile(r"([0-9A-Za-z_-]{1,40}):([0-9]{1,12})", re.ASCII)


class RestForm(Form):
    back_on = DateField(_("Back on"), [Optional(), judge_day])


class PairEndForm(Form):
    """`backs` is what goes back of each programme, in minor units, as it stood on the page: `purchase:3500,…`"""

    backs = HiddenField()

    @property
    def agreed(self) -> Mapping[str, int]:
        """What no page of ours has said is left out."""
        parts = (self.backs.data or "").split(",")
        read = (_BACK.fullmatch(part) for part in parts)
        return {told[1]: int(told[2]) for told in read if told}

    def tell(self, backs: Mapping[str, int]) -> None:
        self.backs.data = ",".join(f"{purchase}:{minor}" for purchase, minor in backs.items())
        self.backs.raw_data = None
