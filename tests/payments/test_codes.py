"""Promotion codes, from the page where a time is chosen to the mentor's statement."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
import requests

from marketplace.accounts.models import User
from marketplace.core.mail import MailRow
from marketplace.mentors.models import Mentor
from payments.models.sales import Purchase, StripeCommand
from payments.queries import sales as queries
from payments.services.checkout_params import checkout_params
from tests.pages.reading import words
from tests.payments.test_discounts import ALL_OFF, buy_with, fill_balance
from tests.payments.test_outcomes import come_to_an_end
from tests.payments.test_transfers import pay_out
from tests.stripe_side import StripeSide
from tests.web import sign_in

__all__ = ["buy_with"]


@pytest.fixture
def settings(settings):
    return replace(settings, promotion_codes=True)


def make_code(stripe_side: StripeSide, code: str, **off):
    coupon = stripe_side.post("/v1/coupons", **off)["id"]
    stripe_side.post("/v1/promotion_codes", **{"promotion[type]": "coupon", "promotion[coupon]": coupon, "code": code})


def press(payment, **form):
    return requests.post(payment.checkout_url, data=form, allow_redirects=False, timeout=10)


def params_of(session, sale):
    found = session.get_one(StripeCommand, sale.payment.command_id).params
    session.rollback()
    return found


def test_a_code_is_typed_at_stripe_and_the_sale_is_frozen_with_it(session, till, bought, stripe_side):
    make_code(stripe_side, "SPRING", percent_off=20)
    session.refresh(bought.payment)
    page = press(bought.payment, action="apply_code", code="spring")
    press(bought.payment, action="pay")

    till().look(bought.payment.id)

    session.expire_all()
    sale = queries.sale_of(session, session.get_one(Purchase, bought.purchase.id))
    assert "−€16.10" in page.text
    assert (sale.purchase.discount_minor, sale.purchase.total_minor) == (1610, 6440)
    assert sale.booking.state == "confirmed"


def letters_to(session, user_id):
    """What the letters are to say, whenever they are sent."""
    found = " ".join(str(row.arguments) for row in session.query(MailRow).filter_by(user_id=user_id))
    session.rollback()
    return found


@pytest.mark.parametrize(
    ("off", "left"),
    [
        pytest.param({"amount_off": 8010, "currency": "eur"}, 8050, id="less than Stripe charges: refused"),
        pytest.param({"amount_off": 8000, "currency": "eur"}, 50, id="the least that it charges"),
        pytest.param({"percent_off": 100}, 0, id="nothing"),
    ],
)
def test_after_a_code_nothing_or_what_stripe_charges_is_left(session, bought, stripe_side, off, left):
    make_code(stripe_side, "MUCH", **off)
    session.refresh(bought.payment)

    press(bought.payment, action="apply_code", code="MUCH")

    [there] = stripe_side.sessions()
    assert there["amount_total"] == left


def test_codes_are_asked_for_where_the_site_has_them(session, settings, bought):
    without = replace(settings, promotion_codes=False)
    mentee = session.get_one(User, bought.purchase.mentee_id)

    found = [
        checkout_params(session, mentee, bought.purchase, [bought.booking], "x", each).get("allow_promotion_codes")
        for each in (settings, without)
    ]

    assert found == [True, None]


def test_a_checkout_that_was_stored_before_keeps_its_parameters(session, till, settings, bought):
    """The outbox asks with what is stored, whatever the settings say since."""
    assert params_of(session, bought)["allow_promotion_codes"] is True


def test_the_page_says_where_a_code_is_typed(client, session, hour, ada):
    sign_in(client, ada)
    slug = session.get_one(Mentor, hour.mentor_id).slug
    session.rollback()

    page = words(client.get(f"/mentors/{slug}?offering={hour.id}&start=2026-12-08T09:00Z"))

    assert "If you have a code, type it there: before you pay it says what is left to pay." in page


@pytest.mark.parametrize(
    ("off", "lines"),
    [
        pytest.param(1610, "€70.00 Office Hours fee €10.50 Discount −€16.10 You paid €64.40", id="part of it"),
        pytest.param(ALL_OFF, "€70.00 Office Hours fee €10.50 Discount −€80.50 You paid nothing", id="all of it"),
    ],
)
def test_the_session_and_the_receipt_show_the_lines(client, session, buy_with, ada, off, lines):
    sale = buy_with(off)
    sign_in(client, ada)

    page = words(client.get(f"/sessions/{sale.booking.public_id}"))
    receipt = words(client.get(f"/sessions/{sale.booking.public_id}/receipt"))

    assert lines in page
    assert lines.replace("You paid", "Paid by way of Stripe") in receipt


def test_the_receipt_says_where_it_goes(client, buy_with, till, ada):
    sale = buy_with(1610)
    till().book_fee(sale.payment.id)
    sign_in(client, ada)

    receipt = words(client.get(f"/sessions/{sale.booking.public_id}/receipt"))

    assert "Grace Example €70.00 Office Hours, of its own money for the discount -€5.60" in receipt
    assert "of the site’s part, to Stripe for the payment €1.22" in receipt


def test_the_letters_say_what_was_off_and_what_stays(session, buy_with, ada, hour):
    buy_with(1610)

    mine, theirs = letters_to(session, ada.id), letters_to(session, hour.mentor_id)

    assert "Discount: −€16.10" in mine
    assert "You paid: €64.40" in mine
    assert "You earn: €70.00" in theirs
    assert "16.10" not in theirs


def test_the_letter_of_a_code_for_all_of_it_says_that_nothing_goes_back(session, buy_with, ada, hour):
    buy_with(ALL_OFF)

    mine = letters_to(session, ada.id)

    assert "Your code took all of the price, so you paid nothing, and nothing goes back if you cancel." in mine
    assert "You paid: " not in mine
    assert "You earn: €70.00" in letters_to(session, hour.mentor_id)


def test_who_cancels_what_a_code_paid_reads_that_nothing_goes_back(client, buy_with, ada):
    sale = buy_with(ALL_OFF)
    sign_in(client, ada)

    page = words(client.get(f"/sessions/{sale.booking.public_id}/cancel"))

    assert "A code took all of the price: you paid nothing for it, so nothing goes back." in page
    assert "until" not in page


def test_the_mentor_s_statement_says_what_was_off_and_who_bears_it(
    app, settings, client, session, buy_with, stripe_side, clock, hour
):
    buy_with(1610)
    fill_balance(stripe_side, 20_000)
    come_to_an_end(app, settings, clock)
    pay_out(app, settings, clock)
    sign_in(client, session.get_one(User, hour.mentor_id))

    page = words(client.get("/desk/earnings"))
    [row] = csv.DictReader(StringIO(client.get("/desk/earnings/lines.csv").text))

    said = "the mentee paid €64.40 after a discount of €16.10, and the site adds €5.60 of its own"
    assert said in page
    assert (row["mentee_paid"], row["discount"], row["site"], row["earned"]) == ("64.40", "16.10", "-5.60", "70.00")
