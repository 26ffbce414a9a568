"""Reads of mentorships: whose they are, where they stand, and their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.mentors.models import Mentor
from marketplace.mentorships.domain.papers import Kind
from marketplace.mentorships.domain.states import Stage, Standing, stage
from marketplace.mentorships.domain.visibility import Role
from marketplace.mentorships.models.pairs import Mentorship, StandingChange
from marketplace.mentorships.models.papers import Paper, PaperVersion
from marketplace.mentorships.queries.messages import unread_by

_Row = Select[Mentorship, int, datetime | None, datetime | None, bool, int]
_STANDS = (Booking.status == BookingStatus.CONFIRMED, Booking.status == BookingStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class Pair:
    """A mentorship with what its sessions say; `met` counts those that took place."""

    row: Mentorship
    met: int
    last_met_at: datetime | None
    next_at: datetime | None
    agreed: bool
    """Whether both accept how they work together, in some version."""
    unread: int
    """Messages that whoever asks has not had before them."""

    @property
    def stage(self) -> Stage:
        return stage(Standing(self.row.standing), met=self.met, agreed=self.agreed)

    def role_of(self, user_id: int) -> Role:
        """Of one of the two."""
        return Role.MENTOR if user_id == self.row.mentor_id else Role.MENTEE

    def other(self, user_id: int) -> User:
        return self.row.mentee if user_id == self.row.mentor_id else self.row.mentor.user


def pairs_of(session: Session, user_id: int, now: datetime) -> list[Pair]:
    """As mentor and as mentee: whoever meets next first, then whoever met last."""
    theirs = or_(Mentorship.mentor_id == user_id, Mentorship.mentee_id == user_id)
    found = _pairs(session, _with_sessions(now, user_id).where(theirs))
    ahead = sorted((pair for pair in found if pair.next_at), key=lambda pair: (pair.next_at, pair.row.id))
    others = [pair for pair in found if not pair.next_at]
    return ahead + sorted(others, key=lambda pair: pair.last_met_at or pair.row.began_at, reverse=True)


def pair_of(session: Session, public_id: str, user_id: int, now: datetime) -> Pair:
    """Raises NotFound for everybody but the two people."""
    theirs = or_(Mentorship.mentor_id == user_id, Mentorship.mentee_id == user_id)
    found = _pairs(session, _with_sessions(now, user_id).where(Mentorship.public_id == public_id, theirs))
    if not found:
        raise NotFound("There is no such mentorship.")
    return found[0]


def address_of(session: Session, mentor_id: int, mentee_id: int) -> str | None:
    """The public id of a pair's mentorship, if they have one."""
    pair = (Mentorship.mentor_id == mentor_id, Mentorship.mentee_id == mentee_id)
    return session.scalar(select(Mentorship.public_id).where(*pair))


def sessions_of(session: Session, mentorship: Mentorship) -> Sequence[Booking]:
    """Those that stand or took place, in their order."""
    pair = (Booking.mentor_id == mentorship.mentor_id, Booking.mentee_id == mentorship.mentee_id)
    return session.scalars(select(Booking).where(*pair, or_(*_STANDS)).order_by(Booking.starts_at, Booking.id)).all()


def changes_of(session: Session, mentorship_id: int) -> Sequence[StandingChange]:
    of_it = StandingChange.mentorship_id == mentorship_id
    return session.scalars(select(StandingChange).where(of_it).order_by(StandingChange.id)).all()


def _with_sessions(now: datetime, user_id: int) -> _Row:
    over = and_(or_(*_STANDS), Booking.ends_at <= now)
    ahead = and_(Booking.status == BookingStatus.CONFIRMED, Booking.ends_at > now)
    pair = and_(Booking.mentor_id == Mentorship.mentor_id, Booking.mentee_id == Mentorship.mentee_id)
    met = func.count().filter(over)
    last, following = func.max(Booking.ends_at).filter(over), func.min(Booking.starts_at).filter(ahead)
    facts = (
        select(met.label("met"), last.label("last"), following.label("following"))
        .where(pair)
        .correlate(Mentorship)
        .lateral()
    )
    accepted = (
        select(PaperVersion.number)
        .join(Paper, Paper.id == PaperVersion.paper_id)
        .where(Paper.mentorship_id == Mentorship.id, Paper.kind == Kind.AGREEMENT)
        .where(PaperVersion.mentor_agreed_at.is_not(None), PaperVersion.mentee_agreed_at.is_not(None))
        .exists()
    )
    people = (joinedload(Mentorship.mentor).joinedload(Mentor.user), joinedload(Mentorship.mentee))
    found = select(Mentorship, facts.c.met, facts.c.last, facts.c.following, accepted, unread_by(user_id))
    return found.options(*people).order_by(Mentorship.id)


def _pairs(session: Session, statement: _Row) -> list[Pair]:
    return [Pair(*row) for row in session.execute(statement)]
