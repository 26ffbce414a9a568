"""The tables of time: working hours, sessions, what moves and ends them, and calendars."""

from booking.models import (  # noqa: F401  # whoever imports one knows all tables
    bookings,
    busy,
    claims,
    days,
    feeds,
    moves,
    reminders,
)
