"""Writing what the two agree on. Each version names the one it was made from, and none overwrites another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict, NotFound, RuleBroken
from marketplace.core.ids import public_id
from marketplace.mentorships.domain.papers import MOST_GOALS, Body, Kind
from marketplace.mentorships.domain.visibility import Role
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.papers import Paper, PaperVersion
from marketplace.mentorships.services.standing import lock_mentorship


class PaperChanged(Conflict):
    """The other one has written another version meanwhile. The page shows it beside what was typed."""


class TooManyGoals(RuleBroken):
    """Who wants everything at once reaches little; a closed goal makes room."""


@dataclass(frozen=True, slots=True)
class Writer:
    """One of the two people of a mentorship, and when they write."""

    mentorship: Mentorship
    user_id: int
    now: datetime

    @property
    def role(self) -> Role:
        return Role.MENTOR if self.user_id == self.mentorship.mentor_id else Role.MENTEE


def write(
    session: Session, writer: Writer, kind: Kind, body: Body, *, base: int, why: str = "", goal: str = ""
) -> Paper:
    """`base` is the number of the version it was made from, 0 for none; `goal` names the one that is meant.

    What was sent twice is written once, and what says the same is no new version. Raises PaperChanged, TooManyGoals,
    NotFound for another pair's goal.
    """
    mentorship = lock_mentorship(session, writer.mentorship.id)
    paper = _paper(session, writer, kind, goal)
    newest = newest_version(session, paper.id)
    if newest is not None and newest.body == body.to_json():
        return paper
    if base != (newest.number if newest else 0):
        raise PaperChanged("The other one of you has changed this meanwhile. Both are here: please put them together.")
    version = PaperVersion(
        paper_id=paper.id, number=base + 1, body=body.to_json(), why=why, by_id=writer.user_id, at=writer.now
    )
    _agree(version, writer)
    session.add(version)
    if kind is Kind.AGREEMENT:
        mentorship.next_look_at = None  # its day may come before what was planned
    session.flush()
    return paper


def agree(session: Session, writer: Writer, paper_id: int, *, number: int) -> None:
    """To the version that was read. Raises PaperChanged if there is a newer one."""
    lock_mentorship(session, writer.mentorship.id)
    newest = newest_version(session, paper_id)
    if newest is None or newest.number != number:
        raise PaperChanged("The other one of you has changed this meanwhile. Please read it again.")
    _agree(newest, writer)
    session.flush()


def close_goal(session: Session, writer: Writer, paper: Paper, closed_as: str | None) -> None:
    """Reached, let go, or None: taken up again."""
    lock_mentorship(session, writer.mentorship.id)
    if closed_as is None and paper.closed_as is not None:
        _require_room(session, writer.mentorship.id)
    paper.closed_as = closed_as
    session.flush()


def newest_version(session: Session, paper_id: int) -> PaperVersion | None:
    of_it = PaperVersion.paper_id == paper_id
    return session.scalars(
        select(PaperVersion)
        .where(of_it)
        .order_by(PaperVersion.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def _paper(session: Session, writer: Writer, kind: Kind, goal: str) -> Paper:
    """The one that is meant; a new one where there is none."""
    of_pair = (Paper.mentorship_id == writer.mentorship.id, Paper.kind == kind)
    meant = Paper.public_id == goal if kind is Kind.GOAL else of_pair[0] & of_pair[1]
    found = session.scalars(select(Paper).where(meant)).one_or_none()
    if found is None:
        if kind is Kind.GOAL:
            _require_room(session, writer.mentorship.id)
        found = Paper(public_id=goal or public_id(), mentorship_id=writer.mentorship.id, kind=kind)
        session.add(found)
        session.flush()
    if found.mentorship_id != writer.mentorship.id or found.kind != kind:
        raise NotFound("There is no such goal.")
    return found


def _require_room(session: Session, mentorship_id: int) -> None:
    goals = (Paper.mentorship_id == mentorship_id, Paper.kind == Kind.GOAL, Paper.closed_as.is_(None))
    if session.scalar(select(func.count()).where(*goals)) == MOST_GOALS:
        raise TooManyGoals("You have %(most)s open goals. Close one before you set another.", most=MOST_GOALS)


def _agree(version: PaperVersion, writer: Writer) -> None:
    """Agreeing again is no news."""
    if writer.role is Role.MENTOR:
        version.mentor_agreed_at = version.mentor_agreed_at or writer.now
    else:
        version.mentee_agreed_at = version.mentee_agreed_at or writer.now
