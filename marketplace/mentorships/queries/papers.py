"""Reads of what a pair has written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.mentorships.domain.papers import (
    Agreement,
    Body,
    Change,
    Goal,
    Kind,
    Plan,
    body_of,
    changes,
    is_reordered,
)
from marketplace.mentorships.domain.visibility import Role
from marketplace.mentorships.models.papers import Evidence, GoalScore, Paper, PaperVersion


@dataclass(frozen=True, slots=True)
class Written:
    """A paper as its newest version has it."""

    paper: Paper
    version: PaperVersion
    body: Body

    @property
    def is_agreed(self) -> bool:
        return self.version.is_agreed

    def waits_for(self, role: Role) -> bool:
        """That one of the two has not agreed yet."""
        version = self.version
        return (version.mentor_agreed_at if role is Role.MENTOR else version.mentee_agreed_at) is None

    @property
    def goal(self) -> Goal:
        assert isinstance(self.body, Goal)
        return self.body

    @property
    def plan(self) -> Plan:
        assert isinstance(self.body, Plan)
        return self.body

    @property
    def agreement(self) -> Agreement:
        assert isinstance(self.body, Agreement)
        return self.body


@dataclass(frozen=True, slots=True)
class Revision:
    """One version with what it changed; the first one changed nothing."""

    version: PaperVersion
    changes: list[Change]
    is_reordered: bool


Correction = tuple[Paper, Revision]


@dataclass(frozen=True, slots=True)
class Papers:
    """All that a pair has written down."""

    agreement: Written | None
    plan: Written | None
    goals: list[Written]

    @property
    def open_goals(self) -> list[Written]:
        return [each for each in self.goals if each.paper.closed_as is None]

    @property
    def closed_goals(self) -> list[Written]:
        return [each for each in self.goals if each.paper.closed_as is not None]


def papers_of(session: Session, mentorship_id: int) -> Papers:
    newest = _versions(mentorship_id).ext(distinct_on(Paper.id)).order_by(Paper.id, PaperVersion.number.desc())
    return _as_papers((paper, version) for paper, version in session.execute(newest))


def papers_and_corrections(session: Session, mentorship_id: int) -> tuple[Papers, list[Correction]]:
    """In one statement; the corrections are those of plan and goals, all versions after their first."""
    every = session.execute(_versions(mentorship_id).order_by(Paper.id, PaperVersion.number)).all()
    newest = {paper.id: (paper, version) for paper, version in every}
    corrected = [
        (paper, revision)
        for paper, _version in newest.values()
        if paper.kind != Kind.AGREEMENT
        for revision in _compared(Kind(paper.kind), [each for of, each in every if of is paper])
        if revision.version.number > 1
    ]
    return _as_papers(newest.values()), corrected


def _versions(mentorship_id: int) -> Select[Paper, PaperVersion]:
    joined = select(Paper, PaperVersion).join(PaperVersion, PaperVersion.paper_id == Paper.id)
    return joined.where(Paper.mentorship_id == mentorship_id)


def _as_papers(newest: Iterable[tuple[Paper, PaperVersion]]) -> Papers:
    found = [Written(paper, version, body_of(Kind(paper.kind), version.body)) for paper, version in newest]
    of_kind = {kind: [each for each in found if each.paper.kind == kind] for kind in Kind}
    agreement, plan = (next(iter(of_kind[kind]), None) for kind in (Kind.AGREEMENT, Kind.PLAN))
    return Papers(agreement, plan, of_kind[Kind.GOAL])


def goal_of(papers: Papers, public_id: str) -> Written:
    """Raises NotFound for another pair's."""
    found = next((each for each in papers.goals if each.paper.public_id == public_id), None)
    if found is None:
        raise NotFound("There is no such goal.")
    return found


def revisions_of(session: Session, paper: Paper) -> list[Revision]:
    """The newest first."""
    of_it = PaperVersion.paper_id == paper.id
    versions = session.scalars(select(PaperVersion).where(of_it).order_by(PaperVersion.number)).all()
    return _compared(Kind(paper.kind), versions)


def scores_of(session: Session, mentorship_id: int, *, by_id: int | None = None) -> list[GoalScore]:
    """Of all goals of a pair; what one of the two said, if `by_id` names them."""
    of_pair = select(Paper.id).where(Paper.mentorship_id == mentorship_id)
    return _scores(session, GoalScore.paper_id.in_(of_pair), *([GoalScore.by_id == by_id] if by_id else []))


def scores_of_goal(session: Session, paper_id: int) -> list[GoalScore]:
    return _scores(session, GoalScore.paper_id == paper_id)


def _scores(session: Session, *which: ColumnElement[bool]) -> list[GoalScore]:
    order = (GoalScore.at, GoalScore.paper_id, GoalScore.by_id)
    return list(session.scalars(select(GoalScore).where(*which).order_by(*order)))


def evidence_of(session: Session, mentorship_id: int) -> list[Evidence]:
    of_pair = Evidence.mentorship_id == mentorship_id
    return list(session.scalars(select(Evidence).where(of_pair).order_by(Evidence.id)))


def agreed_at(version: PaperVersion) -> datetime | None:
    """When the second of the two agreed."""
    both = (version.mentor_agreed_at, version.mentee_agreed_at)
    return max(at for at in both if at) if all(both) else None


def _compared(kind: Kind, versions: Sequence[PaperVersion]) -> list[Revision]:
    lines = [body_of(kind, version.body).lines() for version in versions]
    found = []
    for number, version in enumerate(versions):
        before = lines[number - 1] if number else lines[number]
        found.append(Revision(version, changes(before, lines[number]), is_reordered(before, lines[number])))
    return found[::-1]
