"""Coupons, promotion codes and tax: what they make of a session, down to nothing left to pay."""

import time
from typing import Any

import pytest
import requests
import stripe

from payments.sandbox.pricing import shared_out
from tests.payments.sandbox.tools import of_amount, session_params

LINES = of_amount(7000) + of_amount(1050)


@pytest.fixture
def code_of(client):
    def make(code: str = "SPRING", **coupon: object) -> Any:
        off = client.v1.coupons.create(coupon)
        return client.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": off.id}, "code": code})

    return make


def sums(session):
    details = session.total_details
    return (session.amount_subtotal, details.amount_discount, details.amount_tax, session.amount_total)


@pytest.mark.parametrize(
    ("coupon", "discount"),
    [
        pytest.param({"percent_off": 20}, 1610, id="a part in percent"),
        pytest.param({"percent_off": 12.5}, 1006, id="half a cent goes to the even side"),
        pytest.param({"amount_off": 1500, "currency": "EUR"}, 1500, id="a sum"),
        pytest.param({"amount_off": 9000, "currency": "eur"}, 8050, id="a sum above the price takes all off, not more"),
        pytest.param({"percent_off": 100}, 8050, id="all"),
    ],
)
def test_a_coupon_takes_its_part_off(client, coupon, discount):
    off = client.v1.coupons.create(coupon)

    made = client.v1.checkout.sessions.create(
        session_params(line_items=LINES, discounts=[{"coupon": off.id}], expand=["line_items"])
    )

    assert sums(made) == (8050, discount, 0, 8050 - discount)
    assert [each.to_dict() for each in made.discounts] == [{"coupon": off.id, "promotion_code": None}]
    assert sum(line.amount_discount for line in made.line_items) == discount
    assert sum(line.amount_total for line in made.line_items) == made.amount_total


def test_all_off_needs_no_payment_and_makes_no_intent(client, code_of, control):
    code = code_of(percent_off=100)
    made = client.v1.checkout.sessions.create(session_params(discounts=[{"promotion_code": code.id}]))

    control.pay(made.id)

    done = client.v1.checkout.sessions.retrieve(made.id)
    assert (made.payment_status, made.status) == ("no_payment_required", "open")
    assert (done.payment_status, done.status, done.payment_intent) == ("no_payment_required", "complete", None)
    assert [event.type for event in client.v1.events.list()] == ["checkout.session.completed"]
    assert client.v1.promotion_codes.retrieve(code.id).times_redeemed == 1
    assert client.v1.coupons.retrieve(code.promotion.coupon).times_redeemed == 1


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        pytest.param({"discounts": [{"coupon": "none"}]}, "No such coupon", id="no such coupon"),
        pytest.param({"discounts": [{"promotion_code": "promo_0"}]}, "No such promotion_code", id="no such code"),
        pytest.param({"discounts": [{"coupon": "a"}, {"coupon": "b"}]}, "one discount", id="two"),
        pytest.param({"discounts": [{"coupon": "a", "promotion_code": "b"}]}, "one discount", id="both in one"),
    ],
)
def test_a_senseless_discount_is_refused(client, change, wrong):
    with pytest.raises(stripe.InvalidRequestError, match=wrong):
        client.v1.checkout.sessions.create(session_params(**change))


def test_a_discount_below_the_least_sum_or_in_another_currency_is_refused(client):
    most = client.v1.coupons.create({"amount_off": 8040, "currency": "eur"})
    dollars = client.v1.coupons.create({"amount_off": 100, "currency": "usd"})
    both = {"allow_promotion_codes": True, "discounts": [{"coupon": most.id}]}

    for change, wrong in (
        ({"discounts": [{"coupon": most.id}]}, "at least €0.50"),
        ({"discounts": [{"coupon": dollars.id}]}, "is in usd"),
        (both, "only specify one"),
    ):
        with pytest.raises(stripe.InvalidRequestError, match=wrong):
            client.v1.checkout.sessions.create(session_params(**change))


@pytest.mark.parametrize(
    "params",
    [{}, {"percent_off": 5, "amount_off": 5, "currency": "eur"}, {"amount_off": 5}, {"percent_off": 101}],
    ids=["neither", "both", "no currency", "more than all"],
)
def test_a_senseless_coupon_is_refused(client, params):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.coupons.create(params)


def test_codes_are_found_again_and_exist_once(client, code_of):
    code = code_of(percent_off=10)

    assert [each.id for each in client.v1.promotion_codes.list({"code": "SPRING", "active": True})] == [code.id]
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        code_of("spring", percent_off=20)


def press(made, **form):
    return requests.post(made.url, data=form, allow_redirects=False, timeout=10)


def test_a_code_is_typed_on_the_page_and_changes_what_is_paid(client, make_session, code_of):
    code = code_of(percent_off=20)
    made = make_session(allow_promotion_codes=True)

    page = press(made, action="apply_code", code=" spring ")
    press(made, action="pay")

    done = client.v1.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent"]})
    assert "Pay €64.40" in page.text
    assert "−€16.10" in page.text
    assert (sums(done), done.payment_intent.amount_received) == ((8050, 1610, 0, 6440), 6440)
    assert done.discounts[0].promotion_code == code.id


def test_a_code_after_a_decline_changes_the_same_intent(client, make_session, code_of, control):
    code_of(percent_off=20)
    made = make_session(allow_promotion_codes=True)
    control.pay(made.id, "declined")

    press(made, action="apply_code", code="SPRING")
    control.pay(made.id)

    done = client.v1.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent"]})
    assert (done.payment_intent.amount, done.payment_intent.amount_received) == (6440, 6440)


