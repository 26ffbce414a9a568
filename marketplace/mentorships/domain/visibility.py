"""Who may see and change what of a mentorship (rule yours_only): one table, of which pages, tests and docs are made.

Nobody who is not named may as much as know of it, operators included. Pure.
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
    STANDING = "pausing, completing and ending it"


_BOTH = MappingProxyType({Role.MENTOR: Access.WRITE, Role.MENTEE: Access.WRITE})
_BOTH_READ = MappingProxyType({Role.MENTOR: Access.READ, Role.MENTEE: Access.READ})

MATRIX: Mapping[Thing, Mapping[Role, Access]] = MappingProxyType({Thing.PAGE: _BOTH_READ, Thing.STANDING: _BOTH})


def access(role: Role, thing: Thing) -> Access:
    return MATRIX[thing].get(role, Access.NOTHING)
