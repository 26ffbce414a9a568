"""One of a session's two people lets the site show their words to the bank: once, and written to the other one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.audit import note
from marketplace.core.errors import Conflict
from payments.domain.attachments import LONGEST, AttachedKind, Piece
from payments.models.disputes import Dispute, DisputeAttachment
from payments.offers.disputes import can_be_attached_to
from payments.queries.disputes import disputes_of_purchase
from payments.services.rows import SoldRows, lock_sold
from payments.services.tell_disputes import tell_attached


class NothingToAttach(Conflict):
    """There is no dispute that waits for an answer, nothing to attach, or it is attached already."""


class TooMuchAttached(Conflict):
    """With what is attached already it would be more than the bank takes."""


def attach_agenda(session: Session, booking_id: int, *, person_id: int, now: datetime) -> None:
    """As it is now; what is written into it later is not shown. Raises NothingToAttach, TooMuchAttached."""

    def agenda(rows: SoldRows) -> list[Piece]:
        words = rows.booking.agenda
        return [Piece(AttachedKind.AGENDA, f"agenda-{booking_id}", words)] if words else []

    _attach(session, booking_id, agenda, "payments:agenda_attached", person_id=person_id, now=now)


def attach_words(session: Session, booking_id: int, pieces: Sequence[Piece], *, person_id: int, now: datetime) -> None:
    """What this person has chosen, and may read themselves. Raises NothingToAttach, TooMuchAttached."""
    _attach(session, booking_id, lambda _: pieces, "payments:words_attached", person_id=person_id, now=now)


def _attach(
    session: Session,
    booking_id: int,
    pieces: Callable[[SoldRows], Sequence[Piece]],
    fact: str,
    *,
    person_id: int,
    now: datetime,
) -> None:
    rows = lock_sold(session, booking_id)
    disputes = [each for each in disputes_of_purchase(session, rows.purchase.id) if can_be_attached_to(each)]
    chosen = pieces(rows)
    if not disputes or not chosen:
        raise NothingToAttach("There is nothing to attach any more: look at how it stands now.")
    dispute = disputes[-1]
    new = _new(session, dispute, chosen)
    for each in new:
        session.add(
            DisputeAttachment(
                dispute_id=dispute.id,
                source=each.source,
                kind=each.kind,
                booking_id=booking_id,
                person_id=person_id,
                words=each.words,
                written_by=each.written_by,
                written_at=each.written_at,
                attached_at=now,
            )
        )
    session.flush()
    tell_attached(session, rows.booking, dispute, [each.source for each in new], by=person_id, now=now)
    note(
        session,
        fact,
        now=now,
        actor_id=person_id,
        about_id=rows.booking.mentee_id,
        subject=rows.booking.public_id,
        detail={"dispute": dispute.stripe_dispute_id, "attached": [each.source for each in new]},
    )


def _new(session: Session, dispute: Dispute, chosen: Sequence[Piece]) -> list[Piece]:
    there = session.scalars(select(DisputeAttachment).where(DisputeAttachment.dispute_id == dispute.id)).all()
    known = {each.source for each in there}
    new = [each for each in chosen if each.source not in known]
    if not new:
        raise NothingToAttach("That has been attached before.")
    if sum(len(words) for words in [*(each.words for each in there), *(each.words for each in new)]) > LONGEST:
        raise TooMuchAttached("That is more than the bank reads. Choose what matters most.")
    return new
