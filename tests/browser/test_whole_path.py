"""A visitor buys a session, and everybody whom it concerns finds it: with script and without."""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from uuid import uuid4

import icalendar
import pytest
from playwright.sync_api import Page, expect

from marketplace.demo.people import OLGA
from tests.browser.people import DAY, NOON, ON_THE_DAY, Mentor, mentor_in_helsinki
from tests.browser.steps import starts_in_feed
from tools.shots.cast import Cast, book, choose, letter_to, link_in, sign_up
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Their browser's zone, the zone that the site shows, and when the session begins in it."""

    browser_zone: str
    script: bool
    shown_zone: str
    begins: str


VISITORS = [
    pytest.param(Visitor("Europe/Lisbon", True, "Europe/Lisbon", "10:00"), id="with script, in their own zone"),
    pytest.param(Visitor("Europe/Lisbon", False, "Europe/Amsterdam", "11:00"), id="without script, in the site's"),
]


@pytest.mark.parametrize("who", VISITORS)
def test_a_visitor_signs_up_pays_and_finds_the_session_everywhere(cast: Cast, stage: Stage, rows, who: Visitor):
    mentor = mentor_in_helsinki(rows)
    email = f"edith-{uuid4().hex[:8]}@example.org"
    page = cast.visitor(who.browser_zone, java_script_enabled=who.script)

    chosen_by_a_visitor(page, stage, mentor, who)
    signed_up_with_the_time_kept(page, stage, email, who)
    paid_and_booked(page, who)
    session_with_both_times(page, mentor, who)
    page.get_by_role("link", name="My sessions").click()
    expect(page.get_by_role("listitem").filter(has_text=f"{ON_THE_DAY}, {who.begins}")).to_contain_text("confirmed")
    assert starts_in_feed(made_address(page, "Sessions I have booked")) == [NOON]
    on_the_mentors_side(cast, stage, mentor)
    at_the_operators_desk(cast, mentor)

    mentees, mentors = (letter_to(stage.instance, address, "Booked") for address in (email, mentor.email))
    assert [invited(letter) for letter in (mentees, mentors)] == [NOON, NOON]


def chosen_by_a_visitor(page: Page, stage: Stage, mentor: Mentor, who: Visitor) -> None:
    page.goto(stage.url)
    page.get_by_role("searchbox").fill(mentor.name)
    page.get_by_role("button", name="Find a mentor").click()
    page.get_by_role("link", name=mentor.name).click()
    expect(page.locator("summary")).to_contain_text(f"Times in {who.shown_zone}")
    choose(page, DAY, who.begins)
    both_times = page.locator(".both-times")
    expect(both_times).to_contain_text(f"{ON_THE_DAY}, {who.begins}")
    expect(both_times).to_contain_text("12:00–13:00 (Europe/Helsinki)")


def signed_up_with_the_time_kept(page: Page, stage: Stage, email: str, who: Visitor) -> None:
    page.get_by_role("link", name="Create an account").click()
    sign_up(page, "Edith Example", email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    page.goto(link_in(letter_to(stage.instance, email, "Confirm your address"), stage.url))
    page.get_by_role("button", name="Yes, confirm my address").click()
    expect(page.get_by_role("status")).to_contain_text("Your address is confirmed")
    expect(page.locator("ul.times [aria-current]")).to_have_text(who.begins)


def paid_and_booked(page: Page, who: Visitor) -> None:
    book(page)
    page.get_by_role("button", name="Pay €80.50").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Booked: {ON_THE_DAY}, {who.begins}")


def session_with_both_times(page: Page, mentor: Mentor, who: Visitor) -> None:
    page.get_by_role("link", name="See the session").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Single session with {mentor.name}")
    expect(page.locator(".both-times")).to_contain_text(f"{who.begins}–")
    join = page.get_by_role("link", name="Join the session")
    expect(join).to_have_attribute("href", "https://meet.example.org/office-hours")


def made_address(page: Page, shows: str) -> str:
    """Of a calendar that shows that, made on its page."""
    page.get_by_role("link", name="Calendar", exact=True).click()
    page.get_by_label(shows).check()
    page.get_by_role("button", name="Make my calendar address").click()
    return page.get_by_label("Calendar address").input_value()


def on_the_mentors_side(cast: Cast, stage: Stage, mentor: Mentor) -> None:
    page = cast.person(mentor.email, "Europe/Helsinki")
    page.goto(f"{stage.url}/week?week=2026-W50")
    expect(page.get_by_role("region", name=DAY)).to_contain_text("12:00–13:00")
    expect(page.get_by_role("region", name=DAY)).to_contain_text("Edith Example")
    assert starts_in_feed(made_address(page, "Sessions I give")) == [NOON]


def at_the_operators_desk(cast: Cast, mentor: Mentor) -> None:
    page = cast.person(OLGA.email, "Europe/Amsterdam")
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("navigation", name="Running the site").get_by_role("link", name="Bookings").click()
    line = page.get_by_role("row").filter(has_text=mentor.name)
    expect(line).to_have_text(re.compile(r"confirmed.*Edith Example.*8 Dec 2026, 12:00.*€80\.50.*paid", re.DOTALL))


def invited(letter: EmailMessage) -> object:
    calendar = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    (event,) = icalendar.Calendar.from_ical(str(calendar.get_content())).events
    return event.start
