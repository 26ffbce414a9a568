"""What one of a session's two people reads of how it was: what each has said, what it comes to, what they may say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from booking.domain.outcomes import DECIDED, MISSED_AFTER, Decision, Said, Side, by_silence, hearing_until, may_say
from booking.domain.outcomes import outcome as outcome_at
from booking.domain.states import CANCELLED, LAPSED, PENDING, BookingStatus
from booking.models.bookings import Booking
from booking.models.claims import BookingClaim
from booking.queries.outcomes import claims_of, facts_of, side_of
from booking.words.outcomes import said_words
from payments.domain.settle import Dues
from payments.models.sales import Purchase
from payments.offers.back import back_sentence
from payments.queries.settling import dues_if, refund_for
from payments.words.outcomes import DECISIONS, in_both_zones, stands_words, sums_for_operator, sums_words

WITHOUT_OUTCOME = PENDING | LAPSED | CANCELLED


@dataclass(frozen=True, slots=True)
class Told:
    says: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """`stands` is what it comes to as things are, `money` what that means in sums for the reader (empty where nothing
    was paid, or an operator has to decide); `reason` an operator's. `choices` is empty once nothing can be said."""

    told: list[Told]
    stands: str
    money: str
    reason: str
    choices: dict[Said, str]
    is_final: bool
    is_asked: bool
    """Somebody has said something that is not settled yet."""


def story_of(
    session: Session, booking: Booking, purchase: Purchase | None, reader_id: int, zone: object, now: datetime
) -> Story | None:
    """None before anybody could say anything, and of what did not take place. With both people loaded."""
    if booking.state in WITHOUT_OUTCOME or now < booking.starts_at + MISSED_AFTER:
        return None
    claims, side = claims_of(session, booking.id), side_of(booking, reader_id)
    facts = facts_of(booking, claims)
    outcome, becomes = outcome_at(facts, now), by_silence(facts)
    is_final = outcome.is_final or booking.settled_at is not None
    settled = outcome.status if is_final else becomes
    sums = _Sums(session, booking, purchase, side)
    other = booking.mentor.user if side is Side.MENTEE else booking.mentee
    other_zone = booking.zone if side is Side.MENTEE else other.zone
    when = in_both_zones(hearing_until(facts), zone, other_zone)
    return Story(
        told=_told(claims, reader_id, other.name),
        stands=stands_words(facts, outcome, side, other.name, when),
        money="" if settled is None else sums.words(settled, other.name, all_back=facts.decision is Decision.ALL_BACK),
        reason=booking.decision_reason or "",
        choices={} if is_final else _choices(may_say(facts, side, now), side, other.name, sums),
        is_final=is_final,
        is_asked=bool(claims) and not is_final,
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    session: Session
    booking: Booking
    purchase: Purchase | None
    side: Side

    def words(self, status: BookingStatus, name: str, *, all_back: bool = False) -> str:
        if self.purchase is None or self.purchase.total_minor is None or not self.purchase.gross:
            return ""
        dues = dues_if(self.session, self.purchase, self.booking.id, status, all_back=all_back)
        if self.booking.settled_at is not None and self.side is Side.MENTEE and dues.back:
            return back_sentence(self.session, self.purchase, dues, refund_for(self.session, self.booking.id))
        return sums_words(dues, self.side, name)


def _told(claims: Sequence[BookingClaim], reader_id: int, name: str) -> list[Told]:
    return [
        Told(
            said_words(Said(claim.said), by_reader=claim.person_id == reader_id, name=name),
            claim.words or "",
            claim.said_at,
        )
        for claim in claims
    ]


def _choices(open_now: frozenset[Said], side: Side, name: str, sums: _Sums) -> dict[Said, str]:
    """In their order, each with what follows if the other one accepts it."""
    missed = {Side.MENTEE: BookingStatus.NO_SHOW_MENTEE, Side.MENTOR: BookingStatus.NO_SHOW_MENTOR}
    labels = {
        Said.TOOK_PLACE: (_("It took place as it should."), BookingStatus.COMPLETED),
        Said.OTHER_MISSING: (_("%(name)s did not come.", name=name), missed[side.other]),
        Said.WAS_MISSING: (_("I did not come."), missed[side]),
    }
    offered = {said: f"{label} {sums.words(status, name)}".strip() for said, (label, status) in labels.items()}
    offered[Said.PROBLEM] = _("There was a problem. The site hears %(name)s too, and decides.", name=name)
    return {said: label for said, label in offered.items() if said in open_now}


def decisions(session: Session, booking: Booking, purchase: Purchase) -> dict[Decision, str]:
    """What an operator can decide, each with what it means in sums."""
    mentee, mentor = booking.mentee.name, booking.mentor.user.name

    def means(decision: Decision) -> Dues:
        all_back = decision is Decision.ALL_BACK
        return dues_if(session, purchase, booking.id, DECIDED[decision], all_back=all_back)

    return {
        decision: f"{label}. {sums_for_operator(means(decision), mentee, mentor)}"
        for decision, label in DECISIONS.items()
    }
