"""Add an offering, and change one. What is sold was copied at the hold and does not change (rule sold_is_frozen)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict, RuleBroken
from marketplace.core.money import Money
from marketplace.mentors.services.rows import locked_mentor
from marketplace.offerings.models import Offering, OfferingKind
from marketplace.offerings.queries import active_offerings, own_offering, own_offerings

MOST_ON_OFFER = 12


class OneFitCall(Conflict):
    """A mentor has one fit call on offer at a time."""


class OffersFull(RuleBroken):
    """So much is on offer that nobody could choose."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mentor says about an offering; the price is the mentor's own for all of it, and of a fit call nothing.
    A programme has several sessions, a cadence, and lines about its course."""

    title: str
    summary: str
    included: str
    minutes: int
    price: Money
    policy: str
    sessions: int = 1
    cadence_days: int | None = None
    milestones: str = ""
    pre_work: str = ""


def add_offering(session: Session, mentor_id: int, kind: OfferingKind, terms: Terms) -> Offering:
    """On offer at once, after all the others. Raises OneFitCall, OffersFull, NotFound for who is no mentor."""
    locked_mentor(session, mentor_id)
    require_room(session, mentor_id, kind)
    offering = Offering(mentor_id=mentor_id, kind=kind, position=len(numbered(own_offerings(session, mentor_id))))
    _write(offering, terms)
    session.add(offering)
    session.flush()
    return offering


def change_offering(session: Session, mentor_id: int, offering_id: int, terms: Terms) -> Offering:
    """Its kind stays. A hold that is being judged has read the old terms or reads the new ones, never half of each.

    Raises NotFound, also for another's.
    """
    locked_mentor(session, mentor_id)
    offering = own_offering(session, mentor_id, offering_id)
    _write(offering, terms)
    session.flush()
    return offering


def require_room(session: Session, mentor_id: int, kind: str) -> None:
    """Under the mentor's lock. Raises OneFitCall, OffersFull."""
    on_offer = active_offerings(session, [mentor_id])
    if kind == OfferingKind.FIT_CALL and any(each.is_fit_call for each in on_offer):
        raise OneFitCall("You offer a fit call already. Change that one, or pause it first.")
    if len(on_offer) >= MOST_ON_OFFER:
        raise OffersFull("You offer %(most)s things, more than anybody can choose from. Pause one.", most=MOST_ON_OFFER)


def numbered(offerings: list[Offering]) -> list[Offering]:
    """Each gets its place in the list as its position."""
    for position, each in enumerate(offerings):
        each.position = position
    return offerings


def _write(offering: Offering, terms: Terms) -> None:
    offering.title, offering.summary, offering.included = terms.title, terms.summary, terms.included
    offering.minutes, offering.policy = terms.minutes, terms.policy
    offering.sessions, offering.cadence_days = terms.sessions, terms.cadence_days
    offering.milestones, offering.pre_work = terms.milestones, terms.pre_work
    offering.price_minor, offering.currency = terms.price.minor, terms.price.currency
