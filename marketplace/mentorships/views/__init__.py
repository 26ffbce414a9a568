"""The pages of mentorships."""

from marketplace.mentorships.views import pair  # noqa: F401  # it puts pages on the blueprint
from marketplace.mentorships.views.frame import bp

__all__ = ["bp"]
