"""All pairs of a mentor at a glance: who thrives, who stalls, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.mentorships.domain.papers import Kind
from marketplace.mentorships.domain.pulse import Pulse, Week, in_order_of_need, pulse
from marketplace.mentorships.domain.states import Stage
from marketplace.mentorships.models.papers import Paper, PaperVersion
from marketplace.mentorships.models.sessions import ActionItem, CheckIn
from marketplace.mentorships.queries.pairs import Pair

WEEKS_READ = 6


@dataclass(frozen=True, slots=True)
class Glance:
    """`due` are sentences for the mentor."""

    pair: Pair
    pulse: Pulse
    weeks: Sequence[Week]
    last_words: str
    due: list[str]


def glances(session: Session, pairs: Iterable[Pair], now: datetime, today: date) -> list[Glance]:
    """Who needs something first. In the same number of queries for any number of pairs; `today` is the mentor's."""
    mine = {pair.row.id: pair for pair in pairs}
    check_ins = _check_ins(session, mine)
    waiting, agreements = _papers(session, mine)
    overdue = _overdue(session, mine, today)
    found = []
    for number, pair in mine.items():
        said = check_ins.get(number, [])
        weeks = [Week(each.at, each.progress, each.is_stuck) for each in said]
        beats = pulse(
            pair.stage,
            weeks,
            last_met_at=pair.last_met_at,
            has_next=pair.next_at is not None,
            began_at=pair.row.began_at,
            now=now,
        )
        due = _due(pair, said, waiting=number in waiting, agreed=number in agreements, overdue=overdue.get(number, 0))
        found.append(Glance(pair, beats, weeks, said[-1].words if said else "", [] if beats is Pulse.RESTS else due))
    return sorted(found, key=lambda each: (in_order_of_need(each.pulse), -len(each.due)))


def _due(pair: Pair, said: Sequence[CheckIn], *, waiting: bool, agreed: bool, overdue: int) -> list[str]:
    due = []
    if said and said[-1].seen_at is None:
        due.append(_("A check-in to read"))
    if waiting:
        due.append(_("Something to agree to"))
    if not agreed and pair.stage in (Stage.TRIAL, Stage.ACTIVE):
        due.append(_("Write down how you work together"))
    if overdue:
        due.append(_("Something of yours is overdue"))
    if pair.next_at is None and pair.met:
        due.append(_("No session is booked"))
    return due


def _check_ins(session: Session, pairs: Iterable[int]) -> dict[int, list[CheckIn]]:
    """The last weeks of each."""
    number = func.row_number().over(partition_by=CheckIn.mentorship_id, order_by=CheckIn.week.desc())
    newest = select(CheckIn.mentorship_id, CheckIn.week, number.label("number")).where(CheckIn.mentorship_id.in_(pairs))
    recent = newest.subquery()
    rows = session.scalars(
        select(CheckIn)
        .join(recent, (recent.c.mentorship_id == CheckIn.mentorship_id) & (recent.c.week == CheckIn.week))
        .where(recent.c.number <= WEEKS_READ)
        .order_by(CheckIn.mentorship_id, CheckIn.week)
    )
    found: dict[int, list[CheckIn]] = {}
    for row in rows:
        found.setdefault(row.mentorship_id, []).append(row)
    return found


def _papers(session: Session, pairs: Iterable[int]) -> tuple[set[int], set[int]]:
    """Which pairs have something that waits for the mentor's yes, and which have an agreement at all."""
    newest = (
        select(func.max(PaperVersion.number))
        .where(PaperVersion.paper_id == Paper.id)
        .correlate(Paper)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Paper.mentorship_id, Paper.kind, PaperVersion.mentor_agreed_at)
        .join(PaperVersion, (PaperVersion.paper_id == Paper.id) & (PaperVersion.number == newest))
        .where(Paper.mentorship_id.in_(pairs), Paper.kind != Kind.PLAN, Paper.closed_as.is_(None))
    ).all()
    waiting = {pair for pair, _kind, agreed_at in rows if agreed_at is None}
    return waiting, {pair for pair, kind, _agreed_at in rows if kind == Kind.AGREEMENT}


def _overdue(session: Session, pairs: dict[int, Pair], today: date) -> dict[int, int]:
    """The mentor's own."""
    mentors = {pair.row.mentor_id for pair in pairs.values()}
    rows = session.execute(
        select(ActionItem.mentorship_id, func.count())
        .where(ActionItem.mentorship_id.in_(pairs), ActionItem.owner_id.in_(mentors))
        .where(ActionItem.done_at.is_(None), ActionItem.due < today)
        .group_by(ActionItem.mentorship_id)
    )
    return {row[0]: row[1] for row in rows}
