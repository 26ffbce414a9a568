"""What a mentor works at: the profile, the offerings, the hours, the load, and getting paid."""

from marketplace.desk.views import (  # noqa: F401  # each adds its routes
    dates,
    days,
    earnings,
    home,
    hours,
    hours_frame,
    load,
    offerings,
    payouts,
    photo,
    profile,
    travel,
)
from marketplace.desk.views.frame import bp

BLUEPRINTS = (bp, hours_frame.bp, offerings.bp, payouts.bp, earnings.bp)
