"""What a mentee takes with them of one mentorship, for whoever they hand it to.

Goals, the plan, what shows it and what changed are in it. The rest of what both can read comes in by choice, since it
may name other people, or say what is nobody's business; what either wrote for themselves is never in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.mentorships.domain.portfolio import Extra
from marketplace.mentorships.models.papers import Evidence, GoalScore, Paper
from marketplace.mentorships.models.sessions import ActionItem, CheckIn, SessionNote
from marketplace.mentorships.queries.pairs import Pair, sessions_of
from marketplace.mentorships.queries.papers import Papers, Revision, evidence_of, papers_and_corrections, scores_of
from marketplace.mentorships.queries.sessions import actions_of, check_ins_of, shared_notes_of


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What was not chosen is empty here, so that no page or file can let it slip."""

    pair: Pair
    made_at: datetime
    extras: frozenset[Extra]
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

    def scores_of(self, paper_id: int) -> list[GoalScore]:
        return [each for each in self.scores if each.paper_id == paper_id]

    def name_of(self, user_id: int) -> str:
        row = self.pair.row
        return row.mentor.user.name if user_id == row.mentor_id else row.mentee.name

    @property
    def done(self) -> list[ActionItem]:
        return [each for each in self.actions if each.done_at is not None]

    @property
    def to_do(self) -> list[ActionItem]:
        return [each for each in self.actions if each.done_at is None]


def portfolio_of(session: Session, pair: Pair, wanted: Collection[Extra], now: datetime) -> Portfolio:
    """In the same number of queries however long it went on."""
    row = pair.row
    papers, corrections = papers_and_corrections(session, row.id)
    mentees_own = None if Extra.MENTORS_NUMBERS in wanted else row.mentee_id
    return Portfolio(
        pair=pair,
        made_at=now,
        extras=frozenset(wanted),
        papers=papers,
        sessions=sessions_of(session, row),
        evidence=evidence_of(session, row.id),
        scores=scores_of(session, row.id, by_id=mentees_own),
        check_ins=check_ins_of(session, row.id) if Extra.CHECK_INS in wanted else [],
        actions=actions_of(session, row.id) if Extra.ACTIONS in wanted else [],
        notes=shared_notes_of(session, row) if Extra.NOTES in wanted else [],
        corrections=corrections,
    )
