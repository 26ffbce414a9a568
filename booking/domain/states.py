"""The states of a booking and the only ways between them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Canceller(StrEnum):
    """Who calls a session off."""

    MENTEE = "mentee"
    MENTOR = "mentor"
    OPERATOR = "operator"


class BookingStatus(StrEnum):
    HELD = "held"
    AWAITING_PAYMENT = "awaiting_payment"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    RELEASED = "released"
    COMPLETED = "completed"
    NO_SHOW_MENTEE = "no_show_mentee"
    NO_SHOW_MENTOR = "no_show_mentor"
    NO_SHOW_BOTH = "no_show_both"
    CANCELLED_BY_MENTEE = "cancelled_by_mentee"
    CANCELLED_BY_MENTOR = "cancelled_by_mentor"
    CANCELLED_BY_OPERATOR = "cancelled_by_operator"


S = BookingStatus
CANCELLED = frozenset({S.CANCELLED_BY_MENTEE, S.CANCELLED_BY_MENTOR, S.CANCELLED_BY_OPERATOR})
CANCELLED_BY: Mapping[Canceller, BookingStatus] = MappingProxyType(
    {
        Canceller.MENTEE: S.CANCELLED_BY_MENTEE,
        Canceller.MENTOR: S.CANCELLED_BY_MENTOR,
        Canceller.OPERATOR: S.CANCELLED_BY_OPERATOR,
    }
)
NO_SHOW = frozenset({S.NO_SHOW_MENTEE, S.NO_SHOW_MENTOR, S.NO_SHOW_BOTH})
TOOK_PLACE = frozenset({S.COMPLETED}) | NO_SHOW
PENDING = frozenset({S.HELD, S.AWAITING_PAYMENT})
LAPSED = frozenset({S.EXPIRED, S.RELEASED})

OCCUPYING = PENDING | {S.CONFIRMED} | TOOK_PLACE
"""These take up the time of both people: each has its rows in `occupancy`, and counts in the caps."""

IN_CALENDARS = frozenset({S.CONFIRMED}) | TOOK_PLACE
"""These a calendar shows as taking place; cancelled ones turn into tombstones; the others it never shows."""

TRANSITIONS: dict[BookingStatus, frozenset[BookingStatus]] = {
    S.HELD: frozenset({S.CONFIRMED, S.AWAITING_PAYMENT, S.EXPIRED, S.RELEASED}),
    S.AWAITING_PAYMENT: frozenset({S.CONFIRMED, S.RELEASED}),
    S.EXPIRED: frozenset({S.CONFIRMED}),
    S.RELEASED: frozenset({S.CONFIRMED}),
    S.CONFIRMED: TOOK_PLACE | CANCELLED,
    S.COMPLETED: NO_SHOW,
    **dict.fromkeys(NO_SHOW | CANCELLED, frozenset()),
}


def may_become(status: BookingStatus, other: BookingStatus) -> bool:
    return other in TRANSITIONS[status]
