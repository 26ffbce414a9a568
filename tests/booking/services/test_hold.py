"""Holding a slot: what is listed can be held, what is held takes both people's time, and no rule is bent."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.domain.boundaries import Envelope
from booking.domain.intervals import Interval
from booking.domain.states import BookingStatus
from booking.models.bookings import Booking, Occupancy
from booking.queries.bookings import bookable_slots
from booking.services.hold import HoldOverdue, NotBookable, SlotTaken, hold_slots, revive
from booking.services.settle_hold import ImpossibleChange, confirm, end_hold
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.db import violated
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from tests.conftest import TUESDAY
from tests.factories import hours, make_mentor, make_offering, make_user

WEDNESDAY_TEN = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)  # 10:00 in Amsterdam
WEEK = Interval(TUESDAY, TUESDAY + timedelta(days=7))
ENVELOPE = Envelope()
MEETING = "https://meet.example.org"


@pytest.fixture
def hour(session: Session, grace: Mentor) -> Offering:
    return make_offering(session, grace)


def hold(
    session: Session, offering: Offering, mentee: User, start: datetime = WEDNESDAY_TEN, **given: object
) -> Booking:
    [held] = hold_slots(
        session,
        offering=offering,
        mentee_id=mentee.id,
        starts=[start],
        **{
            "held_until": TUESDAY + timedelta(minutes=35),
            "now": TUESDAY,
            "envelope": ENVELOPE,
            "site_meeting_url": MEETING,
            **given,
        },  # type: ignore[arg-type]
    )
    return held


def test_a_hold_takes_the_time_of_both(session: Session, hour: Offering, ada: User) -> None:
    booking = hold(session, hour, ada)

    spans = {row.user_id: row.span for row in session.execute(select(Occupancy.user_id, Occupancy.span))}
    ten = timedelta(minutes=10)
    assert (spans[ada.id].lower, spans[ada.id].upper) == (booking.starts_at, booking.ends_at)
    assert (spans[hour.mentor_id].lower, spans[hour.mentor_id].upper) == (
        booking.starts_at - ten,
        booking.ends_at + ten,
    )


def test_a_hold_keeps_what_it_was_judged_by(session: Session, hour: Offering, ada: User) -> None:
    booking = hold(session, hour, ada)

    assert (booking.zone, booking.local_start) == ("Europe/Amsterdam", datetime(2026, 12, 2, 10, 0))  # noqa: DTZ001
    assert (booking.envelope_weekdays, booking.envelope_opens, booking.envelope_closes) == ([1, 2, 3, 4, 5], 480, 1080)


def test_overlapping_holds_are_refused_by_the_database_itself(session: Session, hour: Offering, ada: User) -> None:
    first = hold(session, hour, ada)
    alan = make_user(session, "Alan Example")
    columns = {c.key: getattr(first, c.key) for c in Booking.__table__.columns if c.key != "id"}
    half_an_hour = timedelta(minutes=30)
    shifted = {key: columns[key] + half_an_hour for key in ("starts_at", "ends_at", "local_start", "local_end")}

    session.add(Booking(**columns | shifted | {"public_id": "other", "uid": "other", "mentee_id": alan.id}))
    with pytest.raises(IntegrityError) as refused:
        session.flush()

    assert violated(refused.value) == "no_double_booking"


def test_both_neighbours_buffers_count(session: Session, hour: Offering, ada: User) -> None:
    hold(session, hour, ada)
    alan = make_user(session, "Alan Example")

    with pytest.raises(SlotTaken):
        hold(session, hour, alan, WEDNESDAY_TEN + timedelta(minutes=75))
    assert hold(session, hour, alan, WEDNESDAY_TEN + timedelta(minutes=90)).state is BookingStatus.HELD


def test_a_mentee_cannot_be_with_two_mentors_at_once(session: Session, hour: Offering, ada: User) -> None:
    hold(session, hour, ada)
    edsger = make_mentor(session, "Edsger Example")

    with pytest.raises(SlotTaken):
        hold(session, make_offering(session, edsger), ada)


def test_a_mentor_cannot_mentor_while_being_mentored(
    session: Session, hour: Offering, ada: User, grace: Mentor
) -> None:
    hold(session, hour, ada)
    edsger = make_mentor(session, "Edsger Example")
    grace_as_mentee = session.get_one(User, grace.id)

    with pytest.raises(SlotTaken):
        hold(session, make_offering(session, edsger), grace_as_mentee)


@pytest.mark.parametrize(
    ("boundaries", "starts"),
    [
        pytest.param({"sessions_a_day": 1}, [0, 120], id="sessions a day"),
        pytest.param({"minutes_a_day": 119}, [0, 120], id="minutes a day"),
        pytest.param({"sessions_a_week": 1}, [0, 24 * 60], id="sessions a week"),
    ],
)
def test_caps_hold(session: Session, boundaries: dict[str, int], starts: list[int]) -> None:
    offering = make_offering(session, make_mentor(session, boundaries=boundaries))
    first, second = (make_user(session, name) for name in ("Ada Example", "Alan Example"))
    hold(session, offering, first, WEDNESDAY_TEN + timedelta(minutes=starts[0]))

    with pytest.raises(SlotTaken, match="full"):
        hold(session, offering, second, WEDNESDAY_TEN + timedelta(minutes=starts[1]))


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(datetime(2026, 12, 2, 7, 0, tzinfo=UTC), id="before working hours"),
        pytest.param(datetime(2026, 12, 2, 15, 30, tzinfo=UTC), id="ends after working hours"),
        pytest.param(datetime(2026, 12, 5, 10, 0, tzinfo=UTC), id="on a Saturday"),
        pytest.param(datetime(2026, 12, 2, 9, 7, tzinfo=UTC), id="between two starts"),
        pytest.param(datetime(2026, 12, 1, 10, 0, tzinfo=UTC), id="too soon"),
        pytest.param(datetime(2027, 3, 1, 10, 0, tzinfo=UTC), id="too far ahead"),
        pytest.param(datetime(2026, 11, 30, 10, 0, tzinfo=UTC), id="in the past"),
    ],
)
def test_what_the_rules_forbid_cannot_be_held(session: Session, hour: Offering, ada: User, start: datetime) -> None:
    with pytest.raises(NotBookable):
        hold(session, hour, ada, start)


def test_the_database_refuses_a_session_outside_the_envelope(session: Session, hour: Offering, ada: User) -> None:
    booking = hold(session, hour, ada)

    booking.starts_at, booking.ends_at = (at + timedelta(days=3) for at in (booking.starts_at, booking.ends_at))
    booking.local_start, booking.local_end = (at + timedelta(days=3) for at in (booking.local_start, booking.local_end))
    with pytest.raises(IntegrityError) as refused:
        session.flush()

    assert violated(refused.value) == "business_hours_only"


def test_the_database_refuses_local_times_of_another_instant(session: Session, hour: Offering, ada: User) -> None:
    booking = hold(session, hour, ada)

    booking.starts_at += timedelta(minutes=15)
    with pytest.raises(IntegrityError) as refused:
        session.flush()

    assert violated(refused.value) == "local_times_are_of_the_instants"


@pytest.mark.parametrize("status", ["draft", "paused", "suspended"])
def test_a_mentor_who_is_not_active_cannot_be_booked(session: Session, ada: User, status: str) -> None:
    offering = make_offering(session, make_mentor(session, status=status))

    with pytest.raises(NotBookable):
        hold(session, offering, ada)


def test_a_mentor_without_a_place_to_meet_cannot_be_booked(session: Session, hour: Offering, ada: User) -> None:
    with pytest.raises(NotBookable, match="where"):
        hold(session, hour, ada, site_meeting_url="")


def test_an_overdue_hold_in_the_way_is_named_not_overwritten(session: Session, hour: Offering, ada: User) -> None:
    overdue = hold(session, hour, ada)
    alan = make_user(session, "Alan Example")
    later = TUESDAY + timedelta(minutes=36)

    with pytest.raises(HoldOverdue) as found:
        hold(session, hour, alan, now=later, held_until=later + timedelta(minutes=35))

    assert found.value.bookings == [overdue.id]


def test_an_overdue_hold_does_not_keep_a_cap_full(session: Session, ada: User) -> None:
    offering = make_offering(session, make_mentor(session, boundaries={"sessions_a_week": 1}))
    overdue = hold(session, offering, ada)
    later = TUESDAY + timedelta(minutes=36)

    with pytest.raises(HoldOverdue) as found:
        hold(session, offering, make_user(session), WEDNESDAY_TEN + timedelta(days=1), now=later)

    assert found.value.bookings == [overdue.id]


def test_a_released_slot_is_free_again(session: Session, hour: Offering, ada: User) -> None:
    end_hold(session, hold(session, hour, ada), now=TUESDAY, given_back=True)

    assert hold(session, hour, make_user(session, "Alan Example")).state is BookingStatus.HELD


def test_a_lapsed_booking_is_revived_if_it_is_still_bookable(session: Session, hour: Offering, ada: User) -> None:
    booking = hold(session, hour, ada)
    end_hold(session, booking, now=TUESDAY, given_back=False)

    revive(session, booking, now=TUESDAY + timedelta(minutes=40), envelope=ENVELOPE, site_meeting_url=MEETING)

    assert booking.state is BookingStatus.CONFIRMED
    assert session.query(Occupancy).count() == 2


def test_a_lapsed_booking_is_not_revived_into_somebody_elses_time(session: Session, hour: Offering, ada: User) -> None:
    booking = hold(session, hour, ada)
    end_hold(session, booking, now=TUESDAY, given_back=False)
    hold(session, hour, make_user(session, "Alan Example"))

    with pytest.raises(SlotTaken):
        revive(session, booking, now=TUESDAY, envelope=ENVELOPE, site_meeting_url=MEETING)


def test_terminal_states_never_go_back(session: Session, hour: Offering, ada: User) -> None:
    booking = hold(session, hour, ada)
    confirm(session, booking, now=TUESDAY)

    with pytest.raises(ImpossibleChange):
        end_hold(session, booking, now=TUESDAY, given_back=False)


def test_confirming_raises_both_calendars_revisions_and_holding_does_not(
    session: Session, hour: Offering, ada: User
) -> None:
    def revisions() -> list[int]:
        statement = select(User.calendar_revision).where(User.id.in_([ada.id, hour.mentor_id])).order_by(User.id)
        return list(session.scalars(statement))

    booking = hold(session, hour, ada)
    held = revisions()
    confirm(session, booking, now=TUESDAY)

    assert (held, revisions()) == ([0, 0], [1, 1])


@pytest.mark.slow
def test_what_is_listed_can_be_held_and_nothing_else(app: Flask, session: Session, settings: Settings) -> None:
    """Every quarter of an hour of a week, through the same computation and the same transaction as a mentee's."""
    mentor = make_mentor(session, weekly={2: hours("09:00-10:30"), 3: hours("09:00-12:00", "13:00-14:30")})
    offering, ada, alan = make_offering(session, mentor), make_user(session), make_user(session, "Alan Example")
    hold(session, offering, alan)
    listed = {
        slot.start
        for slot in bookable_slots(
            session, mentor_id=mentor.id, minutes=60, window=WEEK, now=TUESDAY, envelope=ENVELOPE, mentee_id=ada.id
        )
    }
    session.commit()

    held = set()
    for quarter in range(7 * 24 * 4):
        start = WEEK.start + timedelta(minutes=15 * quarter)
        try:
            hold(session, offering, ada, start)
        except (SlotTaken, NotBookable):
            pass
        else:
            held.add(start)
        session.rollback()

    assert listed
    assert held == listed
