"""What features above payments want done before a mentee buys: payments know nothing of mentorships."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict
from marketplace.offerings.models import Offering

Asker = Callable[[Session, Offering, int], None]
"""Raises AskedFirst if whoever has the number has to do something before they buy the offering."""
ASKERS: list[Asker] = []


class AskedFirst(Conflict):
    """Something is to be done before this is bought. `endpoint` is the page where, with `public_id` in its address."""

    def __init__(self, sentence: str, *, endpoint: str, public_id: str) -> None:
        super().__init__(sentence)
        self.endpoint = endpoint
        self.public_id = public_id


def asks_first(asker: Asker) -> Asker:
    """Register an asker. It is asked under the locks of both people."""
    ASKERS.append(asker)
    return asker


def ask_first(session: Session, offering: Offering, mentee_id: int) -> None:
    """Raises AskedFirst."""
    for asker in ASKERS:
        asker(session, offering, mentee_id)
