"""A pair that writes to each other between two sessions, completes, and says a few words about each other: at 360
pixels, with script and without."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor as MentorRow
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.offerings.models import Offering
from tests.browser.people import Mentor, mentee, mentor_in_helsinki
from tests.browser.steps import NARROW, fits
from tests.pages.sales import make_sale
from tools.shots.cast import Cast, letter_to
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
def people(stage: Stage, rows: Session) -> tuple[Mentor, str]:
    """They have met twice, some weeks ago."""
    mentor, email = mentor_in_helsinki(rows), mentee(rows)
    row = rows.scalars(select(MentorRow).join(User, User.id == MentorRow.id).where(User.email == mentor.email)).one()
    offering = rows.scalars(select(Offering).where(Offering.mentor_id == row.id)).one()
    person = rows.scalars(select(User).where(User.email == email)).one()
    for weeks in (3, 2):
        starts_at = (stage.now() - timedelta(weeks=weeks)).replace(hour=10, minute=0, second=0, microsecond=0)
        make_sale(rows, offering, person, starts_at, status=BookingStatus.COMPLETED, public_id=f"t{weeks}{row.id}")
    rows.commit()
    assert rows.scalars(select(Mentorship).where(Mentorship.mentor_id == row.id)).one()
    return mentor, email


def mentorship_of(page: Page, stage: Stage, name: str) -> str:
    """By the menu, as people go there; stays on its page."""
    page.goto(f"{stage.url}/sessions")
    if (button := page.get_by_role("button", name="Menu")).is_visible():
        button.click()
    page.get_by_role("link", name="Mentorships").first.click()
    page.get_by_role("main").get_by_role("link", name=name).click()
    fits(page)
    return page.url


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_two_people_write_to_each_other_and_say_a_few_words_when_they_have_completed(
    cast: Cast, stage: Stage, people, watch, script: bool
):
    watch.refusals.add(422)
    mentor, email = people
    mary = cast.person(email, "Europe/Lisbon", viewport=NARROW, java_script_enabled=script)
    hedy = cast.person(mentor.email, "Europe/Helsinki", viewport=NARROW, java_script_enabled=script)
    address = mentorship_of(mary, stage, mentor.name)

    mary.get_by_role("link", name="Read and write").click()
    mary.get_by_role("button", name="Send it").click()
    expect(mary.locator("#errors")).to_contain_text("Write something first.")
    writes(mary, "Which of the two would you show? " * 20 + "https://example.org/" + "long" * 40)
    assert mentorship_of(hedy, stage, "Mary Example") == address
    expect(hedy.get_by_role("main")).to_contain_text("1 new message")
    hedy.get_by_role("link", name="Read and write").click()
    expect(hedy.locator(".message")).to_contain_text("new")
    writes(hedy, "The shorter one.")
    assert str(letter_to(stage.instance, email, "A message from")["Subject"]) == f"A message from {mentor.name}"
    mary.reload()
    expect(mary.locator(".message").last).to_contain_text("The shorter one.")

    mary.goto(address)
    mary.get_by_role("button", name="Complete it").click()
    says(mary, address, "She asks until it is clear.")
    expect(mary.get_by_role("main")).to_contain_text("It is published on")
    says(hedy, address, "Comes prepared.")
    for page, words in ((hedy, "She asks until it is clear."), (mary, "Comes prepared.")):
        page.goto(f"{address}/review")
        expect(page.locator(".review").last).to_contain_text(words)
        fits(page)
    hedy.get_by_label("Your answer").fill("Thank you.")
    hedy.get_by_role("button", name="Answer").click()
    visitor = cast.visitor(viewport=NARROW, java_script_enabled=script)
    visitor.goto(stage.url + mentor.path)
    expect(visitor.locator(".review")).to_contain_text("She asks until it is clear.")
    expect(visitor.locator(".review")).to_contain_text("Thank you.")
    fits(visitor)


def test_what_was_typed_is_there_again_after_going_elsewhere(cast: Cast, stage: Stage, people):
    mentor, email = people
    page = cast.person(email, "Europe/Lisbon", viewport=NARROW)
    address = mentorship_of(page, stage, mentor.name)
    page.goto(f"{address}/messages")
    page.get_by_label("Your message").fill("Half a sentence")

    page.goto(address)
    page.goto(f"{address}/messages")

    expect(page.get_by_label("Your message")).to_have_value("Half a sentence")
    writes(page, "A whole one.")
    expect(page.get_by_label("Your message")).to_have_value("")


def writes(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send it").click()
    expect(page.locator(".message.mine").last).to_contain_text(words[:30])
    fits(page)


def says(page: Page, address: str, words: str) -> None:
    page.goto(f"{address}/review")
    page.get_by_label("Your words").fill(words)
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_role("status").first).to_contain_text("Kept.")
    fits(page)
