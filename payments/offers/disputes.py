"""What one of a session's two people reads of a dispute about its payment, and may attach to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from payments.domain.attachments import AttachedKind
from payments.domain.disputes import TO_ANSWER
from payments.models.disputes import Dispute, DisputeAttachment
from payments.models.sales import Purchase
from payments.queries.disputes import disputes_of_purchase
from payments.words.disputes import for_page


@dataclass(frozen=True, slots=True)
class Attached:
    """`who` has attached it. Of a message, `writer` has written it."""

    kind: str
    source: str
    who: str
    words: str
    at: datetime
    writer: str | None
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class DisputeStory:
    """`says` is plain words for the reader. `is_open`: something can still be attached to the answer; `may_attach`: the
    agenda can."""

    says: str
    attached: list[Attached]
    is_open: bool
    may_attach: bool


def dispute_story(
    session: Session, booking: Booking, purchase: Purchase | None, *, is_mentees: bool
) -> DisputeStory | None:
    if purchase is None or not purchase.total_minor:
        return None
    disputes = disputes_of_purchase(session, purchase.id)
    if not disputes:
        return None
    attached, is_open = attached_to(session, booking, disputes), can_be_attached_to(disputes[-1])
    has_agenda = any(each.kind == AttachedKind.AGENDA for each in attached)
    return DisputeStory(
        for_page(disputes, is_mentees=is_mentees),
        attached,
        is_open=is_open,
        may_attach=bool(booking.agenda) and not has_agenda and is_open,
    )


def can_be_attached_to(dispute: Dispute) -> bool:
    """Before the answer is on its way."""
    return dispute.state in TO_ANSWER and dispute.evidence_command_id is None and not dispute.submissions


def attached_to(session: Session, booking: Booking, disputes: Sequence[Dispute]) -> list[Attached]:
    writer = aliased(User)
    rows = session.execute(
        select(DisputeAttachment, User.name, writer.name.label("writer"))
        .join(User, User.id == DisputeAttachment.person_id)
        .outerjoin(writer, writer.id == DisputeAttachment.written_by)
        .where(DisputeAttachment.booking_id == booking.id)
        .where(DisputeAttachment.dispute_id.in_([each.id for each in disputes]))
        .order_by(DisputeAttachment.attached_at, DisputeAttachment.written_at, DisputeAttachment.source)
    )
    return [
        Attached(each.kind, each.source, name, each.words, each.attached_at, written_by, each.written_at)
        for each, name, written_by in rows
    ]
