"""One session, as one of its two people sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models import Booking
from booking.words import policy_words
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from marketplace.pages.queries import session_of, sold_as
from marketplace.pages.words import StateWords, state_words
from payments.models import Purchase


@dataclass(frozen=True, slots=True)
class SessionPage:
    """`other` is whom the reader meets. `join_url` and `policy` are empty unless the session is confirmed and not over;
    the mentee sees the purchase, the mentor what they earn."""

    booking: Booking
    state: StateWords
    mentor: Mentor
    is_mentees: bool
    other: User
    other_zone: ZoneInfo
    join_url: str
    purchase: Purchase | None
    earns: Money | None
    policy: str

    @property
    def is_paid(self) -> bool:
        return self.purchase is not None and bool(self.purchase.total_minor)

    @property
    def is_held(self) -> bool:
        return self.booking.state is BookingStatus.HELD

    @property
    def is_confirmed(self) -> bool:
        return self.booking.state is BookingStatus.CONFIRMED


def session_page(
    session: Session, public_id: str, user_id: int, settings: Settings, now: datetime, zone: ZoneInfo
) -> SessionPage:
    """Raises NotFound for everybody but the session's two people."""
    booking = session_of(session, public_id, user_id)
    mentor, is_mentees = booking.mentor, booking.mentee_id == user_id
    sold = sold_as(session, booking.id)
    purchase = sold[0] if sold else None
    ahead = booking.state is BookingStatus.CONFIRMED and now < booking.ends_at
    priced = is_mentees and ahead and purchase is not None and bool(purchase.gross)
    return SessionPage(
        booking=booking,
        state=state_words(booking.state, booking.starts_at, booking.ends_at, now),
        mentor=mentor,
        is_mentees=is_mentees,
        other=mentor.user if is_mentees else booking.mentee,
        other_zone=mentor.tz if is_mentees else booking.mentee.tz,
        join_url=(mentor.meeting_url or settings.meeting_url) if ahead else "",
        purchase=purchase if is_mentees else None,
        earns=Money(sold[1].share_minor, sold[0].currency) if sold and not is_mentees else None,
        policy=policy_words(purchase.policy, booking.starts_at, zone, now) if priced and purchase else "",
    )
