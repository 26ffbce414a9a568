"""Forms about busy calendars."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from booking.domain.busy_address import NoAddress, address_of, host_of
from booking.models.busy import LONGEST_NAME
from marketplace.core.fields import FAR_TOO_MUCH, Words
from marketplace.core.forms import Form
from marketplace.core.http import settings

WRONG = {
    "unclear": lazy_gettext("Paste the whole address of the calendar; it begins with https:// or webcal://."),
    "scheme": lazy_gettext("Only addresses that begin with https:// or webcal:// are read."),
    "password": lazy_gettext(
        "An address with a name and a password in it is not read. Use the calendar’s secret address."
    ),
    "port": lazy_gettext("An address with a port of its own is not read."),
    "long": lazy_gettext("This is too long for the address of a calendar."),
}
OWN = lazy_gettext("This is a calendar of this site: your sessions here take up your time anyway.")


class BusyCalendarForm(Form):
    """`address.data` is then in its one form."""

    address = StringField(lazy_gettext("Address of the calendar"))
    name = StringField(lazy_gettext("Name"), [Words(LONGEST_NAME)])

    def validate_address(self, field: Field) -> None:
        typed = field.data or ""
        try:
            address = address_of(typed, loopback=settings().busy_calendars_on_this_machine)
        except NoAddress as wrong:
            field.data = typed[: FAR_TOO_MUCH * 1000]
            raise StopValidation(str(WRONG[wrong.why])) from None
        if host_of(address) == host_of(settings().public_url) and "/calendar/" in address:
            raise StopValidation(str(OWN))
        field.data = address


class BusyNameForm(Form):
    """One for each calendar on the page, told apart by its prefix."""

    name = StringField(lazy_gettext("Name"), [Words(LONGEST_NAME)])
