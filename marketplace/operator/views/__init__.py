"""The operator’s pages."""

from marketplace.operator.views import (  # noqa: F401  # they put pages on the blueprint
    audit,
    books,
    cancel,
    claims,
    disputes,
    events,
    exchange,
    fees,
    fit,
    home,
    reconcile,
    refunds,
    reports,
    returns,
    session,
    vetting,
)
from marketplace.operator.views.frame import bp

__all__ = ["bp"]
