"""States as sentences for people. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from booking.domain.states import BookingStatus

S = BookingStatus


@dataclass(frozen=True, slots=True)
class StateWords:
    """`tone` is on, near, off or empty: what the colour says besides the label."""

    label: str
    tone: str
    sentence: str


STATES = {
    S.HELD: StateWords("being booked", "near", "The time is held while it is being paid for."),
    S.AWAITING_PAYMENT: StateWords("payment on its way", "near", "The payment is on its way; the time is kept."),
    S.CONFIRMED: StateWords("confirmed", "on", "This session is confirmed."),
    S.EXPIRED: StateWords("not booked", "", "It was not paid for in time, so the time is free again."),
    S.RELEASED: StateWords("given back", "", "The time was given back. Nothing was booked."),
    S.COMPLETED: StateWords("took place", "", "This session took place."),
    S.NO_SHOW_MENTEE: StateWords("mentee missing", "off", "The mentee did not come."),
    S.NO_SHOW_MENTOR: StateWords("mentor missing", "off", "The mentor did not come."),
    S.NO_SHOW_BOTH: StateWords("missed by both", "off", "Neither of you came."),
    S.CANCELLED_BY_MENTEE: StateWords("cancelled", "off", "The mentee cancelled this session."),
    S.CANCELLED_BY_MENTOR: StateWords("cancelled", "off", "The mentor cancelled this session."),
    S.CANCELLED_BY_OPERATOR: StateWords("cancelled", "off", "The site cancelled this session."),
}
UNDER_WAY = StateWords("now", "near", "This session is on now.")
OVER = StateWords("over", "", "This session is over.")


def state_words(status: BookingStatus, starts_at: datetime, ends_at: datetime, now: datetime) -> StateWords:
    """A confirmed session is told apart by the clock: ahead, on now, over."""
    if status is S.CONFIRMED and now >= ends_at:
        return OVER
    return UNDER_WAY if status is S.CONFIRMED and now >= starts_at else STATES[status]
