"""What a mentor works at."""

from marketplace.desk.views import home, photo, profile  # noqa: F401  # each adds its routes
from marketplace.desk.views.frame import bp

__all__ = ["bp"]
