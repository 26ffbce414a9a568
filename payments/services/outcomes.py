"""Say how a session was, decide it, or let it come to its end; settle its money and tell both, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.outcomes import Decision, Said, Side
from booking.services.outcomes import bring_forward, decide, say
from marketplace.core import audit
from payments.services.rows import SoldRows, lock_sold
from payments.services.settle import settle_sale


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
    say(
        session,
        rows.booking,
        side=saying.side,
        person_id=saying.person_id,
        said=saying.said,
        words=saying.words,
        now=now,
    )
    _go_on(session, rows, now)


def decide_session(session: Session, booking_id: int, ruling: Ruling, *, now: datetime) -> None:
    """Raises NotToBeDecided."""
    rows = lock_sold(session, booking_id)
    decide(session, rows.booking, decision=ruling.decision, by=ruling.operator_id, reason=ruling.reason, now=now)
    settle_sale(session, rows, now=now)
    _note(session, rows, ruling, now)


def _go_on(session: Session, rows: SoldRows, now: datetime) -> None:
    found = bring_forward(session, rows.booking, now=now)
    if found is not None and found.is_final:
        settle_sale(session, rows, now=now)


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
