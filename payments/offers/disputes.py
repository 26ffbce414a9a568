"""What one of a session's two people reads of a dispute about its payment, and may attach to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from payments.domain.disputes import TO_ANSWER
from payments.models.disputes import Dispute, DisputeAttachment
from payments.models.sales import Purchase
from payments.queries.disputes import disputes_of_purchase
from payments.words.disputes import for_page


@dataclass(frozen=True, slots=True)
class Attached:
    who: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputeStory:
    """`says` is plain words for the reader. `may_attach`: the agenda can still be attached to the answer."""

    says: str
    attached: list[Attached]
    may_attach: bool


def dispute_story(
    session: Session, booking: Booking, purchase: Purchase | None, *, is_mentees: bool
) -> DisputeStory | None:
    if purchase is None or not purchase.total_minor:
        return None
    disputes = disputes_of_purchase(session, purchase.id)
    if not disputes:
        return None
    attached = attached_to(session, booking, disputes)
    return DisputeStory(
        for_page(disputes, is_mentees=is_mentees),
        attached,
        may_attach=bool(booking.agenda) and not attached and can_be_attached_to(disputes[-1]),
    )


def can_be_attached_to(dispute: Dispute) -> bool:
    """Before the answer is on its way."""
    return dispute.state in TO_ANSWER and dispute.evidence_command_id is None and not dispute.submissions


def attached_to(session: Session, booking: Booking, disputes: Sequence[Dispute]) -> list[Attached]:
    rows = session.execute(
        select(DisputeAttachment, User.name)
        .join(User, User.id == DisputeAttachment.person_id)
        .where(DisputeAttachment.booking_id == booking.id)
        .where(DisputeAttachment.dispute_id.in_([each.id for each in disputes]))
        .order_by(DisputeAttachment.attached_at)
    )
    return [Attached(name, attachment.words, attachment.attached_at) for attachment, name in rows]
