"""How deeds about accounts are called in the list of who did what."""

from flask_babel import lazy_gettext

from marketplace.accounts.services.close import CLOSED_FOR
from marketplace.accounts.services.second_step import SECOND_STEP_REMOVED
from marketplace.accounts.services.suspension import RESTORED, SUSPENDED
from marketplace.core import audit

audit.names(
    {
        SUSPENDED: lazy_gettext("suspended an account"),
        RESTORED: lazy_gettext("let somebody into their account again"),
        CLOSED_FOR: lazy_gettext("closed an account for somebody who had asked for it"),
        SECOND_STEP_REMOVED: lazy_gettext("removed the second step of an account"),
    }
)
