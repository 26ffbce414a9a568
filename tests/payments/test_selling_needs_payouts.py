"""What costs something is sold only while Stripe can pay its mentor. What is free always is; what is sold stands."""

from datetime import timedelta

import pytest

from booking.domain.states import BookingStatus
from booking.services.hold import MentorUnpayable
from marketplace.core.formats import instant
from marketplace.mentors.models import Mentor
from marketplace.offerings.queries import active_offerings, offerings_for_sale
from payments.domain.states import PurchaseStatus
from payments.models.payouts import PayoutAccount
from payments.models.sales import Refund
from payments.services.buy import Order
from tests.factories import make_offering
from tests.payments.conftest import TEN
from tests.payments.test_till import lapse_here_only, payment_of, reread
from tests.web import csrf, sign_in


def mentor_of(session, offering):
    return session.get_one(Mentor, offering.mentor_id)


def take_away(session, mentor_id):
    session.get_one(PayoutAccount, mentor_id).transfers = "restricted"
    session.commit()
    session.expire_all()


def test_what_costs_something_cannot_be_held(session, till, ada, hour):
    take_away(session, hour.mentor_id)

    with pytest.raises(MentorUnpayable) as refused:
        till().buy(Order(ada, hour.mentor_id, hour.id, TEN))

    assert "You were not charged." in str(refused.value)


def test_a_forged_post_does_not_get_round_it(session, client, ada, hour):
    take_away(session, hour.mentor_id)
    slug = mentor_of(session, hour).slug
    sign_in(client, ada)

    form = {"offering": hour.id, "start": instant(TEN), "csrf_token": csrf(client, "/account")}
    answer = client.post(f"/mentors/{slug}/holds", data=form)

    assert answer.status_code == 422
    assert "This mentor cannot be paid at the moment" in answer.get_data(as_text=True)


def test_a_fit_call_is_booked_whether_or_not(session, till, ada, hour):
    call = make_offering(session, mentor_of(session, hour), kind="fit_call")
    take_away(session, hour.mentor_id)

    sale = till().buy(Order(ada, hour.mentor_id, call.id, TEN))

    assert sale.booking.state is BookingStatus.CONFIRMED


def test_what_is_held_can_be_paid_and_stands(session, till, bought, stripe_side):
    """A hold is a promise."""
    take_away(session, bought.purchase.mentor_id)

    stripe_side.pay(str(payment_of(reread(session, bought)).stripe_session_id))
    till().look(payment_of(bought).id)

    sale = reread(session, bought)
    assert (sale.purchase.status, sale.booking.state) == (PurchaseStatus.SOLD, BookingStatus.CONFIRMED)


def test_late_money_for_who_can_be_paid_no_more_goes_back(session, till, bought, stripe_side, clock):
    payment = payment_of(reread(session, bought))
    stripe_side.pay(str(payment.stripe_session_id))
    clock.advance(timedelta(minutes=36))
    lapse_here_only(session, bought)
    take_away(session, bought.purchase.mentor_id)

    till().look(payment.id)

    assert reread(session, bought).purchase.status == PurchaseStatus.LAPSED
    assert [refund.reason for refund in session.query(Refund)] == ["late"]


def test_mentees_see_what_is_free_only_and_the_mentor_all(session, hour):
    call = make_offering(session, mentor_of(session, hour), kind="fit_call")
    take_away(session, hour.mentor_id)

    assert [each.id for each in offerings_for_sale(session, [hour.mentor_id])] == [call.id]
    assert {each.id for each in active_offerings(session, [hour.mentor_id])} == {call.id, hour.id}


def test_the_mentors_page_offers_what_is_free_only(session, client, hour):
    make_offering(session, mentor_of(session, hour), kind="fit_call")
    slug = mentor_of(session, hour).slug
    before = client.get(f"/mentors/{slug}").get_data(as_text=True)
    take_away(session, hour.mentor_id)

    after = client.get(f"/mentors/{slug}").get_data(as_text=True)

    assert ("Single session" in before, "Single session" in after) == (True, False)
    assert "Fit call" in after
