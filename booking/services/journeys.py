"""Live by other clocks for some dates. As `booking.services.hours`: under the mentor's lock, told before it is done,
and never a change to a session."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.domain.zones import Journey
from booking.models.bookings import Booking
from booking.models.days import JourneyRow
from booking.queries.days import journeys_of
from booking.services.hours import Told, TooMuchWritten, open_for_change, untold
from marketplace.core.errors import NotFound, RuleBroken

MOST_JOURNEYS = 20
_ONE_DAY = timedelta(days=1)


class TwoPlacesAtOnce(RuleBroken):
    """A journey shares a date with another one of the same mentor."""


def travel(session: Session, mentor_id: int, journey: Journey, *, told: Told, now: datetime) -> list[Booking]:
    """Gives the sessions that the other clocks would leave outside the hours, and writes only if the mentor was told of
    all. Raises TwoPlacesAtOnce, TooMuchWritten, HoursLocked."""
    before = open_for_change(session, mentor_id)
    today = before.zones.day_of(now)
    if any(each.first <= journey.last and journey.first <= each.last for each in before.journeys):
        raise TwoPlacesAtOnce("You are on another journey on some of these dates.")
    if sum(each.last >= today for each in before.journeys) >= MOST_JOURNEYS:
        raise TooMuchWritten("You can write down at most %(most)s journeys.", most=MOST_JOURNEYS)
    after = replace(before, journeys=(*before.journeys, journey))
    if outside := untold(session, mentor_id, before, after, told, now):
        return outside
    # What is long past is forgotten; the last days stay, since they say when this week began.
    past = func.upper(JourneyRow.days) < today - 8 * _ONE_DAY
    session.execute(delete(JourneyRow).where(JourneyRow.mentor_id == mentor_id, past))
    days = Range(journey.first, journey.last + _ONE_DAY)
    session.add(JourneyRow(mentor_id=mentor_id, days=days, zone=journey.key))
    session.flush()
    return []


def stay(session: Session, mentor_id: int, journey_id: int, *, told: Told, now: datetime) -> list[Booking]:
    """Those dates have the mentor's own clocks again; told of and written as `travel`. Raises NotFound, also for
    another's; HoursLocked."""
    before = open_for_change(session, mentor_id)
    written = journeys_of(session, [mentor_id]).get(mentor_id, [])
    if journey_id not in {each.id for each in written}:
        raise NotFound("This journey is not there any more.")
    kept = tuple(each.journey for each in written if each.id != journey_id)
    if outside := untold(session, mentor_id, before, replace(before, journeys=kept), told, now):
        return outside
    session.execute(delete(JourneyRow).where(JourneyRow.id == journey_id))
    return []
