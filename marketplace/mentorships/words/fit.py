"""What is asked and said about fit."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from marketplace.mentorships.domain.fit import Item, Place
from marketplace.mentorships.domain.visibility import Role

HOW_MUCH = {0: _("not at all"), 1: _("a little"), 2: _("half"), 3: _("mostly"), 4: _("fully")}
QUESTIONS = {
    Role.MENTEE: {
        Item.HEARD: _("Does %(name)s hear what you say?"),
        Item.GOAL: _("Do you work on what matters to you?"),
        Item.WAY: _("Does the way in which you work suit you?"),
        Item.PERSON: _("Is %(name)s the right person for this?"),
    },
    Role.MENTOR: {
        Item.HEARD: _("Does %(name)s hear what you say?"),
        Item.GOAL: _("Do you work on what matters most for %(name)s?"),
        Item.WAY: _("Does the way in which you work suit you?"),
        Item.PERSON: _("Are you the right person for %(name)s?"),
    },
}
SHORT = {
    Item.HEARD: _("Heard"),
    Item.GOAL: _("The right goal"),
    Item.WAY: _("The right way"),
    Item.PERSON: _("The right person"),
}
CAN_DO = {
    Item.HEARD: _("Say at the beginning of the next session that you want ten minutes to talk first."),
    Item.GOAL: _("Change the goal, or let it go and set another: a goal that you no longer want holds you up."),
    Item.WAY: _("Change how you work together, or correct the plan. A few words on why are enough."),
    Item.PERSON: _(
        "Say it, let it rest for a while, or end it: three in ten pairs do not fit, and it is nobody’s fault."
    ),
}
PLACES = {
    Place.BELOW: _("fewer than expected"),
    Place.WITHIN: _("as expected"),
    Place.ABOVE: _("more than expected"),
}


def pairs_words(place: Place | None) -> str:
    """For a mentor, of all their pairs together."""
    if place is None:
        return ""
    if place is Place.ABOVE:
        return gettext("More of your mentees than usual say that you two do not fit. A longer fit call may help.")
    return gettext("Your pairs fit as often as pairs usually do.")
