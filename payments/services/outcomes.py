"""Say how a session was, decide it, or let it come to its end; settle its money and tell both, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.outcomes import Decision, Said, Side, by_silence, hearing_until, outcome
from booking.models.claims import BookingClaim
from booking.queries.outcomes import claims_of, facts_of
from booking.services.outcomes import bring_forward, decide, say
from booking.services.tell_outcomes import tell_claimed, tell_outcome
from marketplace.accounts.models import User
from marketplace.core import audit
from marketplace.core.language import speaking
from payments.queries.settling import dues_if, dues_of
from payments.services.rows import SoldRows, lock_sold
from payments.services.settle import settle_sale
from payments.words.outcomes import follows_words, in_both_zones, stands_words


@dataclass(frozen=True, slots=True)
class Saying:
    """What one of its two people says of a session."""

    side: Side
    person_id: int
    said: Said
    words: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an operator decides; both people read the reason."""

    decision: Decision
    operator_id: int
    reason: str


def bring_session_forward(session: Session, booking_id: int, *, now: datetime) -> None:
    """As far as it has come by now; nothing, the second time."""
    _go_on(session, lock_sold(session, booking_id), now)


def say_how_it_was(session: Session, booking_id: int, saying: Saying, *, now: datetime) -> None:
    """Raises NotToBeSaid."""
    rows = lock_sold(session, booking_id)
    claim = say(
        session,
        rows.booking,
        side=saying.side,
        person_id=saying.person_id,
        said=saying.said,
        words=saying.words,
        now=now,
    )
    _go_on(session, rows, now, actor_id=saying.person_id)
    if rows.booking.settled_at is None:
        _tell_claim(session, rows, claim, now)


def decide_session(session: Session, booking_id: int, ruling: Ruling, *, now: datetime) -> None:
    """Raises NotToBeDecided."""
    rows = lock_sold(session, booking_id)
    decide(session, rows.booking, decision=ruling.decision, by=ruling.operator_id, reason=ruling.reason, now=now)
    _end(session, rows, now, actor_id=None)
    _note(session, rows, ruling, now)


def _go_on(session: Session, rows: SoldRows, now: datetime, *, actor_id: int | None = None) -> None:
    found = bring_forward(session, rows.booking, now=now)
    if found is not None and found.is_final:
        _end(session, rows, now, actor_id=actor_id)


def _end(session: Session, rows: SoldRows, now: datetime, *, actor_id: int | None) -> None:
    """What took place as everybody expected is settled without a word."""
    settle_sale(session, rows, now=now)
    booking = rows.booking
    if not claims_of(session, booking.id):
        return
    dues = dues_of(session, rows.purchase, booking.id)
    lines = {}
    for side, reader, other in _both(session, rows):
        with speaking(reader.locale):
            lines[reader.id] = follows_words(dues, side, other.name)
    tell_outcome(session, booking, lines=lines, actor_id=actor_id, now=now)


def _tell_claim(session: Session, rows: SoldRows, claim: BookingClaim, now: datetime) -> None:
    """To the other one: what it comes to as things are, and until when they can say something to it."""
    booking = rows.booking
    facts = facts_of(booking, claims_of(session, booking.id))
    [(side, reader, other)] = [each for each in _both(session, rows) if each[1].id != claim.person_id]
    becomes = by_silence(facts)
    dues = None if becomes is None else dues_if(session, rows.purchase, booking.id, becomes)
    with speaking(reader.locale):
        when = in_both_zones(hearing_until(facts), reader.zone, other.zone)
        stands = stands_words(facts, outcome(facts, now), side, other.name, when)
        tell_claimed(session, booking, claim, lines=[stands, *follows_words(dues, side, other.name)], now=now)


def _both(session: Session, rows: SoldRows) -> list[tuple[Side, User, User]]:
    """On which side, who, and who is the other one."""
    mentee, mentor = (session.get_one(User, each) for each in (rows.booking.mentee_id, rows.booking.mentor_id))
    return [(Side.MENTEE, mentee, mentor), (Side.MENTOR, mentor, mentee)]


def _note(session: Session, rows: SoldRows, ruling: Ruling, now: datetime) -> None:
    audit.note(
        session,
        "payments:decided",
        now=now,
        actor_id=ruling.operator_id,
        about_id=rows.booking.mentee_id,
        subject=rows.booking.public_id,
        reason=ruling.reason,
        detail={"mentor": rows.booking.mentor_id, "decision": ruling.decision},
    )
