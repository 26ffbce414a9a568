"""Jobs of mentorships."""

from marketplace.mentorships.tasks import (  # noqa: F401  # each registers its jobs
    messages,
    pairs,
)
