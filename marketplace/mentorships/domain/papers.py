"""What the two write down together: how they work together, a goal, the plan. Pure.

Each is a value that is never changed: another version is another value, and what differs between two can be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

WORST, BEST = -2, 2
LEVELS = range(WORST, BEST + 1)
"""How far a goal was attained, each described before anybody begins: 0 is what was expected."""
MOST_CONFIDENT = 10
MOST_STEPS = 12
MOST_GOALS = 12
LONGEST_LINE, LONGEST_TEXT = 200, 1000


class Kind(StrEnum):
    AGREEMENT = "agreement"
    GOAL = "goal"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Line:
    """What one part of a paper says; a day, if it has one."""

    text: str = ""
    day: date | None = None

    def __bool__(self) -> bool:
        return bool(self.text or self.day)


Lines = Mapping[str, Line]
"""By the name of the part; a plan's steps are named `step:` and their key."""


@dataclass(frozen=True, slots=True)
class Agreement:
    cadence: str = ""
    channels: str = ""
    reply: str = ""
    confidential: str = ""
    ending: str = ""
    review_on: date | None = None

    def lines(self) -> Lines:
        texts = {name: Line(getattr(self, name)) for name in ("cadence", "channels", "reply", "confidential", "ending")}
        return {**texts, "review_on": Line(day=self.review_on)}

    def to_json(self) -> dict[str, Any]:
        return {name: line.text or _iso(line.day) for name, line in self.lines().items()}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Agreement:
        return cls(**{**body, "review_on": _date(body["review_on"])})


@dataclass(frozen=True, slots=True)
class Goal:
    """`measure` goes from `was` to `wanted`; `levels` says what each of LEVELS would look like."""

    sentence: str
    why: str = ""
    measure: str = ""
    was: str = ""
    wanted: str = ""
    by: date | None = None
    levels: tuple[str, ...] = ("",) * len(LEVELS)

    def lines(self) -> Lines:
        texts = {name: Line(getattr(self, name)) for name in ("sentence", "why", "measure", "was", "wanted")}
        described = {f"level:{level}": Line(text) for level, text in zip(LEVELS, self.levels, strict=True)}
        return {**texts, "by": Line(day=self.by), **described}

    def to_json(self) -> dict[str, Any]:
        texts = {name: getattr(self, name) for name in ("sentence", "why", "measure", "was", "wanted")}
        return {**texts, "by": _iso(self.by), "levels": list(self.levels)}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Goal:
        return cls(**{**body, "by": _date(body["by"]), "levels": tuple(body["levels"])})


@dataclass(frozen=True, slots=True)
class Step:
    """`key` stays when the words change, so that what shows it stays with it."""

    key: str
    words: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    steps: tuple[Step, ...] = ()

    def lines(self) -> Lines:
        return {f"step:{step.key}": Line(step.words, step.due) for step in self.steps}

    def to_json(self) -> dict[str, Any]:
        return {"steps": [{"key": step.key, "words": step.words, "due": _iso(step.due)} for step in self.steps]}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Plan:
        return cls(tuple(Step(each["key"], each["words"], _date(each["due"])) for each in body["steps"]))


Body = Agreement | Goal | Plan
_CLASSES: Mapping[Kind, type[Agreement] | type[Goal] | type[Plan]] = {
    Kind.AGREEMENT: Agreement,
    Kind.GOAL: Goal,
    Kind.PLAN: Plan,
}


def body_of(kind: Kind, json: Mapping[str, Any]) -> Body:
    return _CLASSES[kind].of(json)


@dataclass(frozen=True, slots=True)
class Change:
    """`before` says nothing for what is new, `after` nothing for what is gone."""

    part: str
    before: Line
    after: Line


def changes(old: Lines, new: Lines) -> list[Change]:
    """In the order of the new one, what is gone last; parts that say the same are left out."""
    nothing = Line()
    parts = [*new, *(part for part in old if part not in new)]
    found = [Change(part, old.get(part, nothing), new.get(part, nothing)) for part in parts]
    return [change for change in found if change.before != change.after]


def is_reordered(old: Lines, new: Lines) -> bool:
    """What both have stands in another order."""
    return [part for part in old if part in new] != [part for part in new if part in old]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _date(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
