"""A session is moved by its mentee, and then by a proposal of its mentor: with script and without, at 360 pixels."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import mentee, mentor_in_helsinki
from tests.browser.steps import NARROW, at_stripe, fits
from tools.shots.cast import Cast, choose
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
NEXT_DAY, DAY_AFTER = "Wednesday 9 December", "Thursday 10 December"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_session_moves_to_where_its_two_people_want_it(cast: Cast, stage: Stage, rows, script: bool):
    mentor = mentor_in_helsinki(rows)
    page = at_stripe(cast, stage, mentor, mentee(rows), java_script_enabled=script)
    page.get_by_role("button", name="Pay €80.50").click()
    page.get_by_role("link", name="See the session").click()
    session = page.url
    page.set_viewport_size(NARROW)

    moved_by_the_mentee(page)
    proposed_by_the_mentor(cast, mentor.email, session)
    accepted_by_the_mentee(page, session)


def moved_by_the_mentee(page: Page) -> None:
    page.get_by_role("link", name="Move this session").click()
    choose(page, NEXT_DAY, "11:00")
    times = page.locator(".from-to")
    expect(times.get_by_role("region", name="Old time")).to_contain_text("Tue 8 Dec, 10:00–11:00 (Europe/Lisbon)")
    expect(times.get_by_role("region", name="Old time")).to_contain_text("Tue 8 Dec, 12:00–13:00 (Europe/Helsinki)")
    expect(times.get_by_role("region", name="New time")).to_contain_text("Wed 9 Dec, 11:00–12:00 (Europe/Lisbon)")
    expect(times.get_by_role("region", name="New time")).to_contain_text("Wed 9 Dec, 13:00–14:00 (Europe/Helsinki)")
    fits(page)
    page.get_by_role("button", name="Move it to Wed 9 Dec, 11:00").click()
    expect(page.get_by_role("status").first).to_contain_text("The session is moved.")
    expect(page.locator(".lead")).to_have_text(f"{NEXT_DAY}, 11:00")
    expect(page.get_by_text("You have moved this session.")).to_be_visible()


def proposed_by_the_mentor(cast: Cast, email: str, session: str) -> None:
    page = cast.person(email, "Europe/Helsinki")
    page.goto(session)
    page.set_viewport_size(NARROW)
    page.get_by_role("link", name="Propose another time").click()
    choose(page, DAY_AFTER, "12:00")
    fits(page)
    page.get_by_role("button", name="Propose Thu 10 Dec, 12:00").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have proposed another time")
    fits(page)


def accepted_by_the_mentee(page: Page, session: str) -> None:
    page.goto(session.rpartition("/")[0])  # My sessions
    page.get_by_role("link", name="Another time for Single session").click()
    fits(page)
    page.get_by_role("button", name="Accept Thu 10 Dec, 10:00").click()
    expect(page).to_have_url(session)
    expect(page.locator(".lead")).to_have_text(f"{DAY_AFTER}, 10:00")
