"""The mentors who can be booked, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace.core.config import Settings
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering, OfferingKind
from marketplace.offerings.queries import active_offerings, bookable_mentors
from marketplace.pages.queries import sessions_with
from payments.domain.fees import price_lines
from payments.queries import fee_rule

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Card:
    """`price_from` is all that the reader would pay for the cheapest session, None for a mentor who sells none."""

    mentor: Mentor
    price_from: Money | None
    minutes: int
    has_fit_call: bool


@dataclass(frozen=True, slots=True)
class Directory:
    cards: list[Card]
    number: int
    has_more: bool


def directory(session: Session, *, number: int, reader_id: int | None, settings: Settings) -> Directory:
    """Page `number` from 1; one beyond the last is empty."""
    mentors = bookable_mentors(
        session, site_meeting_url=settings.meeting_url, offset=(number - 1) * PER_PAGE, limit=PER_PAGE + 1
    )
    shown = mentors[:PER_PAGE]
    ids = [mentor.id for mentor in shown]
    met = sessions_with(session, reader_id, ids) if reader_id else {}
    offerings: dict[int, list[Offering]] = defaultdict(list)
    for offering in active_offerings(session, ids):
        offerings[offering.mentor_id].append(offering)
    cards = [_card(mentor, offerings[mentor.id], met.get(mentor.id, 0), settings) for mentor in shown]
    return Directory(cards, number, has_more=len(mentors) > PER_PAGE)


def _card(mentor: Mentor, offerings: list[Offering], met: int, settings: Settings) -> Card:
    sessions = [offering for offering in offerings if offering.kind == OfferingKind.SESSION]
    cheapest = min(sessions, key=lambda offering: offering.price_minor, default=None)
    rule = fee_rule(settings)
    return Card(
        mentor=mentor,
        price_from=price_lines(cheapest.price, rule.rate_for(met + 1), rule.borne_by).gross if cheapest else None,
        minutes=cheapest.minutes if cheapest else 0,
        has_fit_call=any(offering.kind == OfferingKind.FIT_CALL for offering in offerings),
    )
