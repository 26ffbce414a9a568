"""What the two people of a session may let a bank read: their own words, copied as they are then. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST = 12_000
"""Of all that is attached to one answer, in characters: with letters and the operator's words Stripe takes 20,000."""


class AttachedKind(StrEnum):
    AGENDA = "agenda"
    NOTES = "notes"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Piece:
    """`source` names it, so that it is attached once, by whomever. Of a message also who wrote it, and when."""

    kind: AttachedKind
    source: str
    words: str
    written_by: int | None = None
    written_at: datetime | None = None
