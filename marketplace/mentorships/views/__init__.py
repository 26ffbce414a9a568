"""The pages of mentorships."""

from marketplace.mentorships.views import (  # noqa: F401  # they put pages on the blueprint
    actions,
    ending,
    fit,
    for_the_bank,
    messages,
    notebook,
    pair,
    papers,
    portfolio,
    reports,
    reviews,
)
from marketplace.mentorships.views.frame import bp

__all__ = ["bp"]
