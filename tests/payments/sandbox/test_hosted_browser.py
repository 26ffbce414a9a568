"""The page in Chromium: small screens, both colour schemes, contrast and labels."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from tests.payments.sandbox.tools import session_params

pytestmark = pytest.mark.browser
LIMIT_MS = 20_000
ARGUMENTS = ["--no-sandbox"] if os.geteuid() == 0 else []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["open", "declined", "paid", "expired", "missing"])
def test_the_page_fits_a_small_screen_and_reads_well(browser, client, control, make_session, scheme, state):
    made = make_session(customer_email="ada@example.com")
    if state == "paid":
        control.pay(made.id)
    if state == "expired":
        client.v1.checkout.sessions.expire(made.id)
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(LIMIT_MS)

    page.goto(f"{made.url}x" if state == "missing" else made.url)
    if state == "declined":
        page.get_by_role("button", name="Decline the card").click()

    violations = [each["id"] for each in Axe().run(page).response["violations"]]
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert violations == []
    assert width == 360


def test_it_works_without_script_and_leads_back_to_the_shop(browser, client, make_session):
    shop = f"{make_session().url}?checkout={{CHECKOUT_SESSION_ID}}"
    made = client.v1.checkout.sessions.create(session_params(success_url=shop))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(LIMIT_MS)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(made.url)
    page.get_by_role("button", name="Pay €80.50").click()
    page.wait_for_url(f"**?checkout={made.id}")

    context.close()
    assert said == []
    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == "paid"
