"""Pause an offering, put it up again, move it in the list, and delete what nobody ever booked."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.core.db import violated
from marketplace.core.errors import Conflict
from marketplace.mentors.services.rows import locked_mentor
from marketplace.offerings.queries import own_offering, own_offerings
from marketplace.offerings.services.keep import numbered, require_room


class WasBooked(Conflict):
    """Somebody has booked it once, and what was booked keeps its name."""


def pause(session: Session, mentor_id: int, offering_id: int) -> None:
    """Nobody can book it any more; what is held or booked stands. Raises NotFound."""
    locked_mentor(session, mentor_id)
    own_offering(session, mentor_id, offering_id).active = False
    session.flush()


def resume(session: Session, mentor_id: int, offering_id: int) -> None:
    """Raises NotFound, OneFitCall, OffersFull."""
    locked_mentor(session, mentor_id)
    offering = own_offering(session, mentor_id, offering_id)
    if offering.active:
        return
    require_room(session, mentor_id, offering.kind)
    offering.active = True
    session.flush()


def move(session: Session, mentor_id: int, offering_id: int, by: int) -> None:
    """One place up (-1) or down (1) among those on offer; at the end nothing happens. Raises NotFound."""
    locked_mentor(session, mentor_id)
    moved = own_offering(session, mentor_id, offering_id)
    everything = own_offerings(session, mentor_id)
    place = everything.index(moved) + by
    if 0 <= place < len(everything) and everything[place].active == moved.active:
        everything.remove(moved)
        everything.insert(place, moved)
    numbered(everything)
    session.flush()


def delete(session: Session, mentor_id: int, offering_id: int) -> None:
    """Raises NotFound, and WasBooked if a booking or a sale was ever made with it: the database says so."""
    locked_mentor(session, mentor_id)
    offering = own_offering(session, mentor_id, offering_id)
    try:
        with session.begin_nested():
            session.delete(offering)
    except IntegrityError as kept:
        if violated(kept) not in {"fk_booking_offering_id", "fk_purchase_offering_id"}:
            raise
        raise WasBooked("Somebody has booked this, so it stays in your list. Pause it instead.") from kept
