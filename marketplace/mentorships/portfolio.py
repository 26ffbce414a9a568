"""What a mentee takes with them: everything that shows their growth with one mentor, as a page and as JSON.

What each of the two wrote for themselves is not in it: only what both can read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.core.db import Json
from marketplace.mentorships.paper_models import Evidence, GoalScore, Paper
from marketplace.mentorships.paper_queries import Papers, Revision, corrections_of, evidence_of, papers_of, scores_of
from marketplace.mentorships.queries import Pair, sessions_of
from marketplace.mentorships.session_models import ActionItem, CheckIn, SessionNote
from marketplace.mentorships.session_queries import actions_of, check_ins_of, shared_notes_of

FORM = "office-hours-portfolio/1"


@dataclass(frozen=True, slots=True)
class Portfolio:
    pair: Pair
    papers: Papers
    sessions: Sequence[Booking]
    evidence: Sequence[Evidence]
    scores: Sequence[GoalScore]
    check_ins: Sequence[CheckIn]
    actions: Sequence[ActionItem]
    notes: Sequence[tuple[Booking, SessionNote]]
    corrections: Sequence[tuple[Paper, Revision]]

    def shows(self, step_key: str) -> list[Evidence]:
        return [each for each in self.evidence if each.step_key == step_key]

    def notes_of(self, booking_id: int) -> list[SessionNote]:
        return [note for booking, note in self.notes if booking.id == booking_id]


def portfolio_of(session: Session, pair: Pair) -> Portfolio:
    """In the same number of queries however long it went on."""
    row = pair.row
    papers = papers_of(session, row.id)
    return Portfolio(
        pair=pair,
        papers=papers,
        sessions=sessions_of(session, row),
        evidence=evidence_of(session, row.id),
        scores=scores_of(session, row.id),
        check_ins=check_ins_of(session, row.id),
        actions=actions_of(session, row.id),
        notes=shared_notes_of(session, row),
        corrections=corrections_of(session, papers.plan, papers.goals),
    )


def as_json(kept: Portfolio) -> Json:
    """Instants in UTC, days as they were typed; what is open to change carries the name of its form."""
    row, plan = kept.pair.row, kept.papers.plan
    said = {
        goal.paper.id: [each for each in kept.scores if each.paper_id == goal.paper.id] for goal in kept.papers.goals
    }
    return {
        "form": FORM,
        "mentee": row.mentee.name,
        "mentor": row.mentor.user.name,
        "began_at": _instant(row.began_at),
        "agreement": kept.papers.agreement.body.to_json() if kept.papers.agreement else None,
        "goals": [
            {
                **goal.body.to_json(),
                "agreed": goal.is_agreed,
                "closed_as": goal.paper.closed_as,
                "scores": [_score(kept, each) for each in said[goal.paper.id]],
            }
            for goal in kept.papers.goals
        ],
        "plan": [
            {
                "step": step.words,
                "due": _day(step.due),
                "evidence": [{"words": each.words, "link": each.link} for each in kept.shows(step.key)],
            }
            for step in (plan.plan.steps if plan else ())
        ],
        "corrections": [
            {"of": paper.kind, "at": _instant(each.version.at), "why": each.version.why}
            for paper, each in kept.corrections
        ],
        "sessions": [
            {
                "title": each.title,
                "starts_at": _instant(each.starts_at),
                "ends_at": _instant(each.ends_at),
                "notes": {note.part: note.words for note in kept.notes_of(each.id)},
            }
            for each in kept.sessions
        ],
        "check_ins": [
            {"week": _day(each.week), "progress": each.progress, "stuck": each.is_stuck, "words": each.words}
            for each in kept.check_ins
        ],
        "actions": [
            {
                "words": each.words,
                "when": each.cue,
                "due": _day(each.due),
                "by": _role(kept, each.owner_id),
                "done_at": _instant(each.done_at) if each.done_at else None,
            }
            for each in kept.actions
        ],
    }


def _score(kept: Portfolio, score: GoalScore) -> Json:
    said = {"confidence": score.confidence, "attainment": score.attainment}
    return {"day": _day(score.day), "by": _role(kept, score.by_id), **said}


def _role(kept: Portfolio, user_id: int) -> str:
    return str(kept.pair.role_of(user_id))


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
