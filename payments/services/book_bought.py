"""Book the next session of a programme out of what was bought: nothing is charged, and it is confirmed at once.

Keeps rules no_double_booking, business_hours_only, caps_hold (judged as every other booking), and one use of each
session that was sold (trigger `session_is_used_once`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from booking.queries.bookings import envelope_of
from booking.services.hold import NotBookable, Wanted, lasting, require_active, take_slots
from booking.services.notify import tell_booked
from booking.services.remind import plan_reminders
from booking.services.settle_hold import confirm
from marketplace.accounts.models import User
from marketplace.core import formats
from marketplace.core.config import Settings
from marketplace.core.errors import Conflict
from marketplace.core.language import speaking
from marketplace.core.money import Money
from payments.domain.states import PurchaseStatus
from payments.models.programmes import Programme, SessionBefore
from payments.models.sales import Payment, Purchase, PurchaseSession
from payments.queries.disputes import is_gone, payment_is_disputed
from payments.services.buy import EarlyStartNotAsked
from payments.services.programme_rows import ProgrammeRows, lock_programme, plan_asking
from payments.words.withdrawal import sale_policy_words


class NothingToBook(Conflict):
    """Each session of the programme is booked, or the programme has ended."""


class BookedMeanwhile(Conflict):
    """The session that the page spoke of has been booked in another tab: it says when, and the page is shown anew."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """When, and for which session of the programme, as the page said."""

    start: datetime
    position: int
    agenda: str = ""
    early: bool = False
    """They asked that it may begin before their right to withdraw ends."""


def book_bought(session: Session, purchase_id: int, chosen: Chosen, *, now: datetime, settings: Settings) -> Booking:
    """The same again gives the same booking.

    Raises NothingToBook, BookedMeanwhile, SlotTaken, NotBookable, EarlyStartNotAsked, HoldOverdue.
    """
    rows = lock_programme(session, purchase_id)
    if again := _booked_before(rows, chosen):
        return again
    part = _next(rows, chosen)
    _require_unhindered(session, rows)
    require_active(session, rows.purchase.mentor_id, settings.meeting_url, for_money=False)
    _ask_for_early(rows, chosen, now)
    purchase, intervals = rows.purchase, lasting(rows.programme.minutes, [chosen.start])
    people = (purchase.mentor_id, purchase.mentee_id, purchase.offering_id)
    wanted = Wanted(*people, purchase.title, intervals, chosen.agenda)
    [booking] = take_slots(session, wanted, held_until=now, now=now, envelope=envelope_of(settings))
    use(session, part, booking)
    confirm(session, booking, now=now)
    rows.programme.asked = 0
    plan_asking(session, rows.programme)
    _tell(session, rows, part, booking, now)
    plan_reminders(session, booking, now=now)
    return booking


def use(session: Session, part: PurchaseSession, booking: Booking) -> None:
    """It is that booking's from now on; what it had before stays known as the one before."""
    if part.booking_id is not None:
        session.add(SessionBefore(booking_id=part.booking_id, purchase_id=part.purchase_id, position=part.position))
    part.booking_id, part.to_book = booking.id, False
    session.flush()


def _booked_before(rows: ProgrammeRows, chosen: Chosen) -> Booking | None:
    """By the same press. Raises BookedMeanwhile for another time."""
    for part, booking in rows.sessions:
        if part.position == chosen.position and not part.to_book and booking is not None:
            if booking.starts_at == chosen.start:
                return booking
            raise BookedMeanwhile("This session has been booked already. Please look at what is left.")
    return None


def _next(rows: ProgrammeRows, chosen: Chosen) -> PurchaseSession:
    """Raises NothingToBook."""
    part = next((each for each in rows.to_book if each.position == chosen.position), None)
    if part is None or rows.purchase.status != PurchaseStatus.SOLD:
        raise NothingToBook("Nothing of this programme is left to be booked.")
    return part


def _require_unhindered(session: Session, rows: ProgrammeRows) -> None:
    """Nothing is used of what a bank wants back, or has. Raises NotBookable."""
    payment: Payment | None = rows.payment
    if payment is not None and (payment_is_disputed(session, payment.id) or is_gone(session, payment)):
        raise NotBookable("A bank wants the money for this programme back, so nothing more can be booked of it.")


def _ask_for_early(rows: ProgrammeRows, chosen: Chosen, now: datetime) -> None:
    """Once is enough for all of its sessions. Raises EarlyStartNotAsked."""
    if not needs_early(rows.purchase, rows.programme, chosen.start):
        return
    if not chosen.early:
        raise EarlyStartNotAsked("This session begins before your right to withdraw ends: please ask for that.")
    rows.programme.early_asked_at = now


def needs_early(purchase: Purchase, programme: Programme, start: datetime) -> bool:
    """Whether a session then would begin before the right to withdraw ends, and nobody has asked for that yet."""
    until = purchase.withdrawal_until
    return until is not None and start < until and programme.early_asked_at is None


def _tell(session: Session, rows: ProgrammeRows, part: PurchaseSession, booking: Booking, now: datetime) -> None:
    mentee, mentor = (session.get_one(User, each) for each in (booking.mentee_id, booking.mentor_id))
    number, of = part.position, len(rows.sessions)
    with speaking(mentee.locale):
        mentee_lines = [
            _(
                "Session %(number)s of %(of)s of your programme: it is paid for, and nothing is charged.",
                number=number,
                of=of,
            )
        ]
        if rows.purchase.total_minor:
            mentee_lines.append(sale_policy_words(rows.purchase, booking.starts_at, mentee.tz, now))
    with speaking(mentor.locale):
        earned = formats.money(Money(part.share_minor, rows.purchase.currency))
        mentor_lines = [
            _("Session %(number)s of %(of)s of the programme.", number=number, of=of),
            _("You earn: %(sum)s, once the session has taken place.", sum=earned),
        ]
    tell_booked(session, booking, now=now, mentee_lines=mentee_lines, mentor_lines=mentor_lines)
