"""What a mentor offers is their own."""

from flask_babel import lazy_gettext as _

from marketplace.core.belongings import NUMBER, AtClosing, belongs
from marketplace.offerings.models import Offering

belongs(
    Offering,
    _("What you offer"),
    whose=lambda me: Offering.mentor_id == me,
    shown="kind title summary included minutes sessions cadence_days milestones pre_work price_minor currency policy "
    "active",
    kept_back={NUMBER: "id mentor_id position"},
    at_closing=AtClosing.NAMELESS,
)
