"""What of a mentorship is a person's own: it belongs to both of its people."""

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, or_, select

from marketplace.core.belongings import NUMBER, AtClosing, belongs
from marketplace.mentorships.models import Mentorship, StandingChange


def _ours(me: int) -> ColumnElement[bool]:
    return or_(Mentorship.mentor_id == me, Mentorship.mentee_id == me)


belongs(
    Mentorship,
    _("Your mentorships"),
    whose=_ours,
    shown="public_id mentor_id mentee_id standing since began_at",
    kept_back={NUMBER: "id"},
    at_closing=AtClosing.STAYS,
)
belongs(
    StandingChange,
    _("How they went"),
    whose=lambda me: StandingChange.mentorship_id.in_(select(Mentorship.id).where(_ours(me))),
    shown="mentorship_id at standing by_id",
    kept_back={NUMBER: "id"},
    at_closing=AtClosing.STAYS,
)
