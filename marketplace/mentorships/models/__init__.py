"""The tables of mentorships."""

from marketplace.mentorships.models import (  # noqa: F401  # whoever imports one knows all tables
    carried,
    fit,
    messages,
    own,
    pairs,
    papers,
    reviews,
    sessions,
)
