"""Calendar addresses: the secret can be worked out again by us, and by nobody who has the database."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.calendar import Scope
from booking.domain.states import BookingStatus
from booking.models import Booking, CalendarFeed
from booking.services.feeds import (
    fingerprint,
    make_feed,
    own_feed,
    rotate,
    secret_of,
    show_join_link,
)
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.mentors.models import Mentor
from tests.booking.bookings import BOOKED_AT, TEN, make_booking
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user

KEY = "a secret of this test, long enough"
DAY = timedelta(days=1)


@pytest.fixture
def ada(session: Session) -> User:
    return make_user(session, "Ada Example")


@pytest.fixture
def grace(session: Session) -> Mentor:
    return make_mentor(session)


def revisions(session: Session) -> dict[str, int]:
    rows = session.execute(select(User.name, User.calendar_revision))
    return {row.name: row.calendar_revision for row in rows}


def changed_at(session: Session, booking: Booking) -> object:
    return session.execute(select(Booking.changed_at).where(Booking.id == booking.id)).scalar_one()


def test_a_secret_has_160_bits_in_lower_case_letters_and_digits():
    assert re.fullmatch(r"[a-z2-7]{32}", secret_of(KEY, 1, 0))


def test_a_secret_depends_on_key_calendar_and_rotation():
    secrets = {secret_of(KEY, 1, 0), secret_of(KEY + "!", 1, 0), secret_of(KEY, 2, 0), secret_of(KEY, 1, 1)}

    assert len(secrets) == 4
    assert secret_of(KEY, 11, 1) != secret_of(KEY, 1, 11)
    assert secret_of(KEY, 1, 0) == secret_of(KEY, 1, 0)


def test_the_row_holds_the_fingerprint_only(session: Session, ada: User):
    make_feed(session, ada.id, Scope.MENTEE, secret_key=KEY, now=TUESDAY)

    feed = own_feed(session, ada.id, Scope.MENTEE)
    secret = secret_of(KEY, feed.id, 0)
    assert feed.secret_sha256 == fingerprint(secret)
    row = session.execute(select(CalendarFeed.__table__)).one()
    assert secret not in repr(row)


def test_making_it_again_keeps_the_first(session: Session, ada: User):
    make_feed(session, ada.id, Scope.MENTEE, secret_key=KEY, now=TUESDAY)
    first = own_feed(session, ada.id, Scope.MENTEE).id

    make_feed(session, ada.id, Scope.MENTEE, secret_key=KEY, now=TUESDAY + DAY)

    assert session.scalars(select(CalendarFeed.id)).all() == [first]


def test_only_a_mentor_gets_a_mentors_calendar(session: Session, ada: User, grace: Mentor):
    make_feed(session, grace.id, Scope.MENTOR, secret_key=KEY, now=TUESDAY)

    with pytest.raises(NotFound):
        make_feed(session, ada.id, Scope.MENTOR, secret_key=KEY, now=TUESDAY)


def test_rotating_changes_the_secret_each_time(session: Session, ada: User):
    make_feed(session, ada.id, Scope.MENTEE, secret_key=KEY, now=TUESDAY)
    feed = own_feed(session, ada.id, Scope.MENTEE)
    seen = {feed.secret_sha256}

    for rotation in (1, 2):
        rotate(session, ada.id, Scope.MENTEE, secret_key=KEY)

        assert feed.secret_sha256 == fingerprint(secret_of(KEY, feed.id, rotation))
        seen.add(feed.secret_sha256)
    assert len(seen) == 3


def test_what_is_not_there_cannot_be_changed(session: Session, ada: User):
    with pytest.raises(NotFound):
        rotate(session, ada.id, Scope.MENTEE, secret_key=KEY)
    with pytest.raises(NotFound):
        show_join_link(session, ada.id, Scope.MENTEE, shown=True, now=TUESDAY)


def test_opening_the_join_link_touches_upcoming_sessions_and_both_calendars(session: Session, ada: User, grace: Mentor):
    offering = make_offering(session, grace)
    coming = make_booking(session, offering, ada, TEN)
    past = make_booking(session, offering, ada, TUESDAY - 7 * DAY, status=BookingStatus.COMPLETED)
    gone = make_booking(session, offering, ada, TEN + DAY, status=BookingStatus.CANCELLED_BY_MENTEE)
    make_feed(session, ada.id, Scope.MENTEE, secret_key=KEY, now=TUESDAY)
    before = revisions(session)

    show_join_link(session, ada.id, Scope.MENTEE, shown=True, now=TUESDAY)

    assert own_feed(session, ada.id, Scope.MENTEE).with_join_link
    assert changed_at(session, coming) == TUESDAY
    assert changed_at(session, past) == changed_at(session, gone) == BOOKED_AT
    assert revisions(session) == {name: revision + 1 for name, revision in before.items()}


def test_saving_the_same_option_changes_nothing(session: Session, ada: User, grace: Mentor):
    make_booking(session, make_offering(session, grace), ada)
    make_feed(session, ada.id, Scope.MENTEE, secret_key=KEY, now=TUESDAY)
    before = revisions(session)

    show_join_link(session, ada.id, Scope.MENTEE, shown=False, now=TUESDAY)

    assert revisions(session) == before
