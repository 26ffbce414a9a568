"""All that is known of a session and of its sale, on one line of time: facts, money, Stripe, books, letters, deeds.

What the two people write to each other is theirs and stands nowhere here (rule `yours_only`): neither the agenda nor
the reasons that they give each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _

from marketplace.operator.history import money, session, telling
from marketplace.operator.history.rows import Rows, Told


class Strand(StrEnum):
    SESSION = "session"
    MONEY = "money"
    STRIPE = "stripe"
    BOOKS = "books"
    LETTERS = "letters"
    DESK = "desk"


STRANDS = {
    Strand.SESSION: _("Session"),
    Strand.MONEY: _("Money"),
    Strand.STRIPE: _("Stripe"),
    Strand.BOOKS: _("Books"),
    Strand.LETTERS: _("Letters"),
    Strand.DESK: _("Operator"),
}
TELLERS: dict[Strand, Callable[[Rows], Iterator[Told]]] = {
    Strand.SESSION: session.told,
    Strand.MONEY: money.told,
    Strand.STRIPE: telling.asked_and_heard,
    Strand.BOOKS: money.booked,
    Strand.LETTERS: telling.letters,
    Strand.DESK: telling.deeds,
}


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime
    strand: Strand
    words: str
    exactly: tuple[str, ...]


def history(rows: Rows, only: Strand | None = None) -> list[Moment]:
    """The oldest first; of what happened in the same moment, the session's facts before what they led to."""
    moments = [
        Moment(at, strand, words, tuple(exactly))
        for strand, teller in TELLERS.items()
        if only in {None, strand}
        for at, words, *exactly in teller(rows)
    ]
    return sorted(moments, key=lambda moment: moment.at)
