"""Book the next session of a programme out of what was bought, or several as a series: nothing is charged, and they are
confirmed at once. Of a series all are booked, or none.

Keeps rules no_double_booking, business_hours_only, caps_hold (judged as every other booking), and one use of each
session that was sold (trigger `session_is_used_once`).
"""

from __future__ import annotations

from collections.abc import Mapping
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
    """A session that the page spoke of has been booked in another tab: it says when, and the page is shown anew."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """When, for which sessions of the programme by their position, as the page said: one, or a series."""

    starts: Mapping[int, datetime]
    agenda: str = ""
    """Of the first."""
    early: bool = False
    """They asked that it may begin before their right to withdraw ends."""

    @property
    def in_order(self) -> list[tuple[int, datetime]]:
        """The earliest first."""
        return sorted(self.starts.items(), key=lambda each: each[1])

    @property
    def first(self) -> datetime:
        return min(self.starts.values())


def book_bought(
    session: Session, purchase_id: int, chosen: Chosen, *, now: datetime, settings: Settings
) -> list[Booking]:
    """In the order in which they begin. The same again gives the same bookings.

    Raises NothingToBook, BookedMeanwhile, SlotTaken, NotBookable, EarlyStartNotAsked, HoldOverdue.
    """
    rows = lock_programme(session, purchase_id)
    if again := _booked_before(rows, chosen):
        return again
    parts = _to_use(rows, chosen)
    _require_unhindered(session, rows)
    require_active(session, rows.purchase.mentor_id, settings.meeting_url, for_money=False)
    _ask_for_early(rows, chosen, now)
    purchase, intervals = rows.purchase, lasting(rows.programme.minutes, [at for _position, at in chosen.in_order])
    people = (purchase.mentor_id, purchase.mentee_id, purchase.offering_id)
    wanted = Wanted(*people, purchase.title, intervals, chosen.agenda)
    bookings = take_slots(session, wanted, held_until=now, now=now, envelope=envelope_of(settings))
    for part, booking in zip(parts, bookings, strict=True):
        use(session, part, booking)
    session.flush()
    confirm(session, *bookings, now=now)
    rows.programme.asked = 0
    plan_asking(session, rows.programme)
    _tell(session, rows, parts, bookings, now)
    plan_reminders(session, *bookings, now=now)
    return bookings


def use(session: Session, part: PurchaseSession, booking: Booking) -> None:
    """It is that booking's from now on; what it had before stays known as the one before."""
    if part.booking_id is not None:
        session.add(SessionBefore(booking_id=part.booking_id, purchase_id=part.purchase_id, position=part.position))
    part.booking_id, part.to_book = booking.id, False


def _booked_before(rows: ProgrammeRows, chosen: Chosen) -> list[Booking]:
    """All of them by the same press; none if all are still to be booked. Raises BookedMeanwhile for anything else."""
    stand = {part.position: each for part, each in rows.sessions if each is not None and not part.to_book}
    found = {position: stand[position] for position, _at in chosen.in_order if position in stand}
    if found and {position: each.starts_at for position, each in found.items()} != dict(chosen.starts):
        raise BookedMeanwhile("This session has been booked already. Please look at what is left.")
    return list(found.values())


def _to_use(rows: ProgrammeRows, chosen: Chosen) -> list[PurchaseSession]:
    """The sessions of the programme, in the order in which they will begin. Raises NothingToBook."""
    left = {each.position: each for each in rows.to_book}
    if rows.purchase.status != PurchaseStatus.SOLD or not chosen.starts.keys() <= left.keys():
        raise NothingToBook("Nothing of this programme is left to be booked.")
    return [left[position] for position, _at in chosen.in_order]


def _require_unhindered(session: Session, rows: ProgrammeRows) -> None:
    """Nothing is used of what a bank wants back, or has. Raises NotBookable."""
    payment: Payment | None = rows.payment
    if payment is not None and (payment_is_disputed(session, payment.id) or is_gone(session, payment)):
        raise NotBookable("A bank wants the money for this programme back, so nothing more can be booked of it.")


def _ask_for_early(rows: ProgrammeRows, chosen: Chosen, now: datetime) -> None:
    """Once is enough for all of its sessions. Raises EarlyStartNotAsked."""
    if not needs_early(rows.purchase, rows.programme, chosen.first):
        return
    if not chosen.early:
        raise EarlyStartNotAsked("This session begins before your right to withdraw ends: please ask for that.")
    rows.programme.early_asked_at = now


def needs_early(purchase: Purchase, programme: Programme, start: datetime) -> bool:
    """Whether a session then would begin before the right to withdraw ends, and nobody has asked for that yet."""
    until = purchase.withdrawal_until
    return until is not None and start < until and programme.early_asked_at is None


def _tell(
    session: Session, rows: ProgrammeRows, parts: list[PurchaseSession], bookings: list[Booking], now: datetime
) -> None:
    """One letter of all of them, to each of the two."""
    mentee, mentor = (session.get_one(User, each) for each in (rows.purchase.mentee_id, rows.purchase.mentor_id))
    with speaking(mentee.locale):
        mentee_lines = [_paid_for(parts, len(rows.sessions))]
        if rows.purchase.total_minor:
            mentee_lines.append(sale_policy_words(rows.purchase, bookings[0].starts_at, mentee.tz, now))
    with speaking(mentor.locale):
        mentor_lines = _earned(parts, len(rows.sessions), rows.purchase.currency)
    tell_booked(session, *bookings, now=now, mentee_lines=mentee_lines, mentor_lines=mentor_lines)


def _paid_for(parts: list[PurchaseSession], of: int) -> str:
    if len(parts) == 1:
        number = parts[0].position
        return _(
            "Session %(number)s of %(of)s of your programme: it is paid for, and nothing is charged.",
            number=number,
            of=of,
        )
    return _(
        "%(number)s of the %(of)s sessions of your programme: they are paid for, and nothing is charged.",
        number=len(parts),
        of=of,
    )


def _earned(parts: list[PurchaseSession], of: int, currency: str) -> list[str]:
    earned = formats.money(Money(sum(each.share_minor for each in parts), currency))
    if len(parts) == 1:
        return [
            _("Session %(number)s of %(of)s of the programme.", number=parts[0].position, of=of),
            _("You earn: %(sum)s, once the session has taken place.", sum=earned),
        ]
    return [
        _("%(number)s of the %(of)s sessions of the programme.", number=len(parts), of=of),
        _("You earn: %(sum)s in all, session by session, once each has taken place.", sum=earned),
    ]
