"""A mentee books without a mouse: Tab, Enter and typing; each stop shows where the focus is."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import DAY, mentee, mentor_in_helsinki
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
MOST_STOPS = 120
"""A page on which the wanted stop does not come by then cannot be used by keyboard."""
STOP = """() => {
  const stop = document.activeElement;
  const drawn = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const box = stop.getBoundingClientRect();
  return {
    what: stop.outerHTML.slice(0, 200),
    marked: drawn(getComputedStyle(stop)) || drawn(getComputedStyle(stop, "::after")),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Presses Tab until it is reached; every stop on the way must be marked and in view."""
    wanted.wait_for()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue  # past the last stop, where a browser with a frame would be in its own buttons
        stop = page.evaluate(STOP)
        assert stop["marked"], f"not marked: {stop['what']}"
        assert stop["inView"], f"out of view: {stop['what']}"
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def press(page: Page, role: str, name: str) -> None:
    tab_to(page, page.get_by_role(role, name=name, exact=False).first)  # type: ignore[arg-type]  # one of ARIA's
    page.keyboard.press("Enter")


def fill(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(text)


def test_a_session_is_booked_by_keyboard_alone(cast, stage, rows):
    mentor, email = mentor_in_helsinki(rows), mentee(rows)
    page = cast.visitor("Europe/Lisbon")
    page.goto(stage.url)

    press(page, "link", "Skip to the content")
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
