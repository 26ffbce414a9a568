"""Before a pair's second paid session: what is still to be agreed on, as whoever books reads it, and as buying asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.mentorships.domain.papers import Kind
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.papers import Paper, PaperVersion
from marketplace.offerings.models import Offering
from payments.services.asked_first import AskedFirst, asks_first


class Missing(StrEnum):
    """`YOURS`: it is written, and waits for the mentee. Only then they are asked to agree before they book: nobody is
    kept from booking by what another has not done."""

    YOURS = "yours"
    THEIRS = "theirs"
    UNWRITTEN = "unwritten"


@dataclass(frozen=True, slots=True)
class FirstAgree:
    mentorship: str
    """The public id."""
    missing: Missing


def first_agree(session: Session, mentor_id: int, mentee_id: int) -> FirstAgree | None:
    """None before the first paid session, and once both have agreed to some version."""
    pair = (Mentorship.mentor_id == mentor_id, Mentorship.mentee_id == mentee_id)
    paid = (
        select(func.count())
        .select_from(Booking)
        .join(Offering, Offering.id == Booking.offering_id)
        .where(Booking.mentor_id == mentor_id, Booking.mentee_id == mentee_id, Offering.price_minor > 0)
        .where(Booking.status.in_([BookingStatus.CONFIRMED, BookingStatus.COMPLETED]))
        .scalar_subquery()
    )
    rows = session.execute(
        select(Mentorship.public_id, PaperVersion)
        .outerjoin(Paper, (Paper.mentorship_id == Mentorship.id) & (Paper.kind == Kind.AGREEMENT))
        .outerjoin(PaperVersion, PaperVersion.paper_id == Paper.id)
        .where(*pair, paid > 0)
        .order_by(PaperVersion.number)
    ).all()
    versions = [version for _, version in rows if version is not None]
    if not rows or any(version.is_agreed for version in versions):
        return None
    if not versions:
        return FirstAgree(rows[0].public_id, Missing.UNWRITTEN)
    is_yours = versions[-1].mentee_agreed_at is None
    return FirstAgree(rows[0].public_id, Missing.YOURS if is_yours else Missing.THEIRS)


@asks_first
def agree_before_buying(session: Session, offering: Offering, mentee_id: int) -> None:
    """Also where no page has asked: a form kept from before, a request made by hand."""
    if not offering.price_minor:
        return
    found = first_agree(session, offering.mentor_id, mentee_id)
    if found is not None and found.missing is Missing.YOURS:
        raise AskedFirst(
            "This is not your first paid session together, and how you work together waits for your yes. "
            "Read it and agree, or change it; then book.",
            endpoint="mentorships.agreement",
            public_id=found.mentorship,
        )
