"""What mentors' choices, states and lists are called, in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from marketplace.core import audit
from marketplace.mentors.domain.checklist import Point
from marketplace.mentors.domain.profile import Reach, Section, Way
from marketplace.mentors.domain.states import MentorStatus, Move

WAYS = {
    Way.ASKS: _("I ask more than I tell"),
    Way.LISTENS: _("I listen, and do not judge"),
    Way.PLANS: _("I write a plan with you"),
    Way.EXERCISES: _("I set something to try between sessions"),
    Way.READS: _("I read what you wrote before we meet"),
    Way.PAIRS: _("We work at a shared screen"),
    Way.PRACTISES: _("We practise what is ahead of you"),
    Way.FRANK: _("I say plainly what I see"),
}
REACHES = {
    Reach.DEPTH: _("in depth"),
    Reach.BREADTH: _("in breadth"),
}
SECTIONS = {
    Section.BASICS: _("Who you are"),
    Section.STORY: _("Your story"),
    Section.WAYS: _("How you work"),
    Section.TOPICS: _("Topics"),
    Section.JOURNEY: _("Your journey"),
    Section.PHOTO: _("Photo"),
}
"""In the order in which one would write them."""
STATES = {
    MentorStatus.DRAFT: (_("draft"), ""),
    MentorStatus.SUBMITTED: (_("being read"), "near"),
    MentorStatus.APPROVED: (_("approved"), "on"),
    MentorStatus.CHANGES_WANTED: (_("changes wanted"), "near"),
    MentorStatus.PAUSED: (_("paused"), ""),
    MentorStatus.SUSPENDED: (_("suspended"), "off"),
}
"""A label and the tone of its badge."""
POINTS = {
    Point.VERIFIED: _("A confirmed mail address"),
    Point.BASICS: _("Who you are: a headline, where you are, which languages you speak"),
    Point.STORY: _("Your story"),
    Point.WAYS: _("How you work"),
    Point.TOPICS: _("At least one topic"),
    Point.JOURNEY: _("Your journey, step by step"),
    Point.GIFTS: _("What you can give"),
    Point.PHOTO: _("A photo"),
    Point.MEETING: _("An address where sessions take place"),
    Point.OFFERING: _("Something to book"),
    Point.PAYOUTS: _("A way for Stripe to pay you, before what costs something is shown"),
    Point.HOURS: _("Working hours"),
    Point.APPROVAL: _("Approval by the site"),
    Point.PRESENCE: _("The end of the break"),
}
MOVES = {
    Move.APPROVE: _("Approve"),
    Move.ASK_CHANGES: _("Ask for changes"),
    Move.SUSPEND: _("Suspend"),
    Move.LIFT: _("Lift the suspension"),
}
audit.names(
    {
        "mentors:submitted": _("mentor asked for approval"),
        "mentors:withdrawn": _("mentor took the application back"),
        "mentors:paused": _("mentor paused"),
        "mentors:resumed": _("mentor came back"),
        "mentors:approved": _("mentor approved"),
        "mentors:changes_wanted": _("changes asked of a mentor"),
        "mentors:suspended": _("mentor suspended"),
        "mentors:lifted": _("suspension lifted"),
        "mentors:profile_changed": _("profile changed"),
        "mentors:changes_seen": _("changes of a profile seen"),
    }
)


def initials(name: str) -> str:
    """`GE` for “Grace Brewster Example”: what stands where a photo would."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
