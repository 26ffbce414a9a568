"""What a mentor says about themselves, as values. Whoever makes one has cleaned the words (`core.text`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST_HEADLINE, LONGEST_CITY, LONGEST_TOPIC, LONGEST_STEP, LONGEST_GIFT, LONGEST_ALT = 120, 80, 40, 200, 120, 150
LONGEST_STORY, LONGEST_WAYS = 6000, 3000
LONGEST_URL = 500
MOST_TOPICS, MOST_STEPS, MOST_GIFTS, MOST_LANGUAGES = 12, 20, 12, 6
FIRST_YEAR = 1950
FRESH_FOR = timedelta(days=365)
"""After as long a mentor is asked whether a topic is still theirs."""


class Section(StrEnum):
    """The parts of a profile, each saved by itself."""

    BASICS = "basics"
    STORY = "story"
    WAYS = "ways"
    JOURNEY = "journey"
    TOPICS = "topics"
    PHOTO = "photo"


class Way(StrEnum):
    """How a mentor works, to choose from: what mentees can compare."""

    ASKS = "asks"
    LISTENS = "listens"
    PLANS = "plans"
    EXERCISES = "exercises"
    READS = "reads"
    PAIRS = "pairs"
    PRACTISES = "practises"
    FRANK = "frank"


class Reach(StrEnum):
    DEPTH = "depth"
    BREADTH = "breadth"


@dataclass(frozen=True, slots=True)
class Basics:
    """`country` and `languages` are ISO codes, `zone` an IANA name; `meeting_url` empty: at the site's own address."""

    headline: str
    city: str
    country: str
    zone: str
    languages: Sequence[str]
    meeting_url: str


@dataclass(frozen=True, slots=True)
class Ways:
    """`how_i_work` is Markdown."""

    ways: Sequence[Way]
    how_i_work: str
    can_give: Sequence[str]


@dataclass(frozen=True, slots=True)
class Topic:
    """`last_practised` is a year, None for what the mentor never practised themselves."""

    name: str
    reach: Reach
    last_practised: int | None


@dataclass(frozen=True, slots=True)
class Step:
    year: int
    what: str


def is_to_be_asked(kept_fresh_on: date | None, approved_on: date | None, today: date) -> bool:
    """Whether a topic is still theirs: FRESH_FOR after they last said so, or after they were approved."""
    since = kept_fresh_on or approved_on
    return since is not None and today - since >= FRESH_FOR
