"""The pages about accounts."""

from marketplace.accounts import deeds, mails, tasks  # noqa: F401  # they register what they do
from marketplace.accounts.views import (  # noqa: F401  # each adds its routes
    account,
    address,
    closing,
    entrance,
    languages,
    own_copy,
    passwords,
    second_step,
    sign_ins,
    verifying,
)
from marketplace.accounts.views.frame import bp

__all__ = ["bp"]
