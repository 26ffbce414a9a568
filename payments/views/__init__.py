"""The pages of buying, and of what becomes of what was bought."""

from payments.views import (  # noqa: F401  # they put pages on the blueprint
    cancel,
    checkout,
    disputes,
    outcomes,
    programmes,
    receipts,
    series,
    withdrawal,
)
from payments.views.frame import bp

__all__ = ["bp"]
