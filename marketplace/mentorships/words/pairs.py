"""What is said of mentorships."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from marketplace.core import audit
from marketplace.mentorships.domain.messages import Closed
from marketplace.mentorships.domain.portfolio import Extra
from marketplace.mentorships.domain.pulse import Pulse
from marketplace.mentorships.domain.sessions import Heard, Part
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

LEVEL_NAMES = {
    -2: _("Much less than expected (−2)"),
    -1: _("Less than expected (−1)"),
    0: _("As expected (0)"),
    1: _("More than expected (+1)"),
    2: _("Much more than expected (+2)"),
}
PARTS = {
    "cadence": _("How often we meet"),
    "channels": _("How we reach each other between sessions"),
    "reply": _("How soon we answer"),
    "confidential": _("What stays between us"),
    "ending": _("How we end"),
    "review_on": _("When we look at this again"),
    "sentence": _("Goal"),
    "why": _("Why it matters"),
    "measure": _("How you will see it"),
    "was": _("Today"),
    "wanted": _("Then"),
    "by": _("By"),
    "step": _("Step"),
}
"""What the parts of a paper are called."""

STEPS_ASKED = {
    Part.CHECK_IN: (_("Check-in"), _("What has happened since last time?")),
    Part.GOAL: (_("Goal"), _("What should be different at the end of this hour?")),
    Part.REALITY: (_("Reality"), _("What is the case, and what have you tried?")),
    Part.OPTIONS: (_("Options"), _("What could you do? And what else?")),
    Part.WILL: (_("Will"), _("What will you do, by when, and what might get in the way?")),
}
"""The steps of a session, each with the question that opens it."""
PULSES = {
    Pulse.THRIVES: (_("thrives"), "on"),
    Pulse.STEADY: (_("steady"), ""),
    Pulse.STALLS: (_("has stalled"), "near"),
    Pulse.STUCK: (_("stuck"), "off"),
    Pulse.RESTS: (_("rests"), ""),
}
"""How a mentorship is doing, for its mentor, each with its tone."""
EXTRAS = {
    Extra.CHECK_INS: _("your check-ins, week by week"),
    Extra.NOTES: _("what the two of you wrote in sessions"),
    Extra.ACTIONS: _("what was to be done, and was done"),
    Extra.MENTORS_NUMBERS: _("how sure your mentor was of each goal"),
    Extra.AGREEMENT: _("how you work together"),
}
"""What may be put into a portfolio, if the mentee wishes."""
CLOSED = {
    Closed.GONE: _("The other one of you has closed their account. What was written stays here for you."),
    Closed.BLOCKED_BY_ME: _("You have blocked messages here. Nothing reaches you, and you cannot write either."),
    Closed.BLOCKED: _("The other one of you takes no messages at the moment. Sessions that are booked stay booked."),
    Closed.ENDED: _("This mentorship has ended, so no more messages are sent. Beginning again opens it."),
}
"""Why the two do not write to each other."""
HEARD = {Heard.YES: _("Yes"), Heard.PARTLY: _("Partly"), Heard.NO: _("No")}


def part_words(part: str) -> str:
    """`level:-1` and `step:…` are named by what they are."""
    kind, _separator, rest = part.partition(":")
    return str(LEVEL_NAMES[int(rest)] if kind == "level" else PARTS[kind])


def change_words(standing: Standing, *, is_mine: bool, by_nobody: bool, name: str) -> str:
    if by_nobody:
        return str(_("It began again with a new booking."))
    mine, theirs = CHANGES[standing]
    return str(mine) if is_mine else str(theirs) % {"name": name}


audit.names(
    {
        "mentorships:reported": _("something was reported"),
        "mentorships:read_report": _("a report was read"),
        "mentorships:settled_report": _("a report was settled"),
        "mentorships:hid_review": _("a reported review was hidden"),
    }
)
