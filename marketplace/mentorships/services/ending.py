"""Ending a mentorship and what was bought for it with one press: by either side, without a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus, Canceller
from booking.models.bookings import Booking
from booking.services.locks import lock_people
from marketplace.core.money import Money
from marketplace.mentorships.domain.states import OVER, Standing
from marketplace.mentorships.domain.visibility import Role
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.services.papers import Writer
from marketplace.mentorships.services.standing import decide
from payments.models.sales import Purchase
from payments.queries.programmes import lasting_of_pair
from payments.services.end_programme import EndChanged, Ending, EndWish, NothingToEnd, end_programme, ending


@dataclass(frozen=True, slots=True)
class PairEnding:
    """What ending comes to: each programme of which something is left, with what goes back, and the sessions that
    were bought by themselves, which stay booked."""

    programmes: list[tuple[Purchase, Ending]]
    staying: list[Booking]

    @property
    def backs(self) -> Mapping[str, int]:
        """What goes back of each programme, in minor units: what is agreed to by a press."""
        return {purchase.public_id: found.back.minor for purchase, found in self.programmes}

    @property
    def back(self) -> list[Money]:
        """All that goes back, in each currency of which there is something."""
        sums: dict[str, Money] = {}
        for _, found in self.programmes:
            sums[found.back.currency] = sums.get(found.back.currency, Money(0, found.back.currency)) + found.back
        return [each for each in sums.values() if each]


def pair_ending(session: Session, pair: Mentorship, by: Role, now: datetime) -> PairEnding:
    """As things are."""
    programmes = []
    for purchase in lasting_of_pair(session, pair.mentor_id, pair.mentee_id):
        try:
            programmes.append((purchase, ending(session, purchase, _canceller(by), now)))
        except NothingToEnd:
            continue
    called_off = {booking.id for _, found in programmes for booking, _ in found.ahead}
    ahead = _ahead(session, pair, now)
    return PairEnding(programmes, [each for each in ahead if each.id not in called_off])


def end_pair(session: Session, writer: Writer, agreed: Mapping[str, int]) -> None:
    """Once, however often and by whomever it is pressed: `agreed` is what goes back of each programme as it was read.

    The lock of both people comes first, and the mentorship's after all others (docs/locking.md). Raises EndChanged.
    """
    pair, now = writer.mentorship, writer.now
    lock_people(session, (pair.mentor_id, pair.mentee_id))
    session.refresh(pair)
    found = pair_ending(session, pair, writer.role, now)
    if pair.standing in OVER and not found.programmes:
        return
    if found.backs != agreed:
        raise EndChanged("What goes back has changed since you opened this page. Please read it once more.")
    for purchase, each in found.programmes:
        wish = EndWish(_canceller(writer.role), writer.user_id, each.back.minor)
        end_programme(session, purchase.id, wish, now=now)
    if pair.standing not in OVER:
        decide(session, pair.public_id, Standing.ENDED, by_id=writer.user_id, now=now)


def _canceller(role: Role) -> Canceller:
    return Canceller.MENTOR if role is Role.MENTOR else Canceller.MENTEE


def _ahead(session: Session, pair: Mentorship, now: datetime) -> list[Booking]:
    """Sessions of the two that stand and have not begun."""
    theirs = (Booking.mentor_id == pair.mentor_id, Booking.mentee_id == pair.mentee_id)
    stands = (Booking.status == BookingStatus.CONFIRMED, Booking.starts_at > now)
    return list(session.scalars(select(Booking).where(*theirs, *stands).order_by(Booking.starts_at, Booking.id)))
