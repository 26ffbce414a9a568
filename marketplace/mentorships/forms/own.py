"""What a mentor types for themselves."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField

from marketplace.core.fields import Words
from marketplace.core.forms import Form
from marketplace.mentorships.models.own import LONGEST_ENTRY, LONGEST_LINE, LONGEST_NAME, LONGEST_NOTE
from marketplace.mentorships.services.referrals import Named


class EntryForm(Form):
    form = HiddenField()
    """Drawn with the page: sent twice, it is one entry."""
    base = HiddenField()
    """The version that it was made from; empty for a new one."""
    words = TextAreaField(_("What comes to mind"), [Words(LONGEST_ENTRY, _("Write something first."), lines=True)])


class ReferralForm(Form):
    form = HiddenField()
    """As in an entry."""
    name = StringField(_("Who"), [Words(LONGEST_NAME, _("Say who it is."))])
    good_for = StringField(_("What for"), [Words(LONGEST_LINE, _("Say what you would name them for."))])
    where_to = StringField(_("How they are reached"), [Words(LONGEST_LINE)])
    note = TextAreaField(_("For yourself"), [Words(LONGEST_NOTE, lines=True)])

    def named(self) -> Named:
        return Named(self.name.data, self.good_for.data, self.where_to.data, self.note.data)
