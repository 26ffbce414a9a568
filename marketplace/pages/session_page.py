"""One session, as one of its two people sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking.domain.calendar_links import CalendarEntry
from booking.domain.states import TOOK_PLACE, BookingStatus
from booking.models.bookings import Booking
from booking.models.moves import MoveProposal
from booking.queries.fit_calls import answers_of
from booking.queries.moves import moves_of, to_answer
from booking.services.ahead import AlreadyCancelled
from booking.services.move import NotMovable
from booking.words.bookings import Answered, answered, who_cancelled, who_moved
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from marketplace.mentorships.queries.pairs import address_of
from marketplace.pages.queries import session_of, sold_as
from marketplace.pages.words import OVER, StateWords, state_words
from payments.models.returns import GivenBack
from payments.models.sales import Purchase, PurchaseSession
from payments.offers.back import back_sentence
from payments.offers.disputes import DisputeStory, dispute_story
from payments.offers.outcomes import Story, story_of
from payments.queries.programmes import is_still_bought, sessions_of
from payments.queries.settling import dues_of, given_back_for, paid_for, refund_for
from payments.services.move import require_movable
from payments.words.cancel import earned_words, stays_bought_words, still_bought_words
from payments.words.withdrawal import sale_policy_words


@dataclass(frozen=True, slots=True)
class Cancelled:
    """`who` and `money` are sentences for the reader; there is none about money where nothing was paid. `may_take` is
    what the mentee may have back instead of booking the session again."""

    who: str
    at: datetime
    reason: str
    money: str
    may_take: Money | None = None


@dataclass(frozen=True, slots=True)
class InProgramme:
    """Which session of a programme it is; `left` are still to be booked. Its page is the purchase's."""

    number: int
    of: int
    left: int
    purchase: str


@dataclass(frozen=True, slots=True)
class Moved:
    """`who` is a sentence for the reader; `was_at` is when the session was to begin before."""

    who: str
    at: datetime
    was_at: datetime
    reason: str


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
    programme: InProgramme | None
    earns: Money | None
    policy: str
    entry: CalendarEntry
    """The session as web calendars are told of it."""
    agenda_open: bool
    """Whether the mentee may still write what they want to talk about."""
    answers: list[Answered]
    """What was asked before a fit call, and answered."""
    may_cancel: bool
    may_move: bool
    moved: list[Moved]
    proposal: MoveProposal | None
    """What the mentor wishes instead, while it can be answered."""
    cancelled: Cancelled | None
    given_back: list[GivenBack]
    """What an operator gave back after it was settled."""
    story: Story | None
    """What was said of how it was, and what it comes to; none before ten minutes after the start."""
    dispute: DisputeStory | None
    """What a bank does about its payment, and what was attached to the answer."""
    mentorship: str | None
    """Where the two work on more than this session; none before one of theirs is confirmed."""

    @property
    def is_paid(self) -> bool:
        """Bought for something, even if a code took all of it."""
        return self.purchase is not None and self.purchase.total_minor is not None and bool(self.purchase.gross)

    @property
    def has_notes(self) -> bool:
        return self.booking.state is BookingStatus.CONFIRMED or self.booking.state in TOOK_PLACE

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
    ahead = booking.is_ahead(now)
    story = story_of(session, booking, purchase, user_id, zone, now)
    state = state_words(booking.state, booking.starts_at, booking.ends_at, now)
    priced = is_mentees and ahead and purchase is not None and bool(purchase.total_minor)
    return SessionPage(
        booking=booking,
        # While the two are asked how it was, no badge says that it took place.
        state=OVER if story and story.is_asked and now >= booking.ends_at else state,
        mentor=mentor,
        is_mentees=is_mentees,
        other=mentor.user if is_mentees else booking.mentee,
        other_zone=booking.tz if is_mentees else booking.mentee.tz,
        join_url=mentor.meets_at(settings.meeting_url) if ahead else "",
        purchase=purchase if is_mentees else None,
        programme=_programme(session, *sold) if sold else None,
        earns=Money(sold[1].share_minor, sold[0].currency) if sold and not is_mentees else None,
        policy=sale_policy_words(purchase, booking.starts_at, zone, now) if priced and purchase else "",
        entry=_entry(booking, mentor.user if is_mentees else booking.mentee, settings),
        agenda_open=booking.occupies and now < booking.ends_at,
        answers=answered(answers_of(session, booking.id)),
        may_cancel=booking.state is BookingStatus.CONFIRMED and now < booking.starts_at,
        may_move=is_mentees and purchase is not None and _may_move(session, purchase, booking, now),
        proposal=to_answer(session, booking.id, now),
        moved=_moved(session, booking, user_id),
        cancelled=_cancelled(session, booking, sold, user_id),
        given_back=given_back_for(session, booking.id),
        story=story,
        dispute=dispute_story(session, booking, purchase, is_mentees=is_mentees),
        mentorship=address_of(session, booking.mentor_id, booking.mentee_id),
    )


def _may_move(session: Session, purchase: Purchase, booking: Booking, now: datetime) -> bool:
    try:
        require_movable(session, purchase, booking, now)
    except (AlreadyCancelled, NotMovable):
        return False
    return True


def _moved(session: Session, booking: Booking, user_id: int) -> list[Moved]:
    """The last one first."""
    other = booking.mentor.user if booking.mentee_id == user_id else booking.mentee
    return [
        Moved(who_moved(move, user_id, other.name), move.moved_at, move.from_starts_at, move.reason or "")
        for move in reversed(moves_of(session, booking.id))
    ]


def _cancelled(
    session: Session, booking: Booking, sold: tuple[Purchase, PurchaseSession] | None, user_id: int
) -> Cancelled | None:
    if booking.cancelled_at is None:
        return None
    is_mentees = booking.mentee_id == user_id
    who = who_cancelled(booking, user_id, booking.mentor.user.name if is_mentees else booking.mentee.name)
    told = (who, booking.cancelled_at, booking.cancel_reason or "")
    if sold and is_still_bought(sold[1], booking.id):
        may_take = paid_for(*sold) if is_mentees else None
        return Cancelled(*told, stays_bought_words() if is_mentees else still_bought_words(), may_take)
    dues, money = dues_of(session, sold[0], booking.id) if sold else None, ""
    if sold is not None and dues is not None and dues.gross:
        refund = refund_for(session, booking.id)
        money = back_sentence(session, sold[0], dues, refund) if is_mentees else earned_words(dues)
    return Cancelled(*told, money)


def _programme(session: Session, purchase: Purchase, part: PurchaseSession) -> InProgramme | None:
    parts = [each for each, _ in sessions_of(session, purchase.id)]
    if len(parts) == 1:
        return None
    left = sum(each.to_book and each.returned_at is None for each in parts)
    return InProgramme(part.position, len(parts), left, purchase.public_id)


def _entry(booking: Booking, other: User, settings: Settings) -> CalendarEntry:
    page = f"{settings.public_url}/sessions/{booking.public_id}"
    title = f"{booking.title}: {other.name}"
    return CalendarEntry(title, booking.starts_at, booking.ends_at, where=page, details=page)
