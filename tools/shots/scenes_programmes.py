"""A programme: bought, booked out of what was bought or as a series, one session called off, ended without fault."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from marketplace.demo.people import DONALD, GRACE, LUCIA
from tools.shots.cast import Cast, book, offer
from tools.shots.scene import Scene

AGENDA = "What I said yes to this month, and why."


def going_on_with_a_programme(cast: Cast) -> Iterator[Scene]:
    """Lúcia, who is a mentor too, goes from senior to staff with Grace."""
    page, url = cast.person(LUCIA.email, LUCIA.zone), cast.stage.url
    page.goto(f"{url}/mentors/grace-example")
    offer(page, "From senior to staff")
    _first_time(page)
    yield Scene("mentor", "a programme is chosen", page)
    series = str(page.get_by_role("link", name="Or book all 6 now").evaluate("link => link.href"))
    yield from _as_a_series(cast, page)
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
    yield from _what_is_left(cast, page)
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
    yield from _a_yes_is_owed(page, mentor, url)
    mentor.goto(f"{url}/desk/offerings/new/programme")
    yield Scene("offering", "a new programme", mentor)
    page.goto(f"{programme}/end")
    yield Scene("end", "what goes back", page)
    page.get_by_role("button", name="End it").click()
    yield Scene("programme", "ended", page)


def _as_a_series(cast: Cast, page: Page) -> Iterator[Scene]:
    """All of its times on one page, of which one is lost before the press; and back."""
    chosen = page.url
    page.get_by_role("link", name="Or book all 6 now").click()
    yield Scene("series", "all are free", page)
    later = page.locator("input[name=later]").input_value().split()
    with _held_by_donald(cast, later[1]):
        page.get_by_label("What do you want to talk about?").fill(AGENDA)
        page.get_by_role("button", name="Pay and book all 6").click()
        page.get_by_role("alert").wait_for()
        yield Scene("series", "one was taken meanwhile", page)
        page.get_by_role("button", name="Take these times").click()
        page.locator("#book").wait_for()
        yield Scene("series", "what stood beside it is taken", page)
    page.goto(chosen)


def _what_is_left(cast: Cast, page: Page) -> Iterator[Scene]:
    """What is left, from the programme's page, and not booked after all."""
    page.get_by_role("link", name=re.compile("that are left")).click()
    page.locator("#book").wait_for()
    yield Scene("remaining", "all are free", page)
    times = page.locator("input[name=times]").input_value().split()
    with _held_by_donald(cast, times[1].partition("@")[2]):
        page.get_by_label("What do you want to talk about?").fill(AGENDA)
        page.get_by_role("button", name="Book all").click()
        page.locator("#errors").wait_for()
        yield Scene("remaining", "one was taken meanwhile", page)


def _a_yes_is_owed(page: Page, mentor: Page, url: str) -> Iterator[Scene]:
    """She books an hour besides, while Grace writes down how they work together."""
    page.goto(f"{url}/mentors/grace-example")
    offer(page, "Single session")
    _first_time(page)
    yield Scene("agree-first", "nothing is written", page)
    mentor.goto(f"{url}/mentorships")
    mentor.get_by_role("main").get_by_role("link", name=LUCIA.name).click()
    mentor.goto(f"{mentor.url}/agreement/edit")
    mentor.get_by_label("How often we meet").fill("Every second Tuesday, an hour.")
    mentor.get_by_role("button", name="Save").click()
    mentor.get_by_text("Every second Tuesday").wait_for()
    book(page)
    page.get_by_role("heading", name="One thing first").wait_for()
    yield Scene("agree-first", "it was written meanwhile", page)
    page.get_by_role("link", name="See what").click()
    yield Scene("agree-first", "a yes is owed", page)


@contextmanager
def _held_by_donald(cast: Cast, start: str) -> Iterator[None]:
    """An hour of Grace's, which he gives back afterwards."""
    page = cast.person(DONALD.email, DONALD.zone)
    page.goto(f"{cast.stage.url}/mentors/grace-example")
    offer(page, "Single session")
    page.wait_for_url("**offering=**")
    page.goto(f"{page.url.partition('#')[0]}&start={start}")
    book(page)
    page.get_by_role("button", name="Leave without paying").wait_for()
    yield
    page.get_by_role("button", name="Leave without paying").click()
    page.get_by_role("button", name="Give it back").click()
    page.get_by_role("status").wait_for()


def _first_time(page: Page) -> None:
    """Of the day that is open."""
    page.locator("ul.times a").first.click()
    page.locator("#book").wait_for()
