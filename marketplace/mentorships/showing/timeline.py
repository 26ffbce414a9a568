"""A mentorship in the order of time, as one of its two people reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.mentorships.domain.papers import Kind
from marketplace.mentorships.domain.states import Standing
from marketplace.mentorships.models.pairs import StandingChange
from marketplace.mentorships.models.papers import Evidence
from marketplace.mentorships.queries.pairs import Pair, changes_of, sessions_of
from marketplace.mentorships.queries.papers import Correction, Revision
from marketplace.mentorships.words.pairs import change_words


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` is what it looks like; `title` is a sentence or a name, and leads to `session` if it is one."""

    at: datetime
    kind: str
    title: str
    session: str = ""
    words: str = ""
    revision: Revision | None = None
    """What a correction changed."""


def timeline(
    session: Session, pair: Pair, corrections: Iterable[Correction], evidence: Iterable[Evidence], reader_id: int
) -> list[Event]:
    """The newest first."""
    events = [
        *_sessions(sessions_of(session, pair.row)),
        *_changes(changes_of(session, pair.row.id), pair, reader_id),
        *_corrections(corrections),
        *(Event(each.at, "evidence", _("A step is reached"), words=each.words) for each in evidence),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _corrections(found: Iterable[Correction]) -> list[Event]:
    titles = {Kind.PLAN: _("Course corrected"), Kind.GOAL: _("Goal changed")}
    return [
        Event(each.version.at, "turn", titles[Kind(paper.kind)], words=each.version.why, revision=each)
        for paper, each in found
    ]


def _sessions(bookings: Iterable[Booking]) -> list[Event]:
    numbered = enumerate(bookings, start=1)
    return [
        Event(
            each.starts_at,
            "session",
            _("Session %(number)s: %(title)s", number=number, title=each.title),
            each.public_id,
        )
        for number, each in numbered
    ]


def _changes(changes: Iterable[StandingChange], pair: Pair, reader_id: int) -> list[Event]:
    name = pair.other(reader_id).name
    return [
        Event(
            each.at,
            "turn",
            change_words(
                Standing(each.standing), is_mine=each.by_id == reader_id, by_nobody=each.by_id is None, name=name
            ),
        )
        for each in changes
    ]
