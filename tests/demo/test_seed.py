from datetime import timedelta

import pytest
from sqlalchemy import select, text

from booking.domain.intervals import Interval
from booking.models.bookings import Booking
from booking.queries.bookings import bookable_slots, envelope_of
from marketplace.accounts.models import User
from marketplace.accounts.passwords import passwords
from marketplace.accounts.services.sign_in import authenticate
from marketplace.core.clock import utcnow
from marketplace.core.db import Base
from marketplace.core.mail import MailRow
from marketplace.demo.people import ALAN, HEDY, LUCIA, MENTORS, OLGA, PASSWORD, SIGN_INS
from marketplace.demo.seed import seed
from marketplace.mentors.domain.checklist import Need, Point, missing
from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import applicant_by_slug
from marketplace.mentorships.domain.states import Stage
from marketplace.mentorships.queries.carried import takeable_of
from marketplace.mentorships.queries.pairs import pairs_of
from marketplace.mentorships.queries.papers import papers_of
from marketplace.mentorships.queries.sessions import check_ins_of
from marketplace.offerings.models import Offering
from payments.readiness import readiness


def every_row(session):
    return {
        name: sorted(str(row) for row in session.execute(text(f'SELECT to_jsonb(t) FROM "{name}" t')))
        for name in Base.metadata.tables
    }


def account_of(session, person):
    return session.scalars(select(User).where(User.email == person.email)).one()


def test_seeding_twice_changes_nothing(seeded, settings, clock):
    before = every_row(seeded)
    clock.advance(timedelta(days=3))

    added = seed(seeded, settings=settings, passwords=passwords("test"), now=utcnow())

    assert added == []
    assert every_row(seeded) == before


def test_who_changed_their_account_is_left_as_they_are(seeded, settings):
    account_of(seeded, ALAN).name = "Alan Otherwise"

    seed(seeded, settings=settings, passwords=passwords("test"), now=utcnow())

    assert account_of(seeded, ALAN).name == "Alan Otherwise"


def test_who_is_missing_is_added(seeded, settings):
    seeded.delete(account_of(seeded, OLGA))
    seeded.flush()

    added = seed(seeded, settings=settings, passwords=passwords("test"), now=utcnow())

    assert added == [OLGA.name]


@pytest.mark.parametrize("person", SIGN_INS, ids=lambda person: person.name)
def test_everybody_can_sign_in_with_the_one_password(seeded, person):
    user = authenticate(seeded, person.email, PASSWORD, passwords=passwords("test"))

    assert user is not None
    assert user.is_verified
    assert user.is_operator is (person == OLGA)


@pytest.mark.parametrize("mentoring", MENTORS, ids=lambda mentoring: mentoring.slug)
def test_every_offering_has_times_within_two_weeks(seeded, settings, mentoring):
    now = utcnow()
    offerings = seeded.scalars(select(Offering).join(Mentor).where(Mentor.slug == mentoring.slug)).all()

    found = [
        bookable_slots(
            seeded,
            mentor_id=offering.mentor_id,
            minutes=offering.minutes,
            window=Interval(now, now + timedelta(days=14)),
            now=now,
            envelope=envelope_of(settings),
        )
        for offering in offerings
    ]

    assert len(found) == len(mentoring.offers)
    assert all(found)


def test_lucia_works_on_her_three_days_only(seeded, settings):
    now = utcnow()
    mentor = seeded.scalar(select(Mentor).join(User).where(User.email == LUCIA.email))

    slots = bookable_slots(
        seeded,
        mentor_id=mentor.id,
        minutes=60,
        window=Interval(now, now + timedelta(days=14)),
        now=now,
        envelope=envelope_of(settings),
    )

    assert {slot.start.astimezone(mentor.tz).isoweekday() for slot in slots} == {1, 3, 5}


def test_one_mentor_takes_a_break_one_waits_to_be_read_and_the_others_can_be_booked(seeded):
    statuses = list(seeded.scalars(select(Mentor.status)))

    assert statuses.count("paused") == statuses.count("submitted") == 1
    assert statuses.count("approved") == len(MENTORS) - 2 >= 6


def test_alan_has_a_confirmed_fit_call_to_begin_with(seeded):
    alan = account_of(seeded, ALAN)
    booking = seeded.scalars(select(Booking).where(Booking.mentee_id == alan.id)).one()

    assert (booking.status, booking.minutes) == ("confirmed", 20)


def test_nobody_has_the_name_of_a_real_person():
    assert {person.name.split()[-1] for person in SIGN_INS} == {"Example", "Sample"}
    assert all(person.email.endswith("@example.org") for person in SIGN_INS)


@pytest.mark.parametrize("mentoring", MENTORS, ids=lambda mentoring: mentoring.slug)
def test_every_mentor_has_all_that_an_operator_wants_to_read(seeded, settings, mentoring):
    mentor = applicant_by_slug(seeded, mentoring.slug)

    items = readiness(seeded, mentor, settings)

    assert missing(items, Need.APPLY) == []
    assert set(missing(items, Need.SHINE)) <= {Point.PHOTO}
    lacks = missing(items, Need.BE_BOOKED)
    assert (Point.APPROVAL in lacks) is (mentoring.status not in {"approved", "paused"})
    assert (Point.PRESENCE in lacks) is (mentoring.status == "paused")


def test_two_mentorships_have_some_weeks_behind_them(app, seeded):
    hedy = account_of(seeded, HEDY)
    all_pairs = pairs_of(seeded, hedy.id, utcnow())
    pairs = [pair for pair in all_pairs if pair.stage is not Stage.ENDED]
    papers = [papers_of(seeded, pair.row.id) for pair in pairs]

    assert sorted(pair.row.mentor.slug for pair in pairs) == ["grace-example", "katherine-sample"]
    (parted,) = (pair for pair in all_pairs if pair not in pairs)
    assert (parted.row.mentor.slug, len(takeable_of(seeded, parted.row).goals)) == ("donald-sample", 1)
    assert all(each.agreement and each.agreement.is_agreed and each.goals[0].is_agreed for each in papers)
    assert all(each.plan and each.plan.version.number == 2 for each in papers)
    assert sorted(len(check_ins_of(seeded, pair.row.id)) for pair in pairs) == [3, 5]
    assert seeded.scalars(select(MailRow).where(MailRow.user_id == hedy.id)).all() == []
