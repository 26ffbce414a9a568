"""How letters about bookings are worded, from the rows as they are when they go out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from booking import ics, invites
from booking.domain.calendar import Appointment, Site
from booking.domain.outcomes import Side
from booking.domain.proposals import ProposalStatus
from booking.domain.states import LAPSED, BookingStatus
from booking.models.bookings import Booking
from booking.models.moves import MoveProposal
from booking.queries.calendars import appointment, site_of
from booking.queries.fit_calls import answers_of
from booking.queries.moves import first_untold, move_made
from booking.services.notify import (
    BOOKED,
    CANCELLED,
    HOLD_ENDED,
    MOVED,
    PROPOSAL_OVER,
    PROPOSED,
    reach_after_cancelling,
    reach_after_moving,
    reach_mentee_at,
    reach_mentor_at,
    reach_person_at,
)
from booking.words.bookings import answered, who_cancelled, who_moved
from marketplace.accounts.models import User
from marketplace.core import formats, mail
from marketplace.core.http import settings
from marketplace.core.letters import written
from marketplace.core.mail import Letter, MailRow
from marketplace.mentors.models import Mentor


@mail.writes(BOOKED)
def booked(session: Session, row: MailRow) -> Letter | None:
    """With the invitation for whoever wants it; None once the session is no longer to take place. Of several that were
    booked at once the first is told with all that are to, and the others bring their invitations."""
    stand = [each for each in _booked_at_once(session, row) if each.state is BookingStatus.CONFIRMED]
    if not stand:
        return None
    booking, reader, site = stand[0], session.get_one(User, row.user_id), site_of(settings())
    told, side = appointment(session, booking.id, site), _side(booking, reader)
    invitation = _for_calendars(invites.request, told, reader, side, site)
    when = formats.local(told.starts_at, reader.zone)
    subject = _("Booked: %(title)s with %(name)s, %(when)s", title=told.title, name=told.other(side).name, when=when)
    words = {**_words(told, side, reader, site), "is_mentees": side is Side.MENTEE}
    if "place" in row.arguments:
        return _invited(row, reader, subject, words, invitation)
    words |= {"lines": row.arguments["lines"], "series": _times_of(session, stand[1:], site)}
    if side is Side.MENTOR:
        words |= {"agenda": booking.agenda, "answers": answered(answers_of(session, booking.id))}
    return letter("booking_booked", reader, subject, words, invitation)


def _invited(
    row: MailRow, reader: User, subject: str, words: dict[str, object], invitation: bytes | None
) -> Letter | None:
    """To one session of a series. Who wants no invitations has read of it in the letter about all of them."""
    if invitation is None:
        return None
    number, _slash, of = str(row.arguments["place"]).partition("/")
    words |= {"number": number, "of": of}
    return letter("booking_invited", reader, subject, words, invitation)


def _booked_at_once(session: Session, row: MailRow) -> list[Booking]:
    """The one that the letter is about, and those that it tells of with it."""
    keys: list[str] = [row.key, *row.arguments.get("series", [])]  # type: ignore[misc]
    return list(session.scalars(select(Booking).where(Booking.public_id.in_(keys)).order_by(Booking.starts_at)))


def _times_of(session: Session, bookings: list[Booking], site: Site) -> list[list[str]]:
    """Both local times of each."""
    return [_both(appointment(session, each.id, site)) for each in bookings]


@mail.times(BOOKED)
def booked_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    """To a mentor in working time, to a mentee at any."""
    booking = booking_of(session, row.key)
    if row.user_id != booking.mentor_id:
        return now
    return reach_mentor_at(session, booking.mentor_id, about=booking.starts_at, now=now)


@mail.writes(CANCELLED)
def cancelled(session: Session, row: MailRow) -> Letter:
    """It takes the session out of the calendar of whoever wants invitations."""
    booking = booking_of(session, row.key)
    reader, site = session.get_one(User, row.user_id), site_of(settings())
    told, side = appointment(session, booking.id, site), _side(booking, reader)
    withdrawal = _for_calendars(invites.cancel, told, reader, side, site)
    when = formats.local(told.starts_at, reader.zone)
    subject = _("Cancelled: %(title)s with %(name)s, %(when)s", title=told.title, name=told.other(side).name, when=when)
    words = {**_words(told, side, reader, site), "lines": row.arguments["lines"]}
    words |= {"who": who_cancelled(booking, reader.id, told.other(side).name), "reason": booking.cancel_reason}
    found = letter("booking_cancelled", reader, subject, words, withdrawal)
    return replace(found, calendar_method="CANCEL")


@mail.times(CANCELLED)
def cancelled_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    return reach_after_cancelling(session, booking_of(session, row.key), row.user_id, now=now)


@mail.writes(MOVED)
def moved(session: Session, row: MailRow) -> Letter | None:
    """The invitation moves the session in calendars. None once it does not take place, or has been moved on: then the
    last letter says from when to when."""
    booking = booking_of(session, row.key)
    if booking.state is not BookingStatus.CONFIRMED or booking.sequence != row.sequence:
        return None
    reader, site = session.get_one(User, row.user_id), site_of(settings())
    told, side = appointment(session, booking.id, site), _side(booking, reader)
    known, move = first_untold(session, booking, reader.id, MOVED), move_made(session, booking.id, row.sequence)
    was = replace(told, starts_at=known.from_starts_at, ends_at=known.from_ends_at)
    when = formats.local(told.starts_at, reader.zone)
    subject = _("Moved: %(title)s with %(name)s, %(when)s", title=told.title, name=told.other(side).name, when=when)
    words = {**_words(told, side, reader, site), "lines": row.arguments["lines"], "old_times": _both(was)}
    words |= {"who": who_moved(move, reader.id, told.other(side).name), "reason": move.reason}
    words |= {"is_mentees": side is Side.MENTEE}
    return letter("booking_moved", reader, subject, words, _for_calendars(invites.request, told, reader, side, site))


@mail.times(MOVED)
def moved_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    booking = booking_of(session, row.key)
    move = move_made(session, booking.id, row.sequence)
    return reach_after_moving(session, booking, move, row.user_id, now=now)


@mail.writes(PROPOSED)
def proposed(session: Session, row: MailRow) -> Letter | None:
    """Both times, until when to answer, and what follows from silence. None once there is nothing to answer."""
    proposal = _proposal(session, row.key)
    if proposal.state is not ProposalStatus.OPEN:
        return None
    reader, site = session.get_one(User, row.user_id), site_of(settings())
    told = appointment(session, proposal.booking_id, site)
    side = Side.MENTOR if reader.id == proposal.booking.mentor_id else Side.MENTEE
    name, until = told.other(side).name, formats.local_with_zone(proposal.expires_at, reader.zone)
    if side is Side.MENTEE:
        subject = _("%(name)s proposes another time for %(title)s", name=name, title=told.title)
    else:
        subject = _("You have proposed another time to %(name)s for %(title)s", name=name, title=told.title)
    new = replace(told, starts_at=proposal.starts_at, ends_at=proposal.ends_at)
    words = _words(told, side, reader, site)
    words |= {"new_times": _both(new), "until": until, "reason": proposal.reason, "page": f"{words['page']}/proposal"}
    return letter("booking_proposed", reader, subject, {**words, "is_mentees": side is Side.MENTEE})


@mail.times(PROPOSED)
def proposed_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    """The mentor has just asked for it."""
    booking = _proposal(session, row.key).booking
    if row.user_id == booking.mentor_id:
        return now
    return reach_person_at(session, booking, row.user_id, about=booking.starts_at, now=now)


@mail.writes(PROPOSAL_OVER)
def proposal_over(session: Session, row: MailRow) -> Letter | None:
    """The old time stands. None once the session itself is over or called off."""
    proposal = _proposal(session, row.key)
    if proposal.booking.state is not BookingStatus.CONFIRMED:
        return None
    reader, site = session.get_one(User, row.user_id), site_of(settings())
    told = appointment(session, proposal.booking_id, site)
    side = Side.MENTOR if reader.id == proposal.booking.mentor_id else Side.MENTEE
    when, name = formats.local(told.starts_at, reader.zone), told.other(side).name
    subject = _("It stays as it is: %(title)s with %(name)s, %(when)s", title=told.title, name=name, when=when)
    words = {**_words(told, side, reader, site), "is_withdrawn": proposal.state is ProposalStatus.WITHDRAWN}
    return letter("booking_proposal_over", reader, subject, {**words, "is_mentees": side is Side.MENTEE})


@mail.times(PROPOSAL_OVER)
def proposal_over_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    booking = _proposal(session, row.key).booking
    return reach_person_at(session, booking, row.user_id, about=booking.starts_at, now=now)


@mail.times(HOLD_ENDED)
def hold_ended_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    return reach_mentee_at(session, row.user_id, about=booking_of(session, row.key).starts_at, now=now)


@mail.writes(HOLD_ENDED)
def hold_ended(session: Session, row: MailRow) -> Letter | None:
    """None if a late payment has revived the booking meanwhile."""
    booking = booking_of(session, row.key)
    if booking.state not in LAPSED:
        return None
    reader, site = session.get_one(User, row.user_id), site_of(settings())
    told = appointment(session, booking.id, site)
    when = formats.local(told.starts_at, reader.zone)
    subject = _("No longer held: %(title)s with %(name)s, %(when)s", title=told.title, name=told.mentor.name, when=when)
    slug = session.get_one(Mentor, booking.mentor_id).slug
    words = {**_words(told, Side.MENTEE, reader, site), "again": f"{site.public_url}/mentors/{slug}"}
    words |= {"series": _times_of(session, _booked_at_once(session, row)[1:], site)}
    return letter("booking_hold_ended", reader, subject, words)


def booking_of(session: Session, public_id: str) -> Booking:
    return session.execute(select(Booking).where(Booking.public_id == public_id)).scalar_one()


def _proposal(session: Session, public_id: str) -> MoveProposal:
    """With its session."""
    statement = select(MoveProposal).where(MoveProposal.public_id == public_id)
    return session.execute(statement.options(joinedload(MoveProposal.booking))).scalar_one()


def _side(booking: Booking, reader: User) -> Side:
    return Side.MENTOR if reader.id == booking.mentor_id else Side.MENTEE


def _for_calendars(
    write: Callable[..., bytes], told: Appointment, reader: User, side: Side, site: Site
) -> bytes | None:
    """What goes with the letter to whoever wants invitations."""
    if not reader.wants_invitations:
        return None
    invited = invites.Invited(reader.name, reader.email, side)
    return write(told, invited, sender=parseaddr(settings().mail_from)[1], site=site)


def words_of(session: Session, booking: Booking, reader: User) -> dict[str, Any]:
    """What every letter about a session says of it, to one of its two people; `when` is in the reader's zone."""
    site = site_of(settings())
    told = appointment(session, booking.id, site)
    when = formats.local(told.starts_at, reader.zone)
    return {**_words(told, _side(booking, reader), reader, site), "when": when}


def _words(told: Appointment, side: Side, reader: User, site: Site) -> dict[str, object]:
    return {
        "reader": reader,
        "site": site,
        "told": told,
        "other": told.other(side),
        "times": _both(told),
        "page": site.session_page(told.public_id),
    }


def _both(told: Appointment) -> list[str]:
    return [ics.local_time(told, told.mentee), ics.local_time(told, told.mentor)]


def letter(name: str, reader: User, subject: str, words: dict[str, object], calendar: bytes | None = None) -> Letter:
    return replace(written(name, to=reader.email, subject=ics.line_of(subject), **words), calendar=calendar)
