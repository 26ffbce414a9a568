"""What becomes of a session and of its money: called off by its mentee, and decided by an operator where the two do not
agree; with script and without, at 360 pixels."""

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Mentor, mentee, mentor_in_helsinki, operator_in_lisbon
from tests.browser.steps import NARROW, fits, until_it_is_over
from tools.shots.cast import Cast, book, letter_to
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
REASON = "The link to the meeting was never opened from the mentor’s side."


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_who_calls_a_session_off_sees_what_comes_back_before_and_after(cast: Cast, stage: Stage, rows, script: bool):
    mentor, email = mentor_in_helsinki(rows), mentee(rows)
    page, session = booked(cast, stage, mentor, email, -1, java_script_enabled=script)

    page.get_by_role("link", name="Cancel this session").click()
    expect(page.locator(".lead").first).to_have_text("You get all back: €80.50.")
    steps = page.get_by_label("What you get back, by when you cancel")
    expect(steps).to_contain_text("€80.50")
    expect(steps).to_contain_text("€40.25")
    expect(steps).to_contain_text("(Europe/Lisbon)")
    expect(steps).to_contain_text("(Europe/Helsinki)")
    fits(page)
    page.get_by_role("button", name="Cancel it, €80.50 back").click()
    page.goto(session)
    expect(page.locator("main")).to_contain_text("€80.50")
    fits(page)
    assert "€80.50" in text_of(letter_to(stage.instance, email, "Cancelled"))


def test_an_operator_decides_what_two_people_tell_differently_and_the_money_follows(
    cast: Cast, stage: Stage, rows, watch
):
    watch.refusals.add(422)
    mentor, email = mentor_in_helsinki(rows), mentee(rows)
    page, session = booked(cast, stage, mentor, email, 0)
    until_it_is_over(stage, page, session)

    says(page, session, "other_missing")
    fits(page)
    says(cast.person(mentor.email, "Europe/Helsinki", viewport=NARROW), session, "took_place")
    operator = cast.person(operator_in_lisbon(rows), "Europe/Lisbon", viewport=NARROW)
    decided(operator, stage, session)
    page.goto(session)
    expect(page.locator("main")).to_contain_text("€80.50")
    expect(page.locator("main")).to_contain_text(REASON)
    fits(page)

    operator.goto(f"{stage.url}/operator/transfers")
    expect(operator.locator("main")).not_to_contain_text(mentor.name)
    fits(operator)
    looked_at_against_stripe(operator, stage)


def booked(cast: Cast, stage: Stage, mentor: Mentor, email: str, which: int, **given: object) -> tuple[Page, str]:
    """One of the days that are free, the first by 0 and the last by -1; paid, and the address of its page."""
    page = cast.person(email, "Europe/Lisbon", viewport=NARROW, **given)
    page.goto(stage.url + mentor.path)
    page.get_by_role("link", name=re.compile(r"^\w+day \d+ \w+, ")).nth(which).click()
    page.locator(".times a").first.click()
    page.locator("#book").wait_for()
    book(page)
    page.get_by_role("button", name="Pay €80.50").click()
    page.get_by_role("link", name="See the session").click()
    return page, page.url


def says(page: Page, session: str, said: str) -> None:
    page.goto(f"{session}/how-it-was")
    page.locator(f'input[name="said"][value="{said}"]').check()
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_role("status").first).to_contain_text("It is kept")


def decided(page: Page, stage: Stage, session: str) -> None:
    """For the mentee, after the sums were read and a reason was given."""
    page.goto(f"{stage.url}/operator/claims/{session.rpartition('/')[2]}")
    fits(page)
    expect(page.locator("main")).to_contain_text("€80.50")
    page.locator('input[name="decision"][value="mentor_missing"]').check()
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator('input[name="decision"][value="mentor_missing"]')).to_be_checked()
    page.get_by_label("Why").fill(REASON)
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("status").first).to_contain_text("It is decided, and both are told by mail.")
    fits(page)


def looked_at_against_stripe(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.url}/operator/reconcile")
    page.get_by_role("button", name="Look now").click()
    for _ in range(100):
        page.goto(f"{stage.url}/operator/reconcile")
        if page.locator("#last").count():
            break
        page.wait_for_timeout(200)
    expect(page.locator("main")).to_contain_text("UTC")
    expect(page.get_by_role("heading", name="Left to you")).to_have_count(0)
    fits(page)


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""
