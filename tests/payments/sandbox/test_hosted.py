import re

import pytest
import requests

from tests.payments.sandbox.tools import of_amount, session_params


def press(session, action):
    return requests.post(session.url, data={"action": action}, allow_redirects=False, timeout=10)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_page_says_that_it_is_a_test_what_is_paid_and_until_when(make_session):
    lines = of_amount(7000) + of_amount(525, quantity=2)
    made = make_session(line_items=lines, customer_email="ada@example.com")

    page = requests.get(made.url, timeout=10)

    said = text_of(page)
    assert page.status_code == 200
    assert '<html lang="en">' in page.text
    for words in ("no real money", "€70.00", "A session × 2", "€10.50", "Total", "€80.50", "UTC", "23 hours left"):
        assert words in said
    assert "ada@example.com" in said
    assert "script" not in page.text
    assert "style=" not in page.text
    assert "form-action 'self' http://127.0.0.1:9" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("moved", "left"),
    [
        pytest.param({"hours": 20, "minutes": 59}, "3 hours left", id="hours"),
        pytest.param({"hours": 21, "minutes": 1}, "178 minutes left", id="under three hours"),
        pytest.param({"hours": 23, "minutes": 58}, "1 minute left", id="the last full minute"),
    ],
)
def test_the_page_counts_full_hours_and_minutes(make_session, clock, moved, left):
    made = make_session()

    clock.move(**moved)

    assert left in text_of(requests.get(made.url, timeout=10))


def test_names_are_shown_as_text_never_as_markup(make_session):
    line = of_amount(7000)
    line[0]["price_data"]["product_data"]["name"] = "<b>Grace</b>"

    page = requests.get(make_session(line_items=line).url, timeout=10)

    assert "<b>Grace" not in page.text
    assert "&lt;b&gt;Grace" in page.text


def test_pay_leads_back_to_the_shop_with_the_id_in_its_place(client, make_session):
    made = make_session()

    answer = press(made, "pay")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"http://127.0.0.1:9/return?checkout={made.id}")
    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == "paid"


def test_pay_and_close_pays_and_goes_nowhere(client, make_session):
    made = make_session()

    answer = press(made, "pay_and_close")

    assert answer.status_code == 200
    assert "You may close this tab now" in text_of(answer)
    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == "paid"


def test_a_declined_card_is_said_and_can_be_followed_by_a_good_one(client, make_session):
    made = make_session()

    declined = press(made, "decline")

    assert declined.status_code == 200
    assert 'role="alert"' in declined.text
    assert "Your card was declined" in text_of(declined)
    assert client.v1.checkout.sessions.retrieve(made.id).status == "open"
    assert press(made, "pay").status_code == 303


def test_leaving_goes_back_and_keeps_the_session_open(client, make_session):
    made = make_session()

    answer = press(made, "leave")

    assert (answer.status_code, answer.headers["Location"]) == (303, "http://127.0.0.1:9/cancelled")
    assert client.v1.checkout.sessions.retrieve(made.id).status == "open"


def test_there_is_no_leaving_without_a_place_to_go(client):
    params = session_params()
    del params["cancel_url"]
    made = client.v1.checkout.sessions.create(params)

    assert "Leave without paying" not in requests.get(made.url, timeout=10).text
    assert press(made, "leave").status_code == 200


@pytest.mark.parametrize("action", ["pay", "pay_and_close", "decline", "leave", "anything"])
def test_an_expired_page_says_so_whatever_is_pressed(client, make_session, action):
    made = make_session()
    client.v1.checkout.sessions.expire(made.id)

    answer = press(made, action)

    assert answer.status_code == 200
    assert "This checkout has expired" in text_of(answer)
    assert "<form" not in answer.text
    assert client.v1.checkout.sessions.retrieve(made.id).payment_intent is None


def test_a_page_expires_with_its_time(make_session, clock):
    made = make_session()

    clock.move(hours=24, seconds=1)

    assert "This checkout has expired" in text_of(requests.get(made.url, timeout=10))


def test_a_paid_page_leads_on_and_cannot_be_paid_again(client, make_session):
    made = make_session()
    press(made, "pay")

    again = press(made, "pay")

    assert "it cannot be paid a second time" in text_of(again)
    assert f'href="http://127.0.0.1:9/return?checkout={made.id}"' in again.text
    assert len(client.v1.events.list({"type": "charge.succeeded"}).data) == 1


def test_nothing_to_pay_is_confirmed(client, make_session):
    made = make_session(line_items=of_amount(0))

    page = requests.get(made.url, timeout=10)
    press(made, "pay")

    assert "Nothing to pay" in text_of(page)
    assert client.v1.checkout.sessions.retrieve(made.id).status == "complete"


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        pytest.param(123456, "usd", "$1,234.56", id="dollars"),
        pytest.param(8050, "jpy", "¥8,050", id="yen have no cents"),
        pytest.param(30050, "sek", "SEK 300.50", id="no sign of its own"),
        pytest.param(12340, "kwd", "KWD 12.340", id="three decimals"),
    ],
)
def test_sums_are_written_as_the_currency_wants(make_session, amount, currency, said):
    page = requests.get(make_session(line_items=of_amount(amount, currency)).url, timeout=10)

    assert said in page.text


def test_an_unknown_checkout_is_a_page_too(sandbox):
    page = requests.get(f"{sandbox.url}/c/pay/cs_test_none", timeout=10)

    assert page.status_code == 404
    assert "No such page" in page.text


@pytest.mark.parametrize("file", ["style.css", "icon.svg"])
def test_the_files_of_the_page_are_served(sandbox, file):
    assert requests.get(f"{sandbox.url}/_sandbox/{file}", timeout=10).ok


def test_the_bank_may_ask_first_and_hear_yes(client, make_session):
    made = make_session()

    asked = press(made, "ask_bank")
    answer = press(made, "bank_yes")

    assert "Your bank asks: are you paying €80.50 now?" in text_of(asked)
    assert answer.status_code == 303
    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == "paid"


def test_the_bank_may_ask_first_and_hear_no(client, make_session):
    made = make_session()
    press(made, "ask_bank")

    answer = press(made, "bank_no")

    assert "Your bank could not confirm that it was you" in text_of(answer)
    assert client.v1.checkout.sessions.retrieve(made.id).status == "open"


def test_a_card_without_funds_is_said(make_session):
    assert "Your card has insufficient funds" in text_of(press(make_session(), "decline_for_funds"))


def test_a_slow_method_leads_back_and_says_that_the_money_is_on_its_way(client, make_session):
    made = make_session()

    answer = press(made, "pay_slowly")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"http://127.0.0.1:9/return?checkout={made.id}")
    assert "The money is on its way" in text_of(requests.get(made.url, timeout=10))
    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == "unpaid"


def test_where_nothing_is_to_be_paid_no_bank_is_asked(make_session):
    made = make_session(line_items=of_amount(0))

    assert "3-D Secure" not in requests.get(made.url, timeout=10).text
    assert press(made, "ask_bank").status_code == 303


def test_discount_and_tax_stand_between_price_and_total(make_session, control):
    made = make_session()
    control.post(f"/_sandbox/sessions/{made.id}/discount", percent_off=50)
    control.post(f"/_sandbox/sessions/{made.id}/tax", amount=805)

    said = text_of(requests.get(made.url, timeout=10))

    assert "€80.50 Discount −€40.25 Tax €8.05 Total €48.30" in said
