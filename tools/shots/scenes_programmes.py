"""A programme: bought, booked out of what was bought, one session called off, and ended without fault."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page

from marketplace.demo.people import GRACE, LUCIA
from tools.shots.cast import Cast, book, offer
from tools.shots.scene import Scene


def going_on_with_a_programme(cast: Cast) -> Iterator[Scene]:
    """Lúcia, who is a mentor too, goes from senior to staff with Grace."""
    page, url = cast.person(LUCIA.email, LUCIA.zone), cast.stage.url
    page.goto(f"{url}/mentors/grace-example")
    offer(page, "From senior to staff")
    _first_time(page)
    yield Scene("mentor", "a programme is chosen", page)
    series = str(page.get_by_role("link", name="Or book all 6 now").evaluate("link => link.href"))
    yield from _as_a_series(page)
    book(page)
    page.get_by_role("button", name=re.compile("^Pay €")).click()
    page.get_by_role("link", name="See the session").click()
    yield Scene("session", "the first of a programme", page)
    page.get_by_role("link", name="5 are still to be booked").click()
    programme = page.url
    yield Scene("programme", "five are to be booked", page)
    page.goto(series)
    yield Scene("series", "the first is taken by now", page)
    page.goto(programme)
    page.get_by_role("link", name="Book the next session").click()
    _first_time(page)
    yield Scene("book-bought", "a time is chosen", page)
    page.get_by_role("button", name="Book ").click()
    session = page.url
    page.goto(f"{session}/cancel")
    yield Scene("cancel", "it stays bought", page)
    page.get_by_role("button", name="Cancel the session").click()
    yield Scene("session", "called off, and still bought", page)
    page.goto(f"{url}/sessions")
    yield Scene("sessions", "a programme to go on with", page)
    mentor = cast.person(GRACE.email, GRACE.zone)
    mentor.goto(programme)
    yield Scene("programme", "as its mentor sees it", mentor)
    mentor.goto(f"{url}/desk/offerings/new/programme")
    yield Scene("offering", "a new programme", mentor)
    page.goto(f"{programme}/end")
    yield Scene("end", "what goes back", page)
    page.get_by_role("button", name="End it").click()
    yield Scene("programme", "ended", page)


def _as_a_series(page: Page) -> Iterator[Scene]:
    """All of its times on one page, and back."""
    chosen = page.url
    page.get_by_role("link", name="Or book all 6 now").click()
    yield Scene("series", "all are free", page)
    page.goto(chosen)


def _first_time(page: Page) -> None:
    """Of the day that is open."""
    page.locator("ul.times a").first.click()
    page.locator("#book").wait_for()
