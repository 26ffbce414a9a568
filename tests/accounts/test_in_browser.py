"""The pages about accounts in Chromium: small screens, both colour schemes, contrast, labels, large targets."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from marketplace.accounts.models import User
from marketplace.accounts.tokens import Claim, make
from tests.factories import PASSWORD, make_user
from tests.server import served
from tools.demo.place import free_port

pytestmark = pytest.mark.browser
LIMIT_MS = 20_000
SMALL_TARGETS = """
    [...document.querySelectorAll("main button, main input, main select, main .btn")]
      .filter((each) => each.type !== "hidden")
      .filter((each) => (each.closest(".form-check") ?? each).getBoundingClientRect().height < 44)
      .map((each) => each.outerHTML)
"""


@pytest.fixture
def site(app, settings) -> Iterator[str]:
    port = free_port()
    with served(replace(settings, public_url=f"http://127.0.0.1:{port}"), port=port, workers=1) as server:
        yield server.url


@pytest.fixture
def ada(session) -> User:
    user = make_user(session, "Ada Example", verified_at=None)
    session.commit()
    return user


def opened(chromium: Browser, **given: object) -> Page:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, **given)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(LIMIT_MS)
    return page


def fill_in(page: Page, **fields: str) -> None:
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_small_screen_and_reads_well(chromium, site, ada, session, settings, scheme):
    page = opened(chromium, color_scheme=scheme, bypass_csp=True)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    link = f"{site}/verify/{make(Claim(ada.id, ada.email, '/'), secret_key=settings.secret_key)}"
    found: dict[str, object] = {}

    def look(name: str) -> None:
        width = page.evaluate("document.documentElement.scrollWidth")
        violations = [each["id"] for each in Axe().run(page).response["violations"]]
        found[name] = (width, violations, page.evaluate(SMALL_TARGETS))

    page.goto(f"{site}/sign-up")
    look("sign-up")
    fill_in(page, Your_name="Alan", Mail_address="alan", Password="short")
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("alert").get_by_role("link").first.click()
    look("sign-up with errors")
    page.goto(f"{site}/sign-up/check-mail")
    look("check-mail")
    page.goto(f"{site}/verify/forged")
    look("a forged link")
    page.goto(link)
    look("the link")
    page.goto(f"{site}/sign-in")
    fill_in(page, Mail_address=ada.email, Password="wrong password")
    page.get_by_role("button", name="Sign in").click()
    look("sign-in refused")
    fill_in(page, Password=PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{site}/account")
    look("the account")
    page.goto(link)
    page.get_by_role("button", name="Yes, confirm my address").click()
    page.goto(link)
    look("confirmed before")

    assert found == dict.fromkeys(found, (360, [], []))
    assert [text for text in said if "status of 4" not in text] == []


def test_the_browser_tells_its_zone_at_sign_up(chromium, site, session):
    page = opened(chromium, timezone_id="Asia/Tokyo")
    page.goto(f"{site}/sign-up")
    fill_in(page, Your_name="Alan Example", Mail_address="alan@example.org", Password=PASSWORD)

    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()

    assert session.query(User).one().zone == "Asia/Tokyo"


def test_without_script_the_site_goes_by_its_own_zone(chromium, site, session):
    page = opened(chromium, timezone_id="Asia/Tokyo", java_script_enabled=False)
    page.goto(f"{site}/sign-up")
    fill_in(page, Your_name="Alan Example", Mail_address="alan@example.org", Password=PASSWORD)

    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()

    assert session.query(User).one().zone == "Europe/Amsterdam"
