"""The page in Chromium: small screens, both colour schemes, contrast and labels."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.payments.sandbox.tools import session_params

pytestmark = pytest.mark.browser
LIMIT_MS = 20_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["open", "declined", "asked", "paid", "processing", "expired", "missing"])
def test_the_page_fits_a_small_screen_and_reads_well(chromium, client, control, make_session, scheme, state):
    made = make_session(customer_email="ada@example.com", allow_promotion_codes=True)
    if state in {"paid", "processing"}:
        control.pay(made.id, "slow" if state == "processing" else "paid")
    if state == "expired":
        client.v1.checkout.sessions.expire(made.id)
    context = chromium.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(LIMIT_MS)

    page.goto(f"{made.url}x" if state == "missing" else made.url)
    if state == "declined":
        page.get_by_role("button", name="Decline the card").click()
    if state == "asked":
        page.get_by_text("More that can happen").click()
        page.get_by_role("button", name="Let the bank ask first").click()

    violations = [each["id"] for each in Axe().run(page).response["violations"]]
    width = page.evaluate("document.documentElement.scrollWidth")
    assert violations == []
    assert width == 360


def test_it_works_without_script_and_leads_back_to_the_shop(chromium, client, make_session):
    shop = f"{make_session().url}?checkout={{CHECKOUT_SESSION_ID}}"
    made = client.v1.checkout.sessions.create(session_params(success_url=shop))
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(LIMIT_MS)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(made.url)
    page.get_by_role("button", name="Pay €80.50").click()
    page.wait_for_url(f"**?checkout={made.id}")

    assert said == []
    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == "paid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["full", "no key"])
def test_the_panel_fits_a_small_screen_and_reads_well(
    chromium, sandbox, client, key, control, make_paid, scheme, state
):
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/hook", "enabled_events": ["*"]})
    control.post("/_sandbox/refunds/next", outcome="pending", times=2)
    client.v1.refunds.create({"payment_intent": make_paid().payment_intent, "amount": 50})
    client.v1.checkout.sessions.create(session_params())
    control.post("/_sandbox/faults", fault="stall_after_commit")
    context = chromium.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(LIMIT_MS)

    page.goto(f"{sandbox.url}/_sandbox/panel" + (f"?key={key}" if state == "full" else ""))

    violations = [each["id"] for each in Axe().run(page).response["violations"]]
    width = page.evaluate("document.documentElement.scrollWidth")
    assert violations == []
    assert width == 360


def test_the_panel_works_without_script(chromium, sandbox, client, key, make_session):
    made = make_session()
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(LIMIT_MS)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(f"{sandbox.url}/_sandbox/panel")
    page.get_by_label("Secret test key").fill(key)
    page.get_by_role("button", name="Open its panel").click()
    page.get_by_label("From now on").select_option("Deliver newest first")
    page.get_by_role("button", name="Deliver so").click()
    page.get_by_role("button", name="Pay slowly").click()
    page.get_by_role("button", name="The money comes").click()
    page.get_by_text("paid · Single session with Grace").wait_for()

    assert said == []
    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == "paid"
