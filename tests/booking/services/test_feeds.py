"""Calendar addresses: the secret can be worked out again by us, and by nobody who has the database."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.calendar import Scope
from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.models.feeds import CalendarFeed
from booking.services.feeds import (
    MOST,
    TooManyCalendars,
    Wish,
    change,
    fingerprint,
    make_feed,
    remove,
    rotate,
    secret_of,
)
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.mentors.models import Mentor
from tests.booking.bookings import BOOKED_AT, TEN, make_booking
from tests.conftest import TUESDAY
from tests.factories import make_offering

KEY = "a secret of this test, long enough"
DAY = timedelta(days=1)
OPEN = Wish("", with_join_link=True, with_cancelled=True)


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
    feed = make_feed(session, ada.id, Scope.MENTEE, secret_key=KEY, now=TUESDAY)

    secret = secret_of(KEY, feed.id, 0)
    assert feed.secret_sha256 == fingerprint(secret)
    row = session.execute(select(CalendarFeed.__table__)).one()
    assert secret not in repr(row)


def test_each_address_is_one_of_its_own(session: Session, ada: User):
    first, second = (make_feed(session, ada.id, Scope.MENTEE, secret_key=KEY, now=TUESDAY) for _ in range(2))

    assert first.secret_sha256 != second.secret_sha256
    remove(session, ada.id, first.id)
    assert session.scalars(select(CalendarFeed.id)).all() == [second.id]


def test_there_are_only_so_many_of_one_person(session: Session, ada: User, grace: Mentor):
    for _ in range(MOST):
        make_feed(session, ada.id, Scope.BUSY, secret_key=KEY, now=TUESDAY)

    with pytest.raises(TooManyCalendars):
        make_feed(session, ada.id, Scope.BUSY, secret_key=KEY, now=TUESDAY)
    make_feed(session, grace.id, Scope.BUSY, secret_key=KEY, now=TUESDAY)


@pytest.mark.parametrize("scope", [Scope.MENTOR, Scope.BOTH])
def test_only_a_mentor_gets_a_mentors_calendar(session: Session, ada: User, grace: Mentor, scope: Scope):
    make_feed(session, grace.id, scope, secret_key=KEY, now=TUESDAY)

    with pytest.raises(NotFound):
        make_feed(session, ada.id, scope, secret_key=KEY, now=TUESDAY)


def test_rotating_changes_the_secret_each_time_and_nobody_has_read_it(session: Session, ada: User):
    feed = make_feed(session, ada.id, Scope.MENTEE, secret_key=KEY, now=TUESDAY)
    feed.last_read_at, feed.last_read_by, feed.last_read_revision = TUESDAY, "Thunderbird", 1
    seen = {feed.secret_sha256}

    for rotation in (1, 2):
        rotate(session, ada.id, feed.id, secret_key=KEY)

        assert feed.secret_sha256 == fingerprint(secret_of(KEY, feed.id, rotation))
        seen.add(feed.secret_sha256)
    assert len(seen) == 3
    assert not any((feed.last_read_at, feed.last_read_by, feed.last_read_revision))


def test_what_is_not_there_or_anothers_cannot_be_changed(session: Session, ada: User, grace: Mentor):
    graces = make_feed(session, grace.id, Scope.MENTOR, secret_key=KEY, now=TUESDAY)

    for feed_id in (graces.id, graces.id + 1):
        with pytest.raises(NotFound):
            rotate(session, ada.id, feed_id, secret_key=KEY)
        with pytest.raises(NotFound):
            change(session, ada.id, feed_id, OPEN, now=TUESDAY)
        with pytest.raises(NotFound):
            remove(session, ada.id, feed_id)
    assert (graces.rotation, graces.with_join_link) == (0, False)


def test_opening_the_join_link_touches_upcoming_sessions_and_both_calendars(session: Session, ada: User, grace: Mentor):
    offering = make_offering(session, grace)
    coming = make_booking(session, offering, ada, TEN)
    past = make_booking(session, offering, ada, TUESDAY - 7 * DAY, status=BookingStatus.COMPLETED)
    gone = make_booking(session, offering, ada, TEN + DAY, status=BookingStatus.CANCELLED_BY_MENTEE)
    feed = make_feed(session, ada.id, Scope.MENTEE, secret_key=KEY, now=TUESDAY)
    before = revisions(session)

    change(session, ada.id, feed.id, OPEN, now=TUESDAY)

    assert feed.with_join_link
    assert changed_at(session, coming) == TUESDAY
    assert changed_at(session, past) == changed_at(session, gone) == BOOKED_AT
    assert revisions(session) == {name: revision + 1 for name, revision in before.items()}


def test_a_name_is_nothing_that_other_calendars_show(session: Session, ada: User, grace: Mentor):
    make_booking(session, make_offering(session, grace), ada)
    feed = make_feed(session, ada.id, Scope.MENTEE, secret_key=KEY, now=TUESDAY)
    before = revisions(session)

    change(session, ada.id, feed.id, Wish("Phone", with_join_link=False, with_cancelled=False), now=TUESDAY)

    assert revisions(session) == before
    assert (feed.name, feed.with_cancelled) == ("Phone", False)
