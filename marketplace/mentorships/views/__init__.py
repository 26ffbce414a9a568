"""The pages of mentorships."""

from marketplace.mentorships.views import (  # noqa: F401  # they put pages on the blueprint
    actions,
    ending,
    fit,
    for_the_bank,
    journal,
    messages,
    notebook,
    pair,
    papers,
    portfolio,
    referrals,
    reports,
    reviews,
)
from marketplace.mentorships.views.frame import bp

__all__ = ["bp"]
