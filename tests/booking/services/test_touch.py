"""A changed name reaches both people's calendars, and moves nothing (rule calendars_agree)."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from booking.services.settle_hold import confirm
from booking.services.touch import show_changes
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from tests.booking.bookings import BOOKED_AT, make_booking
from tests.booking.services.test_hold import hold
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.jobs import run_jobs
from tests.web import sign_in, submit


def test_a_new_name_raises_both_revisions_and_no_sequence(
    app: Flask, client: FlaskClient, session: Session, settings: Settings
) -> None:
    offering, ada, alan = make_offering(session, make_mentor(session)), make_user(session), make_user(session)
    booking = hold(session, offering, ada)
    confirm(session, booking, now=TUESDAY)
    session.commit()
    sign_in(client, ada)

    submit(client, "/account", name="Ada Sample", zone=ada.zone)
    run_jobs(app, settings)

    session.expire_all()
    again = session.get_one(Booking, booking.id)
    assert again.changed_at > TUESDAY
    assert again.changed_at - TUESDAY < timedelta(minutes=5)
    assert again.sequence == 0
    people = [session.get_one(User, person) for person in (ada.id, offering.mentor_id, alan.id)]
    assert [person.calendar_revision for person in people] == [2, 2, 0]


def test_other_peoples_sessions_are_left_alone(session: Session) -> None:
    offering, ada, alan = make_offering(session, make_mentor(session)), make_user(session), make_user(session)
    others = make_booking(session, offering, alan)

    show_changes(session, ada.id, ending_after=TUESDAY, now=TUESDAY)

    session.refresh(others)
    assert others.changed_at == BOOKED_AT
