"""A pair that books nothing more of a programme is asked how it goes on, unless it rests. Nothing lapses by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from payments.domain.programmes import ask_at
from payments.queries.programmes import last_booked
from payments.services.programme_rows import lock_programme, plan_asking
from payments.services.tell_programmes import tell_asked

Rest = Callable[[Session, int, int], bool]
"""Whether a mentor and a mentee, in this order, have said that they rest: payments know nothing of mentorships."""
RESTS: list[Rest] = []


def pauses_asking(rest: Rest) -> Rest:
    """Register what keeps a pair from being asked."""
    RESTS.append(rest)
    return rest


def ask_how_it_goes_on(session: Session, purchase_id: int, *, now: datetime) -> None:
    """If it is time by what is booked now; nothing, the second time."""
    rows = lock_programme(session, purchase_id)
    programme = rows.programme
    if programme.ask_at is None or programme.ask_at > now:
        return
    due = ask_at(last_booked(session, purchase_id), programme.cadence, programme.asked)
    if not rows.to_book:
        programme.ask_at = None
    elif due is None or due > now:
        programme.ask_at = due
    elif any(rest(session, rows.purchase.mentor_id, rows.purchase.mentee_id) for rest in RESTS):
        programme.ask_at = now + 2 * programme.cadence  # as long after the rest, at the most, as after a session
    else:
        programme.asked += 1
        tell_asked(session, rows.purchase, programme, now=now)
        plan_asking(session, programme)
        if (
            programme.ask_at is not None and programme.ask_at <= now
        ):  # the first was late, after a rest: not both at once
            programme.ask_at = now + 2 * programme.cadence
    session.flush()
