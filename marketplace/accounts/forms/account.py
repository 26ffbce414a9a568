"""What a person decides about their own account."""

from __future__ import annotations

import re

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, EmailField, Field, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from marketplace.accounts.credentials import clean_address, clean_name
from marketplace.accounts.models import User
from marketplace.accounts.services.wishes import Wishes
from marketplace.accounts.zones import zone_choices
from marketplace.core.forms import ClockInput, Form, judged
from marketplace.core.language import LANGUAGES

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(:00)?", re.ASCII)


class ClockField(Field):
    """A time of the day, as a minute of it from 0 to 1439; None when it is left empty."""

    widget = ClockInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data // 60:02}:{self.data % 60:02}"

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        typed = valuelist[0].strip()
        found = _CLOCK.fullmatch(typed)
        if typed and not found:
            self.data = None
            raise ValueError(gettext("Enter a time such as 22:00."))
        self.data = int(found[1]) * 60 + int(found[2]) if found else None


class AccountForm(Form):
    name = StringField(_("Your name"))
    zone = SelectField(_("Time zone"))
    locale = SelectField(_("Language"), choices=[SelectChoice(*each) for each in LANGUAGES.items()])
    quiet_from = ClockField(_("Quiet from"))
    quiet_until = ClockField(_("Quiet until"))
    wants_reminders = BooleanField(_("Remind me a day and an hour before a session"))
    wants_check_ins = BooleanField(_("Ask me on Fridays how my week was"))
    calendar_by = RadioField(
        _("How sessions come into your calendar"),
        choices=[
            SelectChoice("mail", _("By mail: each booking brings an invitation")),
            SelectChoice("feed", _("By my calendar address: letters come without an invitation")),
            SelectChoice("both", _("Both")),
        ],
    )

    def offer_zones(self, user: User) -> None:
        """The usual ones, and the one that the account has if it is unusual."""
        self.zone.choices = sorted({*zone_choices(), user.zone})

    def validate_name(self, field: Field) -> None:
        judged(clean_name, field)

    def validate_quiet_until(self, field: Field) -> None:
        if self.quiet_from.errors or field.errors:
            return
        if (self.quiet_from.data is None) != (field.data is None):
            raise ValidationError(gettext("Fill in both times, or neither."))
        if field.data is not None and field.data == self.quiet_from.data:
            raise ValidationError(gettext("Choose another time than the one from which on it is quiet."))

    def wishes(self) -> Wishes:
        """Only of a valid form."""
        return Wishes(
            name=self.name.data,
            zone=self.zone.data,
            locale=self.locale.data,
            quiet_from=self.quiet_from.data,
            quiet_until=self.quiet_until.data,
            calendar_by=self.calendar_by.data,
            wants_reminders=self.wants_reminders.data,
            wants_check_ins=self.wants_check_ins.data,
        )


class NewAddressForm(Form):
    email = EmailField(_("New mail address"))

    def __init__(self, now_known: str) -> None:
        super().__init__()
        self.now_known = now_known

    def validate_email(self, field: Field) -> None:
        judged(clean_address, field)
        if field.data.casefold() == self.now_known.casefold():
            raise ValidationError(gettext("This is your address already."))


class CloseForm(Form):
    sure = BooleanField(
        _("I know that this cannot be undone"), [InputRequired(_("Tick the box if you want to close your account."))]
    )
