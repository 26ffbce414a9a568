"""What is missing until a mentor can be booked and paid, for the mentor's desk and for the operator. It stands here
since it asks every feature below; the rule itself is `marketplace/mentors/domain/checklist.py`."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from booking import hours
from booking.queries.bookings import envelope_of, usual_weeks_of
from marketplace.core.config import Settings
from marketplace.mentors.domain.checklist import Item, checklist
from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import profile_facts
from marketplace.offerings.queries import active_offerings


def readiness(session: Session, mentor: Mentor, settings: Settings) -> list[Item]:
    """Of a mentor with all that a profile shows; three more reads."""
    usual = usual_weeks_of(session, [mentor.id]).get(mentor.id, {})
    prices = [offering.price_minor for offering in active_offerings(session, [mentor.id])]
    facts = replace(
        profile_facts(mentor, site_meeting_url=settings.meeting_url),
        offers_free=0 in prices,
        sells=any(prices),
        can_be_paid=mentor.can_be_paid,
        has_hours=bool(hours.within(usual, envelope_of(settings))),
    )
    return checklist(facts)
