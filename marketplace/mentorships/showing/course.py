"""How a mentorship comes on, as it is drawn: how sure the two are of a goal, how far it is, and week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.core.charts.lines import LineChart, lines
from marketplace.mentorships.domain.papers import BEST, MOST_CONFIDENT, WORST
from marketplace.mentorships.models.papers import GoalScore
from marketplace.mentorships.models.sessions import ActionItem, CheckIn
from marketplace.mentorships.queries.pairs import Pair


@dataclass(frozen=True, slots=True)
class Course:
    """`entries` in their order; a chart is None where nothing was said."""

    entries: Sequence[GoalScore]
    names: Mapping[int, str]
    confidence: LineChart | None
    attainment: LineChart | None

    def name_of(self, user_id: int) -> str:
        return self.names[user_id]


def course_of(entries: Sequence[GoalScore], pair: Pair) -> Course:
    """Of one goal: a line for each of the two, the mentee's first."""
    row = pair.row
    names = {row.mentee_id: row.mentee.name, row.mentor_id: row.mentor.user.name}
    sure = {
        name: [(each.at, each.confidence) for each in entries if each.by_id == person and each.confidence is not None]
        for person, name in names.items()
    }
    far = {
        name: [(each.at, each.attainment) for each in entries if each.by_id == person and each.attainment is not None]
        for person, name in names.items()
    }
    return Course(
        entries,
        names,
        lines(sure, lowest=0, highest=MOST_CONFIDENT, rules=(0, 5, 10)),
        lines(far, lowest=WORST, highest=BEST, rules=(-2, 0, 2)),
    )


DONE_SHOWN = 5


def weeks_drawn(check_ins: Sequence[CheckIn]) -> LineChart | None:
    progress = {"": [(each.at, each.progress) for each in check_ins]}
    return lines(progress, lowest=0, highest=MOST_CONFIDENT, rules=(0, 5, 10))


def shown_actions(actions: Sequence[ActionItem]) -> list[ActionItem]:
    """All that are open, and the last that were done."""
    open_ones = [each for each in actions if each.done_at is None]
    return [*open_ones, *[each for each in actions if each.done_at is not None][:DONE_SHOWN]]
