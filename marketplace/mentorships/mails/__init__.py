"""Letters about mentorships: how each is worded, registered with the postman."""

from marketplace.mentorships.mails import (  # noqa: F401  # each registers its letters
    messages,
    pairs,
    waiting,
)
