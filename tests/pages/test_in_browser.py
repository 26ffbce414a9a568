"""The pages in Chromium: small and large, light and dark, with and without script, and a hold that runs out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from booking.domain.states import BookingStatus
from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from tests.conftest import TUESDAY
from tests.factories import PASSWORD, make_mentor, make_offering, make_user
from tests.pages.sales import make_sale
from tests.server import in_threads

pytestmark = pytest.mark.browser
LIMIT_MS = 20_000
UNTIL = TUESDAY + timedelta(minutes=35)
START = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def grace(session) -> Mentor:
    mentor = make_mentor(session, slug="grace")
    make_offering(session, mentor)
    session.commit()
    return mentor


@pytest.fixture
def ada(session, grace) -> User:
    """She holds one time and has another session ahead."""
    user = make_user(session)
    offering = make_offering(session, grace, position=1)
    make_sale(session, offering, user, START, status=BookingStatus.HELD, held_until=UNTIL)
    make_sale(session, offering, user, START + timedelta(days=1), public_id="adas")
    session.commit()
    return user


@pytest.fixture
def site(app: Flask, grace) -> Iterator[str]:
    with in_threads(app) as url:
        yield url


def opened(chromium: Browser, *, width: int = 360, **given: object) -> tuple[Page, list[str]]:
    """A page, and what its console says."""
    context = chromium.new_context(viewport={"width": width, "height": 740}, **given)  # type: ignore[arg-type]
    page, said = context.new_page(), []
    page.set_default_timeout(LIMIT_MS)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def sign_in(page: Page, site: str, user: User) -> None:
    page.goto(f"{site}/sign-in")
    page.get_by_label("Mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_and_read_well(chromium, site, ada, scheme, width):
    page, said = opened(chromium, width=width, color_scheme=scheme)
    wrong = []
    sign_in(page, site, ada)
    for path in ("/", "/mentors/grace?start=2026-12-08T12:00Z", "/mentors/grace?start=2026-12-12T12:00Z", "/sessions"):
        page.goto(f"{site}{path}")
        wrong += [(path, each["id"]) for each in Axe().run(page, options=RULES).response["violations"]]
        wrong += [(path, "too wide")] if page.evaluate("document.documentElement.scrollWidth") > width else []

    assert wrong == []
    assert said == []


def test_a_visitors_zone_is_found_out_by_the_first_page(chromium, site):
    page, said = opened(chromium, timezone_id="Asia/Tokyo")

    page.goto(f"{site}/mentors/grace?day=2026-12-08")

    page.get_by_text("Times in Asia/Tokyo").wait_for()
    expect(page.get_by_role("link", name="17:00", exact=True)).to_be_visible()
    assert said == []


def test_a_time_is_chosen_without_script(chromium, site):
    page, _ = opened(chromium, java_script_enabled=False)
    page.goto(f"{site}/mentors/grace")

    page.get_by_role("link", name="Tuesday 8 December, 29 times free").click()
    page.get_by_role("link", name="10:30").click()

    expect(page.get_by_role("link", name="Sign in to book")).to_be_visible()


def test_a_hold_counts_down_is_spoken_of_twice_and_ends(chromium, site, ada):
    page, said = opened(chromium)
    sign_in(page, site, ada)
    page.clock.install(time=TUESDAY)
    page.goto(f"{site}/sessions")
    face, spoken = page.locator("[data-countdown-face]"), page.locator("[data-countdown-spoken]")
    heard = []

    page.clock.run_for(timedelta(minutes=29, seconds=30) // timedelta(milliseconds=1))
    assert face.inner_text().startswith(("5:2", "5:3"))
    for _ in range(2):
        heard.append(spoken.inner_text())
        page.clock.run_for(timedelta(minutes=2) // timedelta(milliseconds=1))
    heard.append(spoken.inner_text())
    page.clock.run_for(timedelta(minutes=1) // timedelta(milliseconds=1))
    heard.append(spoken.inner_text())

    assert heard == ["", "5 minutes left.", "5 minutes left.", "One minute left."]
    assert said == []
