"""Reads of what a mentee is here for, and of what they can take along to another mentor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, joinedload

from booking.domain.fit_calls import Question
from booking.queries.fit_calls import in_order, last_told_of_pair
from marketplace.mentors.models import Mentor
from marketplace.mentorships.domain.papers import Goal, Kind
from marketplace.mentorships.domain.states import Standing
from marketplace.mentorships.models.carried import Carried
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.papers import Paper, PaperVersion

Brief = Mapping[Question, str]


@dataclass(frozen=True, slots=True)
class OwnGoal:
    """An open goal as the mentee wrote it last: what the mentor wrote into it later is not theirs to take."""

    public_id: str
    goal: Goal


@dataclass(frozen=True, slots=True)
class Takeable:
    brief: Brief
    goals: Sequence[OwnGoal]

    def __bool__(self) -> bool:
        return bool(self.brief or self.goals)


def brief_of(session: Session, pair: Mentorship) -> Brief:
    """What was answered before the pair's fit call, else what the mentee has brought along."""
    brought = (
        select(Carried.brief)
        .where(Carried.mentor_id == pair.mentor_id, Carried.mentee_id == pair.mentee_id)
        .where(Carried.used_at.is_not(None), Carried.brief != {})
        .order_by(Carried.used_at.desc(), Carried.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    told, known = session.execute(select(last_told_of_pair(pair.mentor_id, pair.mentee_id), brought)).one()
    return in_order(told or known or {})


def takeable_of(session: Session, pair: Mentorship) -> Takeable:
    rows = session.execute(
        select(Paper.public_id, PaperVersion.body)
        .join(PaperVersion, PaperVersion.paper_id == Paper.id)
        .where(Paper.mentorship_id == pair.id, Paper.kind == Kind.GOAL, Paper.closed_as.is_(None))
        .where(PaperVersion.by_id == pair.mentee_id)
        .ext(distinct_on(Paper.id))
        .order_by(Paper.id, PaperVersion.number.desc())
    )
    return Takeable(brief_of(session, pair), [OwnGoal(public_id, Goal.of(body)) for public_id, body in rows])


def taken_along(session: Session, pair: Mentorship) -> list[tuple[Carried, Mentor]]:
    """To whom, in the order of choosing; what has arrived too."""
    rows = session.execute(
        select(Carried, Mentor)
        .join(Mentor, Mentor.id == Carried.mentor_id)
        .options(joinedload(Mentor.user))
        .where(Carried.from_id == pair.id)
        .order_by(Carried.id)
    )
    return [(carried, mentor) for carried, mentor in rows]


def mentors_known(session: Session, mentee_id: int) -> set[int]:
    """With whom there is a mentorship, whatever became of it."""
    return set(session.scalars(select(Mentorship.mentor_id).where(Mentorship.mentee_id == mentee_id)))


def parted_from(session: Session, mentee_id: int) -> set[int]:
    """With whom it has ended, and not begun again."""
    ended = (Mentorship.mentee_id == mentee_id, Mentorship.standing == Standing.ENDED)
    return set(session.scalars(select(Mentorship.mentor_id).where(*ended)))
