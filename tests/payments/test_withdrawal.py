"""On a site with `WITHDRAWAL=eu`: what begins within fourteen days is booked at the mentee's request, and all of the
money comes back for what has not begun."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from booking.domain.states import Canceller
from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.db import violated
from marketplace.core.formats import local
from marketplace.core.mail import MailRow
from marketplace.mentors.models import Mentor
from payments.domain.withdrawal import VERSION, withdrawal_ends
from payments.models.sales import Purchase
from payments.offers.cancel import offer_of
from payments.queries import sales as queries
from payments.queries.ledger import violations
from payments.services.buy import EarlyStartNotAsked, Order, the_same
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till
from tests.factories import make_offering
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.payments.test_cancel import cancel, sums
from tests.web import csrf, sign_in

LATE = TEN - timedelta(hours=2)
FAR = TEN + timedelta(days=21)


@pytest.fixture
def settings(settings):
    return replace(settings, withdrawal="eu")


@pytest.fixture
def slug(session, hour):
    found = session.get_one(Mentor, hour.mentor_id).slug
    session.rollback()
    return found


@pytest.fixture
def asked(session, till, ada, hour):
    """Ada holds Tuesday at ten, and has asked for it."""
    return till().buy(Order(ada, hour.mentor_id, hour.id, TEN, early=True))


@pytest.fixture
def paid(session, till, asked, stripe_side):
    till().open_checkout(asked.payment.id)
    session.refresh(asked.payment)
    stripe_side.pay(str(asked.payment.stripe_session_id))
    till().look(asked.payment.id)
    session.expire_all()
    found = queries.sale_of(session, session.get_one(Purchase, asked.purchase.id))
    session.rollback()
    return found


def form(client, hour, start=TEN, **more):
    return {
        "csrf_token": csrf(client, "/account"),
        "offering": hour.id,
        "start": f"{start:%Y-%m-%dT%H:%MZ}",
        "agenda": "A first look.",
        **more,
    }


def test_what_begins_within_fourteen_days_is_not_held_without_the_request(session, till, ada, hour):
    with pytest.raises(EarlyStartNotAsked):
        till().buy(Order(ada, hour.mentor_id, hour.id, TEN))

    session.rollback()
    assert session.query(Purchase).count() == 0


def test_the_request_is_frozen_with_its_time_and_the_text(asked):
    assert (asked.purchase.withdrawal_version, asked.purchase.early_asked_at) == (VERSION, asked.purchase.created_at)


def test_what_begins_later_is_held_without_it(till, ada, hour):
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, FAR))

    assert (sale.purchase.withdrawal_version, sale.purchase.early_asked_at) == (VERSION, None)


def test_what_is_free_has_no_right_to_withdraw(session, till, ada, hour):
    call = make_offering(session, session.get_one(Mentor, hour.mentor_id), kind="fit_call")
    session.commit()

    sale = till().buy(Order(ada, call.mentor_id, call.id, TEN))

    assert (sale.purchase.withdrawal_version, sale.purchase.withdrawal_until) == (None, None)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("withdrawal_version = NULL, early_asked_at = NULL, withdrawal_until = NULL", id="the right"),
        pytest.param("early_asked_at = now()", id="when it was asked for"),
        pytest.param("withdrawal_until = now()", id="when it ends"),
    ],
)
def test_nothing_of_it_changes_afterwards(session, paid, change):
    with pytest.raises(IntegrityError) as refused:
        session.execute(text(f"UPDATE purchase SET {change}"))

    assert violated(refused.value) == "sold_is_frozen"


def test_it_ends_fourteen_days_after_the_day_of_paying_on_the_mentee_s_clock(session, paid, ada):
    assert paid.purchase.withdrawal_until == withdrawal_ends(paid.purchase.sold_at, ada.tz)


def test_two_hours_before_it_begins_all_goes_back(session, paid, clock):
    clock.set(LATE)

    cancel(session, paid, Canceller.MENTEE, 8050)

    assert sums(session) == [8050]
    assert violations(session) == []


def test_without_the_setting_half_goes_back_then(app, settings, session, sold_without, clock):
    clock.set(LATE)

    cancel(session, sold_without, Canceller.MENTEE, 4025)

    assert sums(session) == [4025]


@pytest.fixture
def sold_without(session, settings, ada, hour, stripe_side):
    without = replace(settings, withdrawal="none")

    def till():
        return Till(session, StripeGateway(without), without, utcnow())

    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    till().open_checkout(sale.payment.id)
    session.refresh(sale.payment)
    stripe_side.pay(str(sale.payment.stripe_session_id))
    till().look(sale.payment.id)
    session.expire_all()
    found = queries.sale_of(session, session.get_one(Purchase, sale.purchase.id))
    session.rollback()
    return found


def test_the_page_to_cancel_has_one_step_while_the_right_lasts(session, paid, clock):
    clock.set(LATE)

    [step] = offer_of(session, paid.booking, Canceller.MENTEE, utcnow()).steps

    assert (step.until, step.back.minor, step.is_now) == (TEN, 8050, True)


def test_the_box_stands_where_a_time_is_chosen_and_is_not_ticked(client, session, ada, hour, slug):
    sign_in(client, ada)

    near = client.get(f"/mentors/{slug}?offering={hour.id}&start={TEN:%Y-%m-%dT%H:%MZ}")
    far = client.get(f"/mentors/{slug}?offering={hour.id}&start={FAR:%Y-%m-%dT%H:%MZ}")

    assert 'name="early" value="1" id="early" required>' in near.text
    assert 'name="early"' not in far.text
    assert "for fourteen days after paying you get all back" in words(far)


def test_who_does_not_tick_it_is_asked_and_keeps_what_was_written(client, session, ada, hour, slug):
    sign_in(client, ada)

    answer = client.post(f"/mentors/{slug}/holds", data=form(client, hour))

    assert answer.status_code == 422
    assert "This session begins before your right to withdraw ends: please ask for that." in words(answer)
    assert 'name="agenda" value="A first look."' in answer.text
    assert session.query(Purchase).count() == 0


def test_who_ticks_it_goes_on_to_stripe(client, session, ada, hour, slug):
    sign_in(client, ada)

    answer = client.post(f"/mentors/{slug}/holds", data=form(client, hour, early="1"))

    assert (answer.status_code, "/c/pay/" in answer.location) == (303, True)
    assert session.query(Purchase).one().early_asked_at is not None


def test_the_session_s_page_says_it_with_its_text(client, paid, ada):
    sign_in(client, ada)

    page = client.get(f"/sessions/{paid.booking.public_id}")

    assert "By your right to withdraw you can cancel until it begins, and get all back." in words(page)
    assert f"/withdrawal/{VERSION}" in page.text


def test_the_letter_that_confirms_it_says_all_of_it(session, paid, ada, hour):
    mine, theirs = (
        " ".join(str(row.arguments) for row in session.query(MailRow).filter_by(user_id=person))
        for person in (ada.id, hour.mentor_id)
    )

    until = local(paid.purchase.withdrawal_until, ada.tz)
    assert f"You may withdraw from this purchase until {until} without giving a reason" in mine
    assert "You have asked that the session may take place before that" in mine
    assert "withdraw" not in theirs


@pytest.mark.parametrize(("version", "status"), [(VERSION, 200), ("2000-01", 404), ("..", 404)])
def test_each_version_of_the_text_has_its_page(client, version, status):
    assert client.get(f"/withdrawal/{version}").status_code == status


def test_the_text_says_to_whom_to_write(client):
    page = words(client.get(f"/withdrawal/{VERSION}"))

    assert f"Text of {VERSION}" in page
    assert "by mail to office-hours@localhost" in page


def test_a_hold_that_is_bought_anew_has_been_asked_for(session, till, asked):
    """As after an extension that came too late."""
    again = the_same(session, asked)

    assert again.early
    assert session.get_one(User, again.mentee.id).id == asked.purchase.mentee_id
