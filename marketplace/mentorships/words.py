"""What is said of mentorships."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from marketplace.mentorships.domain.states import Stage, Standing

STAGES = {
    Stage.PROPOSED: (_("about to begin"), "near"),
    Stage.TRIAL: (_("getting to know"), "near"),
    Stage.ACTIVE: (_("under way"), "on"),
    Stage.PAUSED: (_("resting"), ""),
    Stage.COMPLETED: (_("completed"), "on"),
    Stage.ENDED: (_("ended"), ""),
}
"""Each stage with its tone: on, near, or none."""

CHANGES = {
    Standing.OPEN: (_("You went on."), _("%(name)s went on.")),
    Standing.PAUSED: (_("You let it rest."), _("%(name)s let it rest.")),
    Standing.COMPLETED: (_("You completed it."), _("%(name)s completed it.")),
    Standing.ENDED: (_("You ended it."), _("%(name)s ended it.")),
}
"""What the reader did, and what the other one did."""


def change_words(standing: Standing, *, is_mine: bool, by_nobody: bool, name: str) -> str:
    if by_nobody:
        return str(_("It began again with a new booking."))
    mine, theirs = CHANGES[standing]
    return str(mine) if is_mine else str(theirs) % {"name": name}
