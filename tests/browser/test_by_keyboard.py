"""A mentee books without a mouse: Tab, Enter and typing; each stop shows where the focus is."""

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import fill, press, tab_to
from tests.browser.people import DAY, mentee, mentor_in_helsinki
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_a_session_is_booked_by_keyboard_alone(cast, stage, rows):
    mentor, email = mentor_in_helsinki(rows), mentee(rows)
    page = cast.visitor("Europe/Lisbon")
    page.goto(stage.url)

    press(page, "link", "Skip to the content")
    tab_to(page, page.get_by_role("searchbox"))
    page.keyboard.type(mentor.name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    press(page, "link", mentor.name)
    page.wait_for_url(f"**{mentor.path}")
    press(page, "link", f"{DAY}, ")
    page.wait_for_url("**day=2026-12-08**")
    press(page, "link", "10:00")
    page.wait_for_url("**start=2026-12-08T10:00Z**")
    press(page, "link", "Sign in to book")
    fill(page, "Mail address", email)
    fill(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{mentor.path}?**")
    press(page, "button", "Pay and book Tue 8 Dec, 10:00")
    press(page, "button", "Pay €80.50")
    press(page, "link", "See the session")

    expect(page.get_by_role("heading", level=1)).to_have_text(f"Single session with {mentor.name}")


def test_the_menu_of_a_small_screen_opens_and_closes_by_keyboard(cast, stage):
    page = cast.visitor(viewport={"width": 360, "height": 740})
    page.goto(stage.url)
    entry = page.get_by_role("link", name="Sign in")
    expect(entry).to_be_hidden()

    press(page, "button", "Menu")
    expect(entry).to_be_visible()
    tab_to(page, entry)
    page.keyboard.press("Escape")

    expect(entry).to_be_hidden()
