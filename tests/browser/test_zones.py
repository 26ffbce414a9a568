"""In which zone times are read: the browser's, until the reader chooses another."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import DAY, mentor_in_helsinki
from tools.shots.cast import choose

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]
TIMES = "ul.times li"


@pytest.mark.parametrize(
    ("zone", "nine_in_helsinki"),
    [
        pytest.param("America/New_York", "02:00", id="west"),
        pytest.param("Australia/Adelaide", "17:30", id="east, by half an hour more"),
    ],
)
def test_a_visitors_own_zone_is_found_out(cast, stage, rows, zone, nine_in_helsinki):
    mentor = mentor_in_helsinki(rows)
    page = cast.visitor(zone)

    page.goto(f"{stage.url}{mentor.path}?day=2026-12-08")

    expect(page.locator("summary")).to_contain_text(f"Times in {zone}")
    nine = page.get_by_role("link", name=nine_in_helsinki, exact=True)
    expect(nine).to_have_attribute("href", re.compile("start=2026-12-08T07:00Z"))


def test_another_zone_shows_the_same_times_on_another_clock_and_keeps_the_choice(cast, stage, rows):
    mentor = mentor_in_helsinki(rows)
    page = cast.visitor("Europe/Lisbon")
    page.goto(stage.url)
    page.goto(stage.url + mentor.path)
    choose(page, DAY, "07:00")

    page.locator("summary").click()
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_role("button", name="Show times").click()

    expect(page.locator("summary")).to_contain_text("Times in Asia/Tokyo")
    expect(page.locator(f"{TIMES} [aria-current]")).to_have_text("16:00")
    expect(page.locator(".both-times")).to_contain_text("Tue 8 Dec, 16:00–17:00 (Asia/Tokyo)")
    expect(page.locator(".both-times")).to_contain_text("09:00–10:00 (Europe/Helsinki)")
