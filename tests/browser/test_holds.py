"""What becomes of a held time: left, given back, paid for in a closed tab, run out, wanted by two."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import DAY, ON_THE_DAY, Mentor, mentee, mentor_in_helsinki
from tests.browser.steps import BEGINS, at_stripe, heading
from tools.shots.cast import book, choose, letter_to
from tools.shots.scenes_buying import LONGER_THAN_A_HOLD
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
WHEN = f"{ON_THE_DAY}, {BEGINS}"
PATIENCE_SECONDS = 30


@pytest.fixture
def mentor(rows) -> Mentor:
    return mentor_in_helsinki(rows)


@pytest.fixture
def email(rows) -> str:
    return mentee(rows)


def free_times(page: Page, stage: Stage, mentor: Mentor) -> list[str]:
    page.goto(f"{stage.url}{mentor.path}?day=2026-12-08")
    return page.locator("ul.times li").all_inner_texts()


def test_who_leaves_may_go_on_paying_or_give_the_time_back(cast, stage, mentor, email):
    page = at_stripe(cast, stage, mentor, email)
    checkout = page.url

    page.get_by_role("button", name="Leave without paying").click()
    heading(page, "Go on paying, or give the time back?")
    page.get_by_role("link", name="Go on paying").click()
    page.wait_for_url(checkout)
    page.get_by_role("button", name="Leave without paying").click()
    assert BEGINS not in free_times(cast.visitor("Europe/Lisbon"), stage, mentor)
    page.get_by_role("button", name="Give it back").click()

    expect(page.get_by_role("status").first).to_have_text("You gave the time back. Nothing was charged.")
    assert BEGINS in free_times(page, stage, mentor)


def test_who_pays_and_closes_the_tab_has_booked(cast, stage, mentor, email):
    page = at_stripe(cast, stage, mentor, email)

    page.get_by_role("button", name="Pay and close the tab").click()
    heading(page, "Paid")
    context = page.context
    page.close()

    seen = context.new_page()
    assert shown_within_patience(seen, f"{stage.url}/sessions", f"{WHEN} Single session with {mentor.name} confirmed")


def shown_within_patience(page: Page, url: str, words: str) -> bool:
    """Loads the page again and again: the worker is told by the webhook and nobody else."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        page.goto(url)
        seen = " ".join(page.locator("main").inner_text().split())
        if re.search(re.escape(words).replace("confirmed", ".*confirmed"), seen):
            return True
        time.sleep(0.3)
    return False


def test_who_does_not_pay_in_time_is_told_and_the_time_is_free_again(cast, stage, mentor, email):
    page = at_stripe(cast, stage, mentor, email)
    page.get_by_role("button", name="Leave without paying").click()
    purchase = page.url.removesuffix("/cancel")

    stage.advance(LONGER_THAN_A_HOLD)

    letter = letter_to(stage.instance, email, "No longer held")
    assert WHEN in str(letter["Subject"])
    page.goto(f"{purchase}/return")
    heading(page, "The time was not paid for")
    assert BEGINS in free_times(page, stage, mentor)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_the_countdown_is_right_and_ticks_where_it_can(cast, stage, mentor, email, script):
    page = at_stripe(cast, stage, mentor, email, java_script_enabled=script)
    page.get_by_role("button", name="Leave without paying").click()
    face = page.locator("[data-countdown-face]")
    first = face.inner_text()

    page.wait_for_timeout(2500)  # real time, as it is the browser's own clock that ticks

    assert 34 * 60 < seconds(first) <= 35 * 60
    assert (seconds(face.inner_text()) < seconds(first)) is script
    page.reload()
    assert 34 * 60 < seconds(face.inner_text()) < seconds(first)


def seconds(face: str) -> int:
    minutes, rest = face.split(":")
    return int(minutes) * 60 + int(rest)


def test_reloading_and_going_back_after_paying_breaks_nothing(cast, stage, mentor, email):
    page = at_stripe(cast, stage, mentor, email)
    page.get_by_role("button", name="Pay €80.50").click()
    heading(page, f"Booked: {WHEN}")

    page.reload()
    heading(page, f"Booked: {WHEN}")
    page.go_back()
    heading(page, "Paid")
    page.get_by_role("link", name="Go on to the shop").click()
    heading(page, f"Booked: {WHEN}")
    page.go_back()
    page.go_back()
    heading(page, mentor.name)

    page.goto(f"{stage.url}/sessions")
    assert page.locator("ul.agenda > li").count() == 1


def test_the_second_of_two_is_offered_other_times_and_books_one(cast, stage, mentor, email, rows, watch):
    watch.refusals.add(409)
    other = mentee(rows, name="Annie Example")
    first, second = (cast.person(each, "Europe/Lisbon") for each in (email, other))
    for page in (first, second):
        page.goto(stage.url + mentor.path)
        choose(page, DAY, BEGINS)
    book(first)
    first.get_by_role("button", name="Pay €80.50").wait_for()

    book(second)
    heading(second, f"{WHEN} is gone")
    offered = second.locator("ul.times a").first
    begins = offered.inner_text()
    offered.click()
    second.get_by_role("button", name=f"Pay and book {begins}").click()
    second.get_by_role("button", name="Pay €80.50").click()

    heading(second, f"Booked: {begins}")
