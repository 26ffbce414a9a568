"""The fault panel by its forms, as a browser without script sends them."""

import re
from html.parser import HTMLParser

import pytest
import requests

from tests.payments.sandbox.tools import Json, of_amount


class Forms(HTMLParser):
    """The forms of a page: where each leads, what it holds, and what its button says."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Json] = []
        self._in_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.forms.append({"action": told["action"], "fields": {}, "button": ""})
        elif tag in {"input", "select"} and self.forms:
            self.forms[-1]["fields"][told["name"]] = told.get("value", "")
        elif tag == "button":
            self._in_button = True

    def handle_endtag(self, tag: str) -> None:
        self._in_button = self._in_button and tag != "button"

    def handle_data(self, data: str) -> None:
        if self._in_button:
            self.forms[-1]["button"] += data.strip()


@pytest.fixture
def panel(sandbox, key):
    return lambda: requests.get(f"{sandbox.url}/_sandbox/panel", params={"key": key}, timeout=10)


@pytest.fixture
def press(sandbox, panel):
    """Presses the first button with these words, with some fields filled in."""

    def pressed(button: str, **fields: object) -> requests.Response:
        read = Forms()
        read.feed(panel().text)
        form = next(each for each in read.forms if each["button"] == button)
        assert fields.keys() <= form["fields"].keys()
        return requests.post(sandbox.url + form["action"], data=form["fields"] | fields, timeout=10)

    return pressed


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_a_new_key_has_nothing_armed_and_a_button_for_everything(panel, key):
    page = panel()

    said = text_of(page)
    assert page.status_code == 200
    for words in ("no real money", "Fault panel", "deliver in order; 0 waiting", "Nothing else", "None yet"):
        assert words in said
    assert key not in said
    assert "script" not in page.text
    assert "style=" not in page.text
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("wrong", ["", "nonsense", "sk_live_0123456789abcdef"])
def test_without_a_test_key_the_panel_asks_for_one(sandbox, wrong):
    page = requests.get(f"{sandbox.url}/_sandbox/panel", params={"key": wrong}, timeout=10)

    assert "Secret test key of the shop" in page.text
    assert ("No such panel" in page.text) == bool(wrong)
    assert "What is armed" not in page.text


def test_webhooks_are_set_and_shown(press, control, make_paid, inbox, endpoint):
    page = press("Deliver so", mode="hold", delay=60, repeat=2)
    make_paid()
    waiting = text_of(press("Deliver so", mode="hold", delay=0, repeat=1))
    press("Send the 3 waiting now", order="reversed", repeat=1)

    assert "hold until sent below, 60 seconds late, 2 times each" in text_of(page)
    assert "3 waiting" in waiting
    assert len(inbox.received) == 3


def test_requests_are_armed_shown_and_disarmed(press, panel, control):
    armed = press("Arm", fault="rate_limit", method="GET", path="/v1/refunds", times=2)
    known = control.get("/_sandbox/faults")["armed"]

    after = press("Disarm all of these")

    assert "2 × GET /v1/refunds : 429 rate limit, nothing done" in text_of(armed)
    assert [each["method"] for each in known] == ["GET", "GET"]
    assert "Nothing else" in text_of(after)


def test_refunds_are_armed_and_then_settled(client, press, make_paid):
    press("Arm for refunds", outcome="pending", times=1)
    refund = client.v1.refunds.create({"payment_intent": make_paid().payment_intent, "amount": 50})

    pending = press("Arm for payments", seconds=3600, times=1)
    press("Succeed")
    failed = press("Fail: the card is closed")

    assert "€0.50 pending (processing)" in text_of(pending)
    assert "payment: balance transaction after 3600 seconds" in text_of(pending)
    assert "€0.50 failed (expired or canceled card)" in text_of(failed)
    assert client.v1.refunds.retrieve(refund.id).status == "failed"


@pytest.mark.parametrize(("button", "status"), [("The money comes", "paid"), ("The money never comes", "unpaid")])
def test_a_slow_payment_is_made_and_settled(client, press, make_session, button, status):
    made = make_session()
    processing = press("Pay slowly")

    settled = press(button)

    assert "processing" in text_of(processing)
    assert ("paid" if status == "paid" else "failed") in text_of(settled)
    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == status


def test_an_open_checkout_is_discounted_taxed_declined_and_paid(client, press, make_session):
    made = make_session()
    press("Add 20 % tax")
    taxed = client.v1.checkout.sessions.retrieve(made.id).amount_total
    press("Decline")
    press("Take all off")
    press("Add 20 % tax", amount=0)
    press("Pay")

    done = client.v1.checkout.sessions.retrieve(made.id)
    assert taxed == 8050 + 1610
    assert (done.status, done.payment_status, done.amount_total) == ("complete", "no_payment_required", 0)


def test_a_delivery_is_sent_again(press, make_paid, inbox, endpoint):
    make_paid()
    inbox.wait_for(3)

    press("Send again")

    assert len(inbox.received) == 4


def test_what_does_not_work_any_more_is_said_on_the_panel(sandbox, key, client, make_session, control):
    made = make_session(line_items=of_amount(5000))
    client.v1.checkout.sessions.expire(made.id)

    answer = requests.post(
        f"{sandbox.url}/_sandbox/sessions/{made.id}/settle", data={"key": key, "outcome": "fail"}, timeout=10
    )

    assert answer.status_code == 400
    assert "That did not work." in text_of(answer)
    assert "is not processing" in text_of(answer)


def test_another_key_sees_and_changes_nothing(sandbox, make_session, press):
    made = make_session()
    stranger = {"key": "sk_test_stranger_of_the_panel"}

    page = requests.get(f"{sandbox.url}/_sandbox/panel", params=stranger, timeout=10)
    refused = requests.post(
        f"{sandbox.url}/_sandbox/sessions/{made.id}/tax", data=stranger | {"amount": "5"}, timeout=10
    )

    assert made.id[:20] not in page.text
    assert "No such checkout.session" in text_of(refused)
