"""What must be true after every move of the times that are kept for people, and of what was sold.

The names are those of docs/testing.md.
"""

from itertools import pairwise

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from booking.domain.proposals import ProposalStatus
from booking.domain.states import OCCUPYING, BookingStatus
from booking.models.bookings import Booking
from booking.models.moves import BookingMove, MoveProposal
from marketplace.core.clock import utcnow
from payments.models.programmes import SessionBefore
from payments.models.sales import Purchase, PurchaseSession

OVERLAPS = """
    WITH kept AS (
        SELECT id, mentor_id, mentee_id, starts_at, ends_at FROM booking WHERE status = ANY(:occupying)
        UNION ALL
        SELECT booking.id, mentor_id, mentee_id, proposed.starts_at, proposed.ends_at
        FROM move_proposal proposed JOIN booking ON booking.id = proposed.booking_id WHERE proposed.status = 'open'
    )
    SELECT count(*) FROM kept a JOIN kept b ON a.id < b.id
        AND (a.mentor_id = b.mentor_id OR a.mentee_id = b.mentee_id)
        AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
"""
"""What is proposed is kept like what is booked."""
KEPT_BY_ROWS = """
    SELECT count(*) FROM move_proposal proposed
    WHERE proposed.status = 'open' AND 2 <> (
        SELECT count(*) FROM occupancy
        WHERE occupancy.booking_id = proposed.booking_id AND occupancy.is_proposed
        AND occupancy.span @> tstzrange(proposed.starts_at, proposed.ends_at)
    )
"""
Seen = dict[int, tuple[object, ...]]
"""By booking: what was sold, as it was when it was first seen."""


def at_every_moment(session: Session, seen: Seen) -> list[str]:
    session.rollback()
    session.expire_all()
    return [*_overlaps(session), *_proposals(session), *_moves(session), *_frozen(session, seen)]


def when_quiet(session: Session) -> list[str]:
    """The sweeps have closed what nobody answered."""
    overdue = select(MoveProposal.id).where(
        MoveProposal.status == ProposalStatus.OPEN, MoveProposal.expires_at <= utcnow()
    )
    return [f"not quiet: proposal {number} is over, and still keeps its time" for number in session.scalars(overdue)]


def _overlaps(session: Session) -> list[str]:
    found = session.execute(text(OVERLAPS), {"occupying": [str(status) for status in OCCUPYING]}).scalar_one()
    return ["I1 two bookings at one time"] if found else []


def _proposals(session: Session) -> list[str]:
    """I13: while it is open, the session stands, and both times are kept for both people."""
    free = session.execute(text(KEPT_BY_ROWS)).scalar_one()
    lost = (
        select(MoveProposal.id, Booking.status)
        .join(Booking, Booking.id == MoveProposal.booking_id)
        .where(MoveProposal.status == ProposalStatus.OPEN, Booking.status != BookingStatus.CONFIRMED)
    )
    return [
        *([f"I13 the time of {free} open proposals is not kept for both people"] if free else []),
        *(f"I13 proposal {row.id} is open, and its session is {row.status}" for row in session.execute(lost)),
    ]


def _moves(session: Session) -> list[str]:
    """I13: each move begins where the one before ended, and the last one where the session is now."""
    wrong = []
    for booking in session.scalars(select(Booking).order_by(Booking.id)):
        statement = select(BookingMove).where(BookingMove.booking_id == booking.id).order_by(BookingMove.sequence)
        moves = session.scalars(statement).all()
        gaps = [after.id for before, after in pairwise(moves) if before.to_starts_at != after.from_starts_at]
        numbers = [each.sequence for each in moves]
        elsewhere = bool(moves) and moves[-1].to_starts_at != booking.starts_at
        if gaps or elsewhere or numbers != list(range(1, len(moves) + 1)) or len(moves) > booking.sequence:
            wrong.append(f"I13 booking {booking.id} at {booking.starts_at} has come there by {len(moves)} moves")
    return wrong


def _frozen(session: Session, seen: Seen) -> list[str]:
    """I13: whatever becomes of a session, it stays the same one for calendars, and what it was sold for."""
    now = select(PurchaseSession.booking_id, PurchaseSession.purchase_id, PurchaseSession.position)
    before = select(SessionBefore.booking_id, SessionBefore.purchase_id, SessionBefore.position)
    uses = now.where(PurchaseSession.booking_id.is_not(None)).union_all(before).subquery()
    of_use = (PurchaseSession.purchase_id == uses.c.purchase_id) & (PurchaseSession.position == uses.c.position)
    statement = (
        select(
            Booking.id,
            Booking.public_id,
            Booking.mentor_id,
            Booking.mentee_id,
            Purchase.public_id,
            PurchaseSession.position,
            PurchaseSession.gross_minor,
            PurchaseSession.share_minor,
            Purchase.policy,
        )
        .join(uses, uses.c.booking_id == Booking.id)
        .join(PurchaseSession, of_use)
        .join(Purchase, Purchase.id == PurchaseSession.purchase_id)
    )
    found = {row[0]: tuple(row) for row in session.execute(statement)}
    changed = [f"I13 {was} became {found.get(number)}" for number, was in seen.items() if found.get(number) != was]
    seen.update(found)
    return changed
