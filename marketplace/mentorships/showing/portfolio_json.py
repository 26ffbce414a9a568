"""A portfolio for programs."""

from __future__ import annotations

from datetime import date, datetime

from booking.models.bookings import Booking
from marketplace.core.db import Json
from marketplace.mentorships.domain.papers import Line
from marketplace.mentorships.domain.portfolio import Extra
from marketplace.mentorships.models.papers import Evidence, GoalScore
from marketplace.mentorships.models.sessions import ActionItem
from marketplace.mentorships.showing.portfolio import Portfolio

FORM = "office-hours-portfolio/1"


def as_json(kept: Portfolio) -> Json:
    """Instants in UTC, days as they were typed, nothing as null; what was not chosen has no name in it. What is open to
    change carries the name of its form."""
    row, plan, agreement = kept.pair.row, kept.papers.plan, kept.papers.agreement
    told: Json = {
        "form": FORM,
        "made_at": _instant(kept.made_at),
        "mentee": row.mentee.name,
        "mentor": row.mentor.user.name,
        "began_at": _instant(row.began_at),
        "stage": str(kept.pair.stage),
        "goals": [
            {
                **_nothing_as_null(goal.body.to_json()),
                "agreed_by_both": goal.is_agreed,
                "closed_as": goal.paper.closed_as,
                "scores": [_score(kept, each) for each in kept.scores_of(goal.paper.id)],
            }
            for goal in kept.papers.goals
        ],
        "plan": [
            {
                "step": step.words,
                "due": _day(step.due),
                "evidence": [_shown(kept, each) for each in kept.shows(step.key)],
            }
            for step in (plan.plan.steps if plan else ())
        ],
        "changes": [
            {
                "of": paper.kind,
                "at": _instant(each.version.at),
                "why": each.version.why or None,
                "parts": [
                    {"part": change.part, "before": _line(change.before), "after": _line(change.after)}
                    for change in each.changes
                ],
            }
            for paper, each in kept.corrections
        ],
        "sessions": [_session(kept, each) for each in kept.sessions],
    }
    if Extra.AGREEMENT in kept.extras:
        told["agreement"] = _nothing_as_null(agreement.body.to_json()) if agreement else None
    if Extra.CHECK_INS in kept.extras:
        told["check_ins"] = [
            {"week": _day(each.week), "progress": each.progress, "stuck": each.is_stuck, "words": each.words or None}
            for each in kept.check_ins
        ]
    if Extra.ACTIONS in kept.extras:
        told["actions"] = [_action(kept, each) for each in kept.actions]
    return told


def _session(kept: Portfolio, booking: Booking) -> Json:
    told: Json = {
        "title": booking.title,
        "starts_at": _instant(booking.starts_at),
        "ends_at": _instant(booking.ends_at),
    }
    if Extra.NOTES in kept.extras:
        told["notes"] = {
            note.part: {"words": note.words, "last_written_by": _role(kept, note.by_id)}
            for note in kept.notes_of(booking.id)
        }
    return told


def _score(kept: Portfolio, score: GoalScore) -> Json:
    said = {"confidence": score.confidence, "attainment": score.attainment}
    return {"day": _day(score.day), "scored_by": _role(kept, score.by_id), **said}


def _shown(kept: Portfolio, shown: Evidence) -> Json:
    said = {"words": shown.words, "link": shown.link or None}
    return {"at": _instant(shown.at), "shown_by": _role(kept, shown.by_id), **said}


def _action(kept: Portfolio, action: ActionItem) -> Json:
    return {
        "words": action.words,
        "trigger": action.cue or None,
        "due": _day(action.due),
        "owner": _role(kept, action.owner_id),
        "done_at": _instant(action.done_at) if action.done_at else None,
    }


def _line(line: Line) -> Json:
    return {"words": line.text or None, "day": _day(line.day)}


def _nothing_as_null(said: Json) -> Json:
    """Levels stay a list of five, from −2 to +2."""
    return {
        name: [each or None for each in value] if isinstance(value, list) else (value or None)
        for name, value in said.items()
    }


def _role(kept: Portfolio, user_id: int) -> str:
    return str(kept.pair.role_of(user_id))


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
