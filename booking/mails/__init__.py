"""Letters about sessions: how each is worded, registered with the postman."""

from booking.mails import bookings, busy, outcomes, reminders  # noqa: F401  # each registers its letters
