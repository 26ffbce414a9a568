"""Reads of what is for sale, and of who sells it."""

from collections.abc import Iterable

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering, OfferingKind


def active_offerings(session: Session, mentor_ids: Iterable[int]) -> list[Offering]:
    """What each mentor wants to be booked for, in the mentor's order; for others there is `offerings_for_sale`."""
    return list(session.scalars(_active(mentor_ids)))


def offerings_for_sale(session: Session, mentor_ids: Iterable[int]) -> list[Offering]:
    """What mentees see: what costs something only while its mentor can be paid."""
    can_be_sold = or_(Offering.price_minor == 0, Mentor.can_be_paid)
    return list(session.scalars(_active(mentor_ids).join(Mentor, Mentor.id == Offering.mentor_id).where(can_be_sold)))


def _active(mentor_ids: Iterable[int]) -> Select[Offering]:
    theirs = Offering.mentor_id.in_(list(mentor_ids))
    return select(Offering).where(theirs, Offering.active).order_by(Offering.position, Offering.id)


def own_offerings(session: Session, mentor_id: int) -> list[Offering]:
    """Those on offer first, each part in the mentor's order."""
    statement = select(Offering).where(Offering.mentor_id == mentor_id)
    return list(session.scalars(statement.order_by(Offering.active.desc(), Offering.position, Offering.id)))


def own_offering(session: Session, mentor_id: int, offering_id: int) -> Offering:
    """Read again, whatever the session remembered. Raises NotFound, also for another mentor's."""
    statement = select(Offering).where(Offering.id == offering_id, Offering.mentor_id == mentor_id)
    offering = session.scalar(statement, execution_options={"populate_existing": True})
    if offering is None:
        raise NotFound("You offer no such thing.")
    return offering


def is_fit_call(session: Session, mentor_id: int, offering_id: int | None) -> bool:
    """False also for what this mentor does not offer."""
    theirs = (Offering.id == offering_id) & (Offering.mentor_id == mentor_id)
    return session.scalar(select(Offering.kind).where(theirs)) == OfferingKind.FIT_CALL
