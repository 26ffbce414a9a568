"""A mentor sets hours: with script, without, by keyboard, and when the line is broken."""

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.typed_hours import compact
from booking.queries.bookings import weekly_hours_of
from marketplace.accounts.models import User
from tests.browser.keyboard import press, tab_to
from tests.browser.people import Mentor, mentor_in_helsinki

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
AFTERNOON = "1 09:00-17:00; 2 09:00-12:00; 3 09:00-17:00; 4 09:00-12:00; 5 09:00-17:00"


@pytest.fixture
def hedy(rows: Session) -> Mentor:
    """Monday to Friday from 9 to 17, in Helsinki."""
    return mentor_in_helsinki(rows)


def stored(rows: Session, mentor: Mentor) -> str:
    rows.rollback()
    mentor_id = rows.scalars(select(User.id).where(User.email == mentor.email)).one()
    return compact(weekly_hours_of(rows, [mentor_id])[mentor_id])


def opened(cast, stage, mentor: Mentor, **given: object) -> Page:
    page: Page = cast.person(mentor.email, "Europe/Helsinki", **given)
    page.goto(f"{stage.url}/desk/hours")
    return page


def field(page: Page, name: str):
    return page.get_by_role("textbox", name=name)


def copy(page: Page, *, but_for: str) -> None:
    """Tuesday's hours to other days."""
    day = page.locator("section.day", has=page.get_by_role("heading", name="Tuesday"))
    day.get_by_text("Copy to other days").click()
    for each in but_for.split():
        day.get_by_label(each).uncheck()
    day.get_by_role("button", name="Copy", exact=True).click()
    day.get_by_text("Copied to Thursday.").wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_days_are_typed_copied_and_saved(cast, stage, rows, hedy, script):
    page = opened(cast, stage, hedy, java_script_enabled=script)

    field(page, "Tuesday, until").fill("noon")
    page.locator("#add-2").click()
    expect(field(page, "Tuesday, from")).to_have_count(2)
    expect(field(page, "Tuesday, until").first).to_have_value("noon")
    page.get_by_role("button", name="Remove Tuesday, ?–?").click()
    expect(field(page, "Tuesday, from")).to_have_count(1)
    field(page, "Tuesday, until").fill("12")
    copy(page, but_for="Monday Wednesday Friday")
    page.get_by_role("button", name="Save my hours").click()

    page.get_by_text("Your hours are saved.").wait_for()
    assert stored(rows, hedy) == AFTERNOON


def test_with_script_the_page_stays_where_it_is_and_follows_the_typing(cast, stage, hedy):
    page = opened(cast, stage, hedy)
    page.evaluate("window.same = true")
    expect(page.locator("#total")).to_have_text("40 hours a week")

    page.locator("#add-5").click()
    expect(page.locator("#opens-5-1")).to_be_focused()
    page.locator("#opens-5-0").fill("9.30")
    page.locator("#closes-5-0").fill("7")
    page.locator("#closes-5-0").press("Tab")

    expect(page.locator("#closes-5-0-error")).to_have_text("It ends before it begins: this has to be later than 09:30.")
    expect(page.locator("#closes-5-0")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#opens-5-0")).to_have_value("09:30")
    page.locator("#closes-5-0").fill("1730")
    page.locator("#closes-5-0").press("Tab")

    expect(page.locator("#closes-5-0-error")).to_be_hidden()
    expect(page.locator("#closes-5-0")).to_have_value("17:30")
    expect(page.locator("#total-5")).to_have_text("8 hours")
    assert page.evaluate("window.same") is True


def test_a_week_is_changed_by_keyboard_alone(cast, stage, rows, hedy):
    page = opened(cast, stage, hedy)

    tab_to(page, page.locator("#add-1"))
    page.keyboard.press("Enter")
    expect(page.locator("#opens-1-1")).to_be_focused()
    page.keyboard.type("1715")
    tab_to(page, page.locator("#closes-1-1"))
    page.keyboard.type("1745")
    page.keyboard.press("Enter")

    page.get_by_text("Your hours are saved.").wait_for()
    assert stored(rows, hedy).startswith("1 09:00-17:00 17:15-17:45;")


def test_boundaries_are_changed_by_keyboard_alone(cast, stage, hedy):
    page = opened(cast, stage, hedy)

    press(page, "link", "Boundaries")
    tab_to(page, page.get_by_label("Notice"))
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("2 days")
    page.keyboard.press("Enter")

    page.get_by_text("Your boundaries are saved.").wait_for()
    expect(page.get_by_label("Notice")).to_have_value("48 h")


def test_when_the_line_is_broken_the_page_goes_on_as_without_script(cast, stage, hedy, watch):
    page = opened(cast, stage, hedy)
    page.route("**/desk/hours", lambda route: route.abort() if _is_fetch(route) else route.continue_())
    page.locator("#opens-3-0").fill("half past nine")

    page.locator("#add-3").click()

    expect(page.locator("#opens-3-1")).to_be_visible()
    expect(page.locator("#opens-3-0")).to_have_value("half past nine")
    watch.complaints[:] = [each for each in watch.complaints if "ERR_FAILED" not in each]


def _is_fetch(route: Route) -> bool:
    return bool(route.request.resource_type == "fetch")
