"""States as sentences for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from booking.domain.states import BookingStatus

S = BookingStatus


@dataclass(frozen=True, slots=True)
class StateWords:
    """`tone` is on, near, off or empty: what the colour says besides the label."""

    label: LazyString
    tone: str
    sentence: LazyString


STATES = {
    S.HELD: StateWords(_("being booked"), "near", _("The time is held while it is being paid for.")),
    S.AWAITING_PAYMENT: StateWords(_("payment on its way"), "near", _("The payment is on its way; the time is kept.")),
    S.CONFIRMED: StateWords(_("confirmed"), "on", _("This session is confirmed.")),
    S.EXPIRED: StateWords(_("not booked"), "", _("It was not paid for in time, so the time is free again.")),
    S.RELEASED: StateWords(_("given back"), "", _("The time was given back. Nothing was booked.")),
    S.COMPLETED: StateWords(_("took place"), "", _("This session took place.")),
    S.NO_SHOW_MENTEE: StateWords(_("mentee missing"), "off", _("The mentee did not come.")),
    S.NO_SHOW_MENTOR: StateWords(_("mentor missing"), "off", _("The mentor did not come.")),
    S.NO_SHOW_BOTH: StateWords(_("missed by both"), "off", _("Neither of you came.")),
    S.CANCELLED_BY_MENTEE: StateWords(_("cancelled"), "off", _("The mentee cancelled this session.")),
    S.CANCELLED_BY_MENTOR: StateWords(_("cancelled"), "off", _("The mentor cancelled this session.")),
    S.CANCELLED_BY_OPERATOR: StateWords(_("cancelled"), "off", _("The site cancelled this session.")),
}
CANCELLED_BY = {
    S.CANCELLED_BY_MENTEE: _("by the mentee"),
    S.CANCELLED_BY_MENTOR: _("by the mentor"),
    S.CANCELLED_BY_OPERATOR: _("by the site"),
}
UNDER_WAY = StateWords(_("now"), "near", _("This session is on now."))
OVER = StateWords(_("over"), "", _("This session is over."))


def state_words(status: BookingStatus, starts_at: datetime, ends_at: datetime, now: datetime) -> StateWords:
    """A confirmed session is told apart by the clock: ahead, on now, over."""
    if status is S.CONFIRMED and now >= ends_at:
        return OVER
    return UNDER_WAY if status is S.CONFIRMED and now >= starts_at else STATES[status]
