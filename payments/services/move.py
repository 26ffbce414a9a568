"""Move a session for its mentee: nothing is charged and nothing goes back, and both people are told."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from booking.domain.policy import CancellationPolicy
from booking.models.bookings import Booking
from booking.queries.bookings import envelope_of
from booking.queries.moves import to_answer
from booking.services.move import NewTime, NotMovable, move_booking, require_ahead_to_move
from booking.services.notify import tell_moved
from booking.services.remind import plan_reminders
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.language import speaking
from payments.domain.moving import free_to_move_until, may_move
from payments.models.sales import Purchase
from payments.services.rows import lock_sold
from payments.words.withdrawal import sale_policy_words


def movable_until(purchase: Purchase, booking: Booking) -> datetime:
    """The last instant (UTC) at which the mentee may move it, by what was sold."""
    policy = CancellationPolicy.named(purchase.policy)
    return free_to_move_until(policy, booking.starts_at, costs=bool(purchase.gross_minor))


def require_movable(session: Session, purchase: Purchase, booking: Booking, now: datetime) -> None:
    """Whatever the limit, while the mentor has proposed another time: then the mentee may choose another one instead.

    Raises AlreadyCancelled, NotMovable.
    """
    require_ahead_to_move(booking, now)
    if to_answer(session, booking.id, now):
        return
    policy = CancellationPolicy.named(purchase.policy)
    if not may_move(policy, booking.starts_at, costs=bool(purchase.gross_minor), now=now):
        raise NotMovable("It is too late to move this session. You can still cancel it.")


def move_session(session: Session, booking_id: int, wanted: NewTime, *, now: datetime, settings: Settings) -> None:
    """Raises AlreadyCancelled, NotMovable, MovedMeanwhile, SlotTaken, NotBookable, HoldOverdue."""
    rows = lock_sold(session, booking_id)
    require_movable(session, rows.purchase, rows.booking, now)
    move = move_booking(
        session,
        rows.booking,
        wanted,
        now=now,
        envelope=envelope_of(settings),
        site_meeting_url=settings.meeting_url,
    )
    lines = mentee_lines(session, rows.purchase, rows.booking, now)
    tell_moved(session, rows.booking, move, now=now, mentee_lines=lines)
    plan_reminders(session, rows.booking, now=now)


def mentee_lines(session: Session, purchase: Purchase, booking: Booking, now: datetime) -> list[str]:
    """What moving meant for the money, in the mentee's language."""
    if not purchase.gross_minor:
        return []
    mentee = session.get_one(User, booking.mentee_id)
    with speaking(mentee.locale):
        return [
            _("The price stays the same: nothing is charged for moving."),
            sale_policy_words(purchase, booking.starts_at, mentee.tz, now),
        ]