@pytest.mark.parametrize("typed", ["WINTER", "", "DOLLARS", "ALMOST"])
def test_a_code_that_does_not_fit_changes_nothing(client, make_session, code_of, typed):
    code_of("DOLLARS", amount_off=100, currency="usd")
    code_of("ALMOST", amount_off=8040, currency="eur")
    made = make_session(allow_promotion_codes=True)

    page = press(made, action="apply_code", code=typed)

    assert "This code is not valid here" in page.text
    assert sums(client.v1.checkout.sessions.retrieve(made.id)) == (8050, 0, 0, 8050)


def test_a_code_that_may_be_used_once_is_used_up(client, make_session):
    off = client.v1.coupons.create({"percent_off": 20})
    promotion = {"type": "coupon", "coupon": off.id}
    code = client.v1.promotion_codes.create({"promotion": promotion, "code": "ONCE", "max_redemptions": 1})
    first, second = make_session(allow_promotion_codes=True), make_session(allow_promotion_codes=True)
    press(first, action="apply_code", code="ONCE")
    press(first, action="pay")

    page = press(second, action="apply_code", code="ONCE")

    assert "This code is not valid here" in page.text
    assert client.v1.checkout.sessions.retrieve(second.id).amount_total == 8050
    after = client.v1.promotion_codes.retrieve(code.id)
    assert (after.active, after.times_redeemed) == (False, 1)
    assert client.v1.coupons.retrieve(off.id).valid


def test_a_code_whose_coupon_is_used_up_or_whose_time_is_over_changes_nothing(client, make_session, code_of, clock):
    code_of("COUPON", percent_off=20, max_redemptions=1)
    over = client.v1.coupons.create({"percent_off": 20})
    ends = {"promotion": {"type": "coupon", "coupon": over.id}, "code": "ENDS", "expires_at": int(time.time()) + 600}
    client.v1.promotion_codes.create(ends)
    for _ in range(2):
        made = make_session(allow_promotion_codes=True)
        press(made, action="apply_code", code="COUPON")
        press(made, action="pay")
    clock.move(minutes=20)
    late = make_session(allow_promotion_codes=True)

    page = press(late, action="apply_code", code="ENDS")

    totals = sorted(each.amount_total for each in client.v1.checkout.sessions.list())
    assert "This code is not valid here" in page.text
    assert totals == [6440, 8050, 8050]


@pytest.mark.parametrize(
    ("currency", "amount", "discount"),
    [
        pytest.param("isk", 1138500, 170800, id="krónur are whole"),
        pytest.param("kwd", 24780, 3720, id="dinars in tens of fils"),
        pytest.param("jpy", 11499, 1725, id="yen"),
    ],
)
def test_a_percentage_comes_in_the_currency_s_steps(client, currency, amount, discount):
    off = client.v1.coupons.create({"percent_off": 15})

    made = client.v1.checkout.sessions.create(
        session_params(line_items=of_amount(amount, currency=currency), discounts=[{"coupon": off.id}])
    )

    assert made.total_details.amount_discount == discount


def test_codes_are_asked_for_only_where_the_shop_allows_them(client, make_session, code_of):
    code_of(percent_off=20)
    made = make_session()

    page = press(made, action="apply_code", code="SPRING")

    assert "Promotion code" not in page.text
    assert client.v1.checkout.sessions.retrieve(made.id).amount_total == 8050


@pytest.mark.parametrize(("off", "total"), [({"percent_off": 100}, 0), ({"amount_off": 50}, 8000)])
def test_a_test_can_discount_an_open_session_that_has_no_code(client, make_session, control, off, total):
    made = make_session()

    control.post(f"/_sandbox/sessions/{made.id}/discount", **off)

    assert client.v1.checkout.sessions.retrieve(made.id).amount_total == total


def test_tax_comes_on_top_and_is_spread_over_the_lines(client, make_session, control):
    made = make_session(line_items=LINES, automatic_tax={"enabled": True})
    control.post(f"/_sandbox/sessions/{made.id}/discount", percent_off=50)

    control.post(f"/_sandbox/sessions/{made.id}/tax", amount=805)
    control.pay(made.id)

    done = client.v1.checkout.sessions.retrieve(made.id, {"expand": ["line_items", "payment_intent"]})
    assert (made.automatic_tax.enabled, sums(made)) == (True, (8050, 0, 0, 8050))
    assert (done.automatic_tax.status, sums(done)) == ("complete", (8050, 4025, 805, 4830))
    assert [line.amount_tax for line in done.line_items] == [700, 105]
    assert done.payment_intent.amount_received == 4830


@pytest.mark.parametrize("what", ["discount", "tax"])
def test_what_is_paid_is_neither_discounted_nor_taxed(client, make_paid, control, what):
    with pytest.raises(AssertionError, match="not open"):
        control.post(f"/_sandbox/sessions/{make_paid().id}/{what}", percent_off=5, amount=5)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        pytest.param(100, [1, 1, 1], [34, 33, 33], id="the rest to the first"),
        pytest.param(10, [0, 0], [10, 0], id="nothing to go by"),
        pytest.param(0, [7, 3], [0, 0], id="nothing to share"),
        pytest.param(99, [99], [99], id="one takes all"),
    ],
)
def test_a_sum_is_shared_out_to_the_last_cent(total, weights, parts):
    assert shared_out(total, weights) == parts
