"""One of a session's two people lets the site show its agenda to the bank: once, written down, seen by the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.audit import note
from marketplace.core.errors import Conflict
from payments.models.disputes import DisputeAttachment
from payments.offers.disputes import can_be_attached_to
from payments.queries.disputes import disputes_of_purchase
from payments.services.rows import lock_sold


class NothingToAttach(Conflict):
    """There is no dispute that waits for an answer, no agenda, or it is attached already."""


def attach_agenda(session: Session, booking_id: int, *, person_id: int, now: datetime) -> None:
    """As it is now; what is written into it later is not shown. Raises NothingToAttach."""
    rows = lock_sold(session, booking_id)
    disputes = [each for each in disputes_of_purchase(session, rows.purchase.id) if can_be_attached_to(each)]
    if not disputes or not rows.booking.agenda:
        raise NothingToAttach("There is nothing to attach any more: look at how it stands now.")
    dispute = disputes[-1]
    mine = (DisputeAttachment.dispute_id == dispute.id) & (DisputeAttachment.booking_id == booking_id)
    if session.scalar(select(DisputeAttachment.person_id).where(mine)) is not None:
        raise NothingToAttach("The agenda has been attached before.")
    session.add(
        DisputeAttachment(
            dispute_id=dispute.id,
            booking_id=booking_id,
            person_id=person_id,
            words=rows.booking.agenda,
            attached_at=now,
        )
    )
    session.flush()
    note(
        session,
        "payments:agenda_attached",
        now=now,
        actor_id=person_id,
        about_id=rows.booking.mentee_id,
        subject=rows.booking.public_id,
        detail={"dispute": dispute.stripe_dispute_id},
    )
