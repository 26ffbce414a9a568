"""Sample sessions: as calendars see them, and as rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from booking.domain.calendar import Appointment, Person, Scope, Site, Subscription
from booking.domain.states import CANCELLED, TOOK_PLACE, BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering

SITE = Site("Office Hours", "https://mentors.example.org", "https://meet.example.org/office-hours")
GRACE = Person("Grace Example", "Europe/Amsterdam")
ADA = Person("Ada Example", "America/New_York")
GRACES_ID, ADAS_ID = 1, 2
BOOKED_AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TEN = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)  # 10:00 in Amsterdam, a Tuesday
HOUR = timedelta(hours=1)
_numbers = count(1)

_APPOINTMENT = Appointment(
    public_id="s3ss10n",
    uid="k9d2@office-hours",
    sequence=0,
    status=BookingStatus.CONFIRMED,
    title="Single session",
    starts_at=TEN,
    ends_at=TEN + HOUR,
    created_at=BOOKED_AT,
    changed_at=BOOKED_AT,
    mentor_id=GRACES_ID,
    mentor=GRACE,
    mentee=ADA,
    meeting_url="https://meet.example.org/grace",
)


def appointment(**given: object) -> Appointment:
    """Ada's hour with Grace unless told otherwise; it ends an hour after `starts_at`."""
    if "starts_at" in given and "ends_at" not in given:
        given["ends_at"] = given["starts_at"] + HOUR  # type: ignore[operator]
    return replace(_APPOINTMENT, **given)  # type: ignore[arg-type]


def subscription(**given: object) -> Subscription:
    """Ada's calendar."""
    adas = Subscription(
        feed_id=1,
        user_id=ADAS_ID,
        scope=Scope.MENTEE,
        with_join_link=False,
        with_cancelled=True,
        revision=7,
        changed_at=BOOKED_AT,
        owner=ADA,
        language="en",
    )
    return replace(adas, **given)  # type: ignore[arg-type]


def make_booking(
    session: Session,
    offering: Offering,
    mentee: User,
    starts_at: datetime = TEN,
    *,
    status: BookingStatus = BookingStatus.CONFIRMED,
    **given: object,
) -> Booking:
    """A row of its own making, judged by an envelope that is open all week."""
    mentor = session.get_one(Mentor, offering.mentor_id)
    ends_at = starts_at + timedelta(minutes=offering.minutes)
    number = next(_numbers)
    fields: dict[str, object] = {
        "public_id": f"session{number}",
        "uid": f"uid{number}@office-hours",
        "title": offering.title,
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 0,
        "zone": mentor.zone,
        "local_start": starts_at.astimezone(mentor.tz).replace(tzinfo=None),
        "local_end": ends_at.astimezone(mentor.tz).replace(tzinfo=None),
        "envelope_weekdays": list(range(1, 8)),
        "envelope_opens": 0,
        "envelope_closes": 1440,
        "held_until": BOOKED_AT + HOUR,
        "created_at": BOOKED_AT,
        "confirmed_at": BOOKED_AT,
        "changed_at": BOOKED_AT,
    }
    if status in TOOK_PLACE:
        fields |= {"completed_at": ends_at, "settled_at": ends_at + timedelta(hours=48)}
    if status in CANCELLED:
        fields |= _cancelled(status, mentor.id, mentee.id, starts_at)
    booking = Booking(
        mentor_id=mentor.id,
        mentee_id=mentee.id,
        offering_id=offering.id,
        status=status,
        starts_at=starts_at,
        ends_at=ends_at,
        **{**fields, **given},
    )
    session.add(booking)
    session.flush()
    return booking


def _cancelled(status: BookingStatus, mentor_id: int, mentee_id: int, starts_at: datetime) -> dict[str, object]:
    """What the database asks of a session that is called off; an operator is whoever is named."""
    by_mentee = status is BookingStatus.CANCELLED_BY_MENTEE
    return {
        "cancelled_at": min(BOOKED_AT, starts_at - HOUR),
        "cancelled_by": mentee_id if by_mentee else mentor_id,
        "cancel_reason": "The site is closed that day." if status is BookingStatus.CANCELLED_BY_OPERATOR else None,
        "sequence": 1,
    }
