"""Rule sold_is_frozen, through the editor: whatever a mentor changes, what is held or sold stays as it was agreed."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.formats import instant
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from payments.models.sales import Payment, Purchase, PurchaseSession, StripeCommand
from tests.desk.offerings import HERE, TYPED
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.queries import count_queries
from tests.stripe_side import StripeSide
from tests.web import csrf, sign_in, submit

OTHERWISE = {**TYPED, "title": "Other name", "minutes": "120", "price": "250", "policy": "flexible"}


@pytest.fixture
def hour(session: Session) -> Offering:
    offering = make_offering(session, make_mentor(session, slug="grace"))
    session.commit()
    return offering


@pytest.fixture
def mentor(app: Flask, session: Session, hour: Offering) -> FlaskClient:
    client = app.test_client()
    sign_in(client, session.get_one(User, hour.mentor_id))
    return client


@pytest.fixture
def mentee(client: FlaskClient, session: Session) -> FlaskClient:
    ada = make_user(session)
    session.commit()
    sign_in(client, ada)
    return client


def hold(client: FlaskClient, offering: Offering) -> None:
    answer = submit(client, "/mentors/grace/holds", page="/account", offering=str(offering.id), start=instant(TEN))
    assert answer.status_code == 303


def all_rows(session: Session) -> list[dict[str, object]]:
    """Of the sale, its session, its payment, what Stripe was asked, and the booking."""
    session.rollback()
    found = [
        {column.key: getattr(row, column.key) for column in kind.__table__.columns}
        for kind in (Purchase, PurchaseSession, Payment, StripeCommand, Booking)
        for row in session.scalars(select(kind), execution_options={"populate_existing": True})
    ]
    session.commit()
    return found


def test_an_open_hold_keeps_its_price_and_can_be_paid(
    mentor: FlaskClient, mentee: FlaskClient, session: Session, hour: Offering, stripe_side: StripeSide
):
    hold(mentee, hour)
    before = all_rows(session)

    submit(mentor, f"{HERE}/{hour.id}", **OTHERWISE)
    after = all_rows(session)
    stripe_side.pay(str(session.scalar(select(Payment.stripe_session_id))))
    purchase_id = session.scalar(select(Purchase.public_id))
    page = words(mentee.get(f"/checkout/{purchase_id}/return"))

    assert len(before) == 5
    assert after == before
    assert "Booked" in page
    sold = session.scalars(select(Purchase), execution_options={"populate_existing": True}).one()
    assert (sold.title, sold.total_minor, sold.policy) == ("Single session", 8050, "standard")


def test_what_is_sold_keeps_its_name_price_length_and_policy(
    mentor: FlaskClient, mentee: FlaskClient, session: Session, hour: Offering, stripe_side: StripeSide
):
    hold(mentee, hour)
    stripe_side.pay(str(session.scalar(select(Payment.stripe_session_id))))
    mentee.get(f"/checkout/{session.scalar(select(Purchase.public_id))}/return")
    before = all_rows(session)

    submit(mentor, f"{HERE}/{hour.id}", **OTHERWISE)
    submit(mentor, f"{HERE}/{hour.id}/pause", page="/account")

    booking = session.scalars(select(Booking)).one()
    assert booking.state is BookingStatus.CONFIRMED
    assert all_rows(session) == before
    page = words(mentee.get(f"/sessions/{booking.public_id}"))
    assert "Single session with Grace Example" in page
    assert "€80.50" in page
    assert "Free to cancel or move until Mon 7 Dec, 10:00" in page


def test_the_next_one_pays_the_new_price(
    mentor: FlaskClient, mentee: FlaskClient, session: Session, hour: Offering, settings: Settings
):
    submit(mentor, f"{HERE}/{hour.id}", **OTHERWISE)

    hold(mentee, hour)

    purchase = session.scalars(select(Purchase)).one()
    assert (purchase.title, purchase.price_minor, purchase.gross_minor) == ("Other name", 25000, 28750)


@pytest.mark.parametrize("act", ["", "/pause", "/resume", "/up", "/down", "/delete"])
def test_every_write_takes_the_mentors_lock_before_it_reads_and_writes(
    mentor: FlaskClient, session: Session, hour: Offering, act: str
):
    grace = session.get_one(Mentor, hour.mentor_id)
    make_offering(session, grace, title="Other", position=1)
    hour.active = act not in {"/resume", "/delete"}
    session.commit()
    address, token = f"{HERE}/{hour.id}{act}", csrf(mentor, "/account")

    with count_queries() as statements:
        mentor.post(address, data={"csrf_token": token, **OTHERWISE})

    locked = next(n for n, each in enumerate(statements) if "FROM users" in each and "FOR NO KEY UPDATE" in each)
    writes = [n for n, each in enumerate(statements) if each.startswith(("UPDATE offering", "DELETE FROM offering"))]
    read_again = [n for n, each in enumerate(statements) if "FROM offering" in each and n > locked]
    assert writes or act == "/up"
    assert read_again
    assert all(n > locked for n in writes)
