"""Rules no_double_booking and caps_hold against many buyers at once, over HTTP, with gunicorn and four workers.

Each race has a control run with its guard off. Overlap has two guards: the locks, under which the slot is judged, and
the exclusion constraint; either alone holds, and with both off the race is seen. The caps have the locks alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations

import pytest
import requests
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from booking.models.bookings import Booking, Occupancy
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.mentors.models import Mentor
from tests.factories import make_mentor, make_offering, make_user
from tests.payments.conftest import TEN
from tests.races.crowd import Crowd, Wish, offers_other_times, statuses
from tests.server import served
from tools.demo.place import free_port

pytestmark = pytest.mark.slow

LOCKS_OFF = {"GUARDS_OFF": "locks"}
QUARTER = timedelta(minutes=15)


@contextmanager
def crowd(
    session: Session, settings: Settings, people: Sequence[User], *, guards_off: dict[str, str] | None = None
) -> Iterator[Crowd]:
    session.commit()
    port = free_port()
    there = replace(settings, public_url=f"http://127.0.0.1:{port}")
    with served(there, port=port, app="tests.races.slowed:app", extra=guards_off) as server:
        yield Crowd(server.url, people)


def buyers(session: Session, number: int) -> list[User]:
    return [make_user(session, f"Buyer {n}") for n in range(number)]


def take_away_the_constraint(session: Session) -> None:
    session.execute(text("ALTER TABLE occupancy DROP CONSTRAINT no_double_booking"))


def active(session: Session) -> list[Booking]:
    session.rollback()
    return list(session.scalars(select(Booking).where(Booking.status.in_(["held", "confirmed"]))))


def collisions(session: Session) -> int:
    """Pairs of occupied spans of one person that overlap: rule 1 broken."""
    session.rollback()
    rows = session.execute(select(Occupancy.user_id, Occupancy.span)).all()
    return sum(
        one.user_id == other.user_id and one.span.lower < other.span.upper and other.span.lower < one.span.upper
        for one, other in combinations(rows, 2)
    )


def wishes_for(mentor: Mentor, offering_id: int, people: Sequence[User], starts: Sequence[datetime]) -> list[Wish]:
    return [Wish(person.email, mentor.slug, offering_id, starts[n % len(starts)]) for n, person in enumerate(people)]


def test_of_fifty_buyers_of_one_slot_one_gets_it_and_the_others_get_other_times(
    session: Session, settings: Settings
) -> None:
    mentor, people = make_mentor(session), buyers(session, 50)
    offering = make_offering(session, mentor)

    with crowd(session, settings, people) as those:
        answers = those.press(wishes_for(mentor, offering.id, people, [TEN]))

    assert statuses(answers) == {303: 1, 409: 49}
    assert all(offers_other_times(answer) for answer in answers if answer.status_code == 409)
    assert (len(active(session)), collisions(session)) == (1, 0)


@pytest.mark.parametrize(
    ("guards_off", "constraint", "holds"),
    [
        pytest.param(None, False, True, id="the locks alone hold"),
        pytest.param(LOCKS_OFF, True, True, id="the constraint alone holds"),
        pytest.param(LOCKS_OFF, False, False, id="control: with both off, slots are sold more than once"),
    ],
)
def test_either_guard_alone_keeps_half_overlapping_slots_apart(
    session: Session, settings: Settings, guards_off: dict[str, str] | None, constraint: bool, holds: bool
) -> None:
    mentor, people = make_mentor(session), buyers(session, 40)
    offering = make_offering(session, mentor)
    if not constraint:
        take_away_the_constraint(session)

    with crowd(session, settings, people, guards_off=guards_off) as those:
        answers = those.press(wishes_for(mentor, offering.id, people, [TEN + QUARTER * n for n in range(8)]))

    assert set(statuses(answers)) == {303, 409}
    assert (collisions(session) == 0) is holds


@pytest.mark.parametrize(
    ("guards_off", "constraint", "holds"),
    [
        pytest.param(None, True, True, id="guarded"),
        pytest.param(LOCKS_OFF, False, False, id="control: with the guards off, one person is in many places"),
    ],
)
def test_one_mentee_is_not_with_several_mentors_at_once(
    session: Session, settings: Settings, guards_off: dict[str, str] | None, constraint: bool, holds: bool
) -> None:
    ada = make_user(session)
    calls = [make_offering(session, make_mentor(session, f"Mentor {n}"), kind="fit_call") for n in range(10)]
    slugs = {mentor.id: mentor.slug for mentor in session.scalars(select(Mentor))}
    if not constraint:
        take_away_the_constraint(session)

    with crowd(session, settings, [ada], guards_off=guards_off) as those:
        answers = those.press([Wish(ada.email, slugs[call.mentor_id], call.id, TEN) for call in calls])

    assert set(statuses(answers)) <= {303, 409, 422}  # two fit calls ahead are the most, where nothing else holds
    assert (len(active(session)) == 1 and collisions(session) == 0) is holds


@pytest.mark.parametrize(
    ("guards_off", "constraint", "holds"),
    [
        pytest.param(None, True, True, id="guarded"),
        pytest.param(LOCKS_OFF, False, False, id="control: with the guards off, somebody mentors while mentored"),
    ],
)
def test_who_is_mentor_and_mentee_is_not_both_at_once(
    session: Session, settings: Settings, guards_off: dict[str, str] | None, constraint: bool, holds: bool
) -> None:
    """A ring of mentors, each buying from the next one while being bought from: also where locks could deadlock."""
    ring = [make_mentor(session, f"Mentor {n}") for n in range(12)]
    people = [session.get_one(User, mentor.id) for mentor in ring]
    calls = [make_offering(session, mentor, kind="fit_call") for mentor in ring]
    if not constraint:
        take_away_the_constraint(session)
    wishes = [
        Wish(person.email, ring[(n + 1) % 12].slug, calls[(n + 1) % 12].id, TEN) for n, person in enumerate(people)
    ]

    with crowd(session, settings, people, guards_off=guards_off) as those:
        answers = those.press(wishes)

    assert set(statuses(answers)) <= {303, 409}
    assert (collisions(session) == 0) is holds
    assert active(session) != []


@pytest.mark.parametrize(
    "cap",
    [pytest.param({"sessions_a_day": 2}, id="sessions a day"), pytest.param({"minutes_a_day": 120}, id="minutes")],
)
@pytest.mark.parametrize(
    ("guards_off", "holds"),
    [
        pytest.param(None, True, id="guarded"),
        pytest.param(LOCKS_OFF, False, id="control: without the locks, the day overflows"),
    ],
)
def test_a_full_day_stays_full(
    session: Session, settings: Settings, cap: dict[str, int], guards_off: dict[str, str] | None, holds: bool
) -> None:
    mentor, people = make_mentor(session, boundaries=cap), buyers(session, 20)
    offering = make_offering(session, mentor)
    starts = [TEN - timedelta(hours=1) + timedelta(minutes=90) * n for n in range(5)]

    with crowd(session, settings, people, guards_off=guards_off) as those:
        answers = those.press(wishes_for(mentor, offering.id, people, starts))

    assert set(statuses(answers)) == {303, 409}
    assert (len(active(session)) == 2) is holds


def test_no_answer_is_an_error_when_everybody_wants_everybody(session: Session, settings: Settings) -> None:
    """Crossing locks on purpose: a deadlock is tried again, then it is a taken slot, and never a broken page."""
    mentors = [make_mentor(session, f"Mentor {n}") for n in range(6)]
    people = [session.get_one(User, mentor.id) for mentor in mentors]
    calls = {mentor.id: make_offering(session, mentor, kind="fit_call") for mentor in mentors}
    wishes = [
        Wish(person.email, mentor.slug, calls[mentor.id].id, TEN + QUARTER * 4 * n)
        for n in range(2)
        for person in people
        for mentor in mentors
        if mentor.id != person.id
    ]

    with crowd(session, settings, people) as those:
        answers: list[requests.Response] = those.press(wishes)

    assert len(answers) == 60
    assert set(statuses(answers)) <= {303, 409, 422}  # each has one fit call with a mentor, and two ahead
    assert collisions(session) == 0
