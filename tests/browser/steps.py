"""What several tests do before their own story begins."""

from datetime import timedelta

import icalendar
import requests
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.people import DAY, Mentor
from tools.shots.cast import Cast, book, choose
from tools.shots.stage import Stage

NARROW: ViewportSize = {"width": 360, "height": 800}
BEGINS = "10:00"
"""In Lisbon, where mentees are at home."""
HALF_A_DAY = timedelta(hours=12)
MOST_HALF_DAYS = 40


def at_stripe(cast: Cast, stage: Stage, mentor: Mentor, email: str, **given: object) -> Page:
    """A mentee who has pressed *Pay and book* and stands on the hosted page."""
    page = cast.person(email, "Europe/Lisbon", **given)
    page.goto(stage.url + mentor.path)
    choose(page, DAY, BEGINS)
    book(page)
    page.get_by_role("button", name="Pay €80.50").wait_for()
    return page


def starts_in_feed(address: str) -> list[object]:
    """Reads a calendar as an app would, without a cookie."""
    answer = requests.get(address, timeout=10)
    return [event.start for event in icalendar.Calendar.from_ical(answer.content).events]


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def fits(page: Page) -> None:
    """Nothing reaches over the right edge of a narrow page."""
    assert page.locator("html").evaluate("html => html.scrollWidth") <= NARROW["width"]


def until_it_is_over(stage: Stage, page: Page, session: str) -> None:
    """Half a day after half a day, until the session's page asks how it was. Raises TimeoutError after weeks."""
    for _ in range(MOST_HALF_DAYS):
        page.goto(session)
        if page.get_by_role("heading", name="How was it?").count():
            return
        stage.advance(HALF_A_DAY)
    raise TimeoutError("the session is not over yet")
