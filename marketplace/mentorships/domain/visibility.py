"""Who may see and change what of a mentorship (rule yours_only): one table, of which pages, tests and docs are made.

Nobody who is not named may as much as know of it, operators included: they read what was reported to them or attached
for a bank, and no more. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """Of one person towards one mentorship."""

    VISITOR = "visitor"
    OTHER_MENTEE = "other mentee"
    OTHER_MENTOR = "other mentor"
    OPERATOR = "operator"
    MENTOR = "mentor"
    MENTEE = "mentee"


class Access(IntEnum):
    """Each includes the ones before it."""

    NOTHING = 0
    READ = 1
    WRITE = 2


class Thing(StrEnum):
    PAGE = "the mentorship’s page"
    BRIEF = "what the mentee is here for"
    STANDING = "pausing, completing and ending it"
    AGREEMENT = "the agreement"
    GOAL = "goals, and how far they are"
    PLAN = "the plan"
    EVIDENCE = "what shows that a step is reached"
    SHARED_NOTE = "shared notes of a session"
    MENTORS_NOTE = "the mentor’s own notes"
    MENTEES_NOTE = "the mentee’s own notes"
    ACTION = "what somebody will do"
    CHECK_IN = "check-ins"
    SEEN = "having read them"
    HEARD = "whether the mentee was heard"
    FIT = "whether the two fit: each their own answers"
    CARRYING = "taking brief and goals along to another mentor"
    PORTFOLIO = "the portfolio"
    MESSAGE = "messages"
    NO_ANSWER = "saying that nothing is to be answered"
    BLOCK = "blocking messages of the other one"
    FOR_THE_BANK = "letting a bank read messages and shared notes when it disputes a payment"
    ATTACHED = "those that one of the two has let it read"

    REPORT = "reporting a message, a review, or how the other one writes"
    REPORTED = "a message or review that was reported, and why"
    REVIEW = "one’s own review, before it is published"
    REVIEW_OF_MENTOR = "the mentee’s review, once it is published"
    REVIEW_OF_MENTEE = "the mentor’s review, once it is published"
    ANSWER = "answering the mentee’s review, once"
    JOURNAL = "the mentor’s journal"
    REFERRAL = "whom the mentor names where mentoring ends"


_BOTH = MappingProxyType({Role.MENTOR: Access.WRITE, Role.MENTEE: Access.WRITE})
_BOTH_READ = MappingProxyType({Role.MENTOR: Access.READ, Role.MENTEE: Access.READ})
_THE_MENTOR = MappingProxyType({Role.MENTOR: Access.WRITE})
_THE_MENTEE = MappingProxyType({Role.MENTEE: Access.WRITE})

MATRIX: Mapping[Thing, Mapping[Role, Access]] = MappingProxyType(
    {
        Thing.PAGE: _BOTH_READ,
        Thing.BRIEF: _BOTH_READ,
        Thing.STANDING: _BOTH,
        Thing.AGREEMENT: _BOTH,
        Thing.GOAL: _BOTH,
        Thing.PLAN: _BOTH,
        Thing.EVIDENCE: _BOTH,
        Thing.SHARED_NOTE: _BOTH,
        Thing.MENTORS_NOTE: _THE_MENTOR,
        Thing.MENTEES_NOTE: _THE_MENTEE,
        Thing.ACTION: _BOTH,
        Thing.CHECK_IN: MappingProxyType({Role.MENTOR: Access.READ, Role.MENTEE: Access.WRITE}),
        Thing.SEEN: MappingProxyType({Role.MENTOR: Access.WRITE, Role.MENTEE: Access.READ}),
        Thing.HEARD: _THE_MENTEE,
        Thing.FIT: _BOTH,
        Thing.CARRYING: _THE_MENTEE,
        Thing.PORTFOLIO: MappingProxyType({Role.MENTEE: Access.READ}),
        Thing.MESSAGE: _BOTH,
        Thing.NO_ANSWER: _THE_MENTOR,
        Thing.BLOCK: _BOTH,
        Thing.FOR_THE_BANK: _BOTH,
        Thing.ATTACHED: MappingProxyType(dict.fromkeys((Role.OPERATOR, Role.MENTOR, Role.MENTEE), Access.READ)),
        Thing.REPORT: _BOTH,
        Thing.REPORTED: MappingProxyType({Role.OPERATOR: Access.READ}),
        Thing.REVIEW: _BOTH,
        Thing.REVIEW_OF_MENTOR: MappingProxyType(dict.fromkeys(Role, Access.READ)),
        Thing.REVIEW_OF_MENTEE: _BOTH_READ,
        Thing.ANSWER: _THE_MENTOR,
        Thing.JOURNAL: _THE_MENTOR,
        Thing.REFERRAL: _THE_MENTOR,
    }
)


def access(role: Role, thing: Thing) -> Access:
    return MATRIX[thing].get(role, Access.NOTHING)
