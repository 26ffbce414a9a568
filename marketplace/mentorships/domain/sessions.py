"""What is written down in a session, and by whom it may be read. Pure."""

from __future__ import annotations

from enum import StrEnum

from marketplace.mentorships.domain.visibility import Role, Thing

LONGEST_NOTE = 10_000
MOST_ACTIONS = 200
"""Open ones of a pair: beyond that a list helps nobody."""


class Part(StrEnum):
    """The steps of a session, in their order, and what each of the two writes for themselves."""

    CHECK_IN = "check_in"
    GOAL = "goal"
    REALITY = "reality"
    OPTIONS = "options"
    WILL = "will"
    MENTORS_OWN = "mentors_own"
    MENTEES_OWN = "mentees_own"


STEPS = (Part.CHECK_IN, Part.GOAL, Part.REALITY, Part.OPTIONS, Part.WILL)


class Heard(StrEnum):
    """What a mentee says after they were listened to, to themselves alone."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


def own_part(role: Role) -> Part:
    return Part.MENTORS_OWN if role is Role.MENTOR else Part.MENTEES_OWN


def thing_of(part: Part) -> Thing:
    """What visibility calls it."""
    own = {Part.MENTORS_OWN: Thing.MENTORS_NOTE, Part.MENTEES_OWN: Thing.MENTEES_NOTE}
    return own.get(part, Thing.SHARED_NOTE)
