"""Stripe Tax behind a setting: on top or in the price, frozen with the sale; and what a mentee keeps of it."""

from dataclasses import replace

import pytest
import requests
from sqlalchemy import text

from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.doctor.finding import Level, Patient
from marketplace.doctor.tax import tax
from marketplace.mentors.models import Mentor
from payments.domain.states import PurchaseStatus
from payments.models.sales import StripeCommand
from payments.queries.ledger import violations
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.payments.test_discounts import booked, buy_with
from tests.payments.test_outcomes import come_to_an_end
from tests.web import sign_in, sign_out

__all__ = ["buy_with"]
INCLUSIVE, EXCLUSIVE = {"tax": "inclusive"}, {"tax": "exclusive", "tax_code": "txcd_20030000"}


@pytest.fixture
def settings(settings, request):
    """With what the test asks for."""
    return replace(settings, **getattr(request, "param", {}))


def asked(session, sale):
    found = session.get_one(StripeCommand, sale.payment.command_id).params
    session.rollback()
    return found


def taxed(*how):
    return pytest.mark.parametrize("settings", how, indirect=True)


@taxed(EXCLUSIVE)
def test_stripe_is_asked_to_find_the_tax_by_what_is_sold_and_where_the_buyer_lives(session, bought, stripe_side):
    params = asked(session, bought)

    prices = [item["price_data"] for item in params["line_items"]]
    [there] = stripe_side.sessions()
    assert (params["automatic_tax"], params["billing_address_collection"]) == ({"enabled": True}, "required")
    assert {price["tax_behavior"] for price in prices} == {"exclusive"}
    assert {price["product_data"]["tax_code"] for price in prices} == {"txcd_20030000"}
    assert there["automatic_tax"]["enabled"]


def test_without_the_setting_nothing_of_tax_is_asked(session, bought):
    params = asked(session, bought)

    assert not {"automatic_tax", "billing_address_collection", "invoice_creation"} & params.keys()
    assert all("tax_behavior" not in item["price_data"] for item in params["line_items"])


@taxed(INCLUSIVE)
def test_tax_in_the_price_is_paid_out_of_the_site_s_part(app, settings, session, buy_with, clock):
    sale = buy_with(tax=1285)
    come_to_an_end(app, settings, clock)

    there = booked(session)

    assert sale.purchase.status == PurchaseStatus.SOLD
    assert (sale.purchase.total_minor, sale.purchase.tax_minor, sale.purchase.tax_included) == (8050, 1285, True)
    assert {name: there.get(name) for name in ("mentor_payable", "tax_payable", "site_discounts", "site_fees")} == {
        "mentor_payable": -7000,
        "tax_payable": -1285,
        "site_discounts": 235,
        "site_fees": None,
    }
    assert violations(session) == []


@taxed(INCLUSIVE)
def test_a_longer_hold_keeps_the_tax_where_it_was_when_it_was_sold(session, settings, till, bought, clock, stripe_side):
    """The operator has changed the setting meanwhile."""
    session.refresh(bought.payment)
    clock.set(bought.payment.expires_at)
    clock.advance(-(bought.payment.expires_at - bought.payment.created_at) / 20)
    changed = replace(settings, tax="exclusive")

    again = Till(session, StripeGateway(changed), changed, utcnow()).extend(bought)

    prices = [item["price_data"] for item in asked(session, again)["line_items"]]
    assert {price["tax_behavior"] for price in prices} == {"inclusive"}


@taxed(EXCLUSIVE)
def test_the_receipt_and_the_session_show_the_tax(client, buy_with, ada):
    sale = buy_with(off=1610, tax=1224)
    sign_in(client, ada)

    page = words(client.get(f"/sessions/{sale.booking.public_id}"))

    assert "Discount −€16.10 Tax €12.24 You paid €76.64" in page


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        pytest.param(EXCLUSIVE, "Tax may come on top, by where you live", id="on top"),
        pytest.param(INCLUSIVE, "Tax is in the price.", id="in the price"),
    ],
    indirect=["settings"],
)
def test_the_page_says_before_paying_where_the_tax_is(client, session, hour, ada, sentence):
    slug = session.get_one(Mentor, hour.mentor_id).slug
    session.rollback()
    sign_in(client, ada)

    page = words(client.get(f"/mentors/{slug}?offering={hour.id}&start={TEN:%Y-%m-%dT%H:%MZ}"))

    assert sentence in page


@taxed(EXCLUSIVE)
def test_the_doctor_warns_while_stripe_has_no_registration(session, settings, stripe_side):
    before = tax(Patient(session, settings, utcnow()))
    stripe_side.post("/_sandbox/tax/registrations", country="NL")

    after = tax(Patient(session, settings, utcnow()))

    assert (before.level, after.level) == (Level.ATTENTION, Level.OK)
    assert "it collects nothing" in before.says


def test_the_doctor_asks_nothing_where_no_tax_is_set(session, settings):
    assert tax(Patient(session, settings, utcnow())).level is Level.OK


@pytest.mark.parametrize(
    ("settings", "kept"),
    [pytest.param({}, "Receipt", id="a receipt"), pytest.param({"invoices": True}, "Invoice", id="an invoice")],
    indirect=["settings"],
)
def test_the_mentee_is_led_to_what_stripe_has_written(client, session, buy_with, ada, kept):
    sale = buy_with()
    sign_in(client, ada)
    path = f"/sessions/{sale.booking.public_id}/receipt-at-stripe"

    answer = client.get(path)
    there = requests.get(answer.location, timeout=10)

    assert path in client.get(f"/sessions/{sale.booking.public_id}").text
    assert (answer.status_code, there.status_code) == (303, 200)
    assert f"<h1>{kept}</h1>" in there.text
    assert "€80.50" in there.text
    assert session.execute(text("SELECT count(*) FROM payment WHERE payment::text LIKE '%/receipts/%'")).scalar() == 0


def test_nobody_else_is_led_there_and_of_a_code_for_all_of_it_there_is_none(client, session, buy_with, ada, hour):
    sale = buy_with(8050)
    path = f"/sessions/{sale.booking.public_id}/receipt-at-stripe"
    sign_in(client, session.get_one(User, hour.mentor_id))
    as_mentor = client.get(path).status_code
    sign_out(client)
    sign_in(client, ada)

    assert (as_mentor, client.get(path).status_code) == (404, 404)
    assert path not in client.get(f"/sessions/{sale.booking.public_id}").text
