"""A mentorship as it is lived: from the fit call over a programme of some weeks to an end without fault, and on to
another mentor."""

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.mentors.models import Mentor as MentorRow
from tests.browser.people import Mentor, mentee, mentor_in_helsinki
from tests.browser.steps import NARROW, fits, until_it_is_over
from tests.factories import make_offering, make_programme
from tools.shots.cast import Cast, book, letter_to, offer
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PROGRAMME, SESSIONS = "From senior to staff", 4
GOAL = "I lead the redesign of our data platform."
STEPS = ["Name the three worst outages", "Show a plan to the team"]
CORRECTION = "The outages all have one cause."


def test_a_programme_from_the_fit_call_to_an_end_without_fault(cast: Cast, stage: Stage, rows: Session) -> None:
    mentor, email = mentor_in_helsinki(rows), mentee(rows)
    offers_a_programme_and_a_fit_call(rows, mentor)
    mentees = cast.person(email, "Europe/Lisbon", viewport=NARROW)
    mentors = cast.person(mentor.email, "Europe/Helsinki", java_script_enabled=False)

    fit_call = books_a_fit_call(mentees, stage, mentor)
    until_it_is_over(stage, mentees, fit_call)
    programme = buys_the_programme(mentees, stage, mentor)
    mentorship = to_the_mentorship(mentees, stage, mentor)
    they_say_how_they_work(mentors, mentees, mentorship)
    they_agree_on_a_goal(mentees, mentors, mentorship)
    they_make_a_plan(mentees, mentorship)
    for number in range(1, SESSIONS):
        session = the_session(mentees, programme, number)
        writes_and_promises(mentees, mentors, session, number)
        until_it_is_over(stage, mentees, session)
        checks_in(mentees, mentorship, number)
    corrects_the_course(mentors, mentorship)
    seen_in_one_line_of_time(mentees, mentorship)
    back = ends_it_without_fault(mentees, programme, mentorship)
    takes_brief_and_goal_along(mentees, stage)

    assert back in text_of(letter_to(stage.instance, email, "Ended: "))


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_hour_for_listening_asks_nothing_but_whether_one_was_heard(
    cast: Cast, stage: Stage, rows: Session, script: bool
) -> None:
    mentor = mentor_in_helsinki(rows)
    make_offering(rows, row_of(rows, mentor), kind="listening", title="An hour to be heard")
    rows.commit()
    page = cast.person(mentee(rows), "Europe/Lisbon", viewport=NARROW, java_script_enabled=script)
    page.goto(stage.url + mentor.path)
    offer(page, "An hour to be heard")
    first_free_time(page)
    book(page)
    page.get_by_role("button", name="Pay €80.50").click()
    page.get_by_role("link", name="See the session").click()
    session = page.url
    page.get_by_role("link", name="Notes of this session").click()
    notebook = page.url
    expect(page.locator("main")).to_contain_text("Nothing is measured")
    expect(page.get_by_label("Goal", exact=True)).to_have_count(0)

    until_it_is_over(stage, page, session)
    page.goto(notebook)
    page.get_by_role("radio").first.check()
    page.get_by_label("What you want to remember").fill("Somebody stayed silent with me.")
    fits(page)
    page.get_by_role("button", name="Keep it").first.click()
    expect(page.get_by_label("What you want to remember")).to_have_value("Somebody stayed silent with me.")
    mentors = cast.person(mentor.email, "Europe/Helsinki")
    mentors.goto(notebook)
    expect(mentors.locator("main")).to_contain_text("This hour is for listening")
    expect(mentors.locator("main")).not_to_contain_text("stayed silent with me")
    expect(mentors.get_by_role("radio")).to_have_count(0)


def row_of(rows: Session, mentor: Mentor) -> MentorRow:
    return rows.scalars(select(MentorRow).where(MentorRow.slug == mentor.path.rpartition("/")[2])).one()


def offers_a_programme_and_a_fit_call(rows: Session, mentor: Mentor) -> None:
    made = row_of(rows, mentor)
    make_offering(rows, made, kind="fit_call")
    make_programme(rows, made, title=PROGRAMME, sessions=SESSIONS, cadence_days=7, price_minor=28000)
    rows.commit()


def books_a_fit_call(page: Page, stage: Stage, mentor: Mentor) -> str:
    page.goto(stage.url + mentor.path)
    offer(page, "Fit call")
    first_free_time(page)
    book(page)
    expect(page.get_by_role("status").first).to_contain_text("is confirmed")
    fits(page)
    return page.url


def buys_the_programme(page: Page, stage: Stage, mentor: Mentor) -> str:
    page.goto(stage.url + mentor.path)
    offer(page, PROGRAMME)
    first_free_time(page)
    fits(page)
    book(page)
    page.get_by_role("button", name="Pay €317.80").click()
    page.get_by_role("link", name="See the session").click()
    page.get_by_role("link", name="3 are still to be booked").click()
    fits(page)
    return page.url


def to_the_mentorship(page: Page, stage: Stage, mentor: Mentor) -> str:
    page.goto(f"{stage.url}/mentorships")
    page.get_by_role("main").get_by_role("link", name=mentor.name).click()
    fits(page)
    return page.url


def they_say_how_they_work(writer: Page, reader: Page, mentorship: str) -> None:
    writer.goto(f"{mentorship}/agreement")
    writer.get_by_role("link", name="Write it down").click()
    writer.get_by_label("How often we meet").fill("Every Tuesday, an hour.")
    writer.get_by_label("How we end").fill("We say so when it is done, or does not fit.")
    writer.get_by_role("button", name="Save").click()
    reader.goto(f"{mentorship}/agreement")
    fits(reader)
    reader.get_by_role("button", name="I agree").click()
    expect(reader.locator("main")).to_contain_text("You both agree")


def they_agree_on_a_goal(writer: Page, reader: Page, mentorship: str) -> None:
    writer.goto(mentorship)
    writer.get_by_role("link", name="Set a goal").click()
    writer.get_by_label("What you want to be able to do").fill(GOAL)
    writer.get_by_label("Today").fill("0 teams")
    writer.get_by_label("Then").fill("3 teams")
    fits(writer)
    writer.get_by_role("button", name="Save").click()
    reader.goto(mentorship)
    reader.get_by_role("link", name=GOAL).click()
    reader.get_by_role("button", name="I agree").click()
    expect(reader.locator("main")).to_contain_text("You both agree")


def they_make_a_plan(page: Page, mentorship: str) -> None:
    page.goto(f"{mentorship}/plan")
    page.get_by_role("link", name="Make a plan").click()
    page.get_by_label("Step", exact=True).first.fill(STEPS[0])
    page.get_by_role("button", name="Add a step").click()
    page.get_by_label("Step", exact=True).nth(1).fill(STEPS[1])
    fits(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("listitem").filter(has_text=STEPS[1])).to_be_visible()


def the_session(page: Page, programme: str, number: int) -> str:
    """The first was held at checkout; each other one is booked out of what was bought."""
    page.goto(programme)
    if number > 1:
        page.get_by_role("link", name="Book the next session").click()
        first_free_time(page)
        page.get_by_role("button", name=re.compile("^Book ")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(PROGRAMME)
        return page.url
    page.locator(".agenda a.cover").first.click()
    return page.url


def writes_and_promises(mentees: Page, mentors: Page, session: str, number: int) -> None:
    """The mentor has no script and presses; what the mentee writes is kept while they write."""
    mentees.goto(session)
    mentees.get_by_role("link", name="Notes of this session").click()
    mentees.get_by_label("Check-in", exact=True).fill(f"It has been week {number}.")
    expect(mentees.locator("[data-autosave-status]").first).to_have_text("Kept.")
    mentors.goto(mentees.url)
    expect(mentors.get_by_label("Check-in", exact=True)).to_have_value(f"It has been week {number}.")
    mentors.get_by_label("Will", exact=True).fill("One small thing until we meet again.")
    mentors.get_by_role("button", name="Keep it").first.click()
    mentors.locator("summary", has_text="Add something to do").click()
    mentors.get_by_label("What will be done").fill(f"Ask team {number} what hurts")
    mentors.get_by_label("When …").fill("Monday’s stand-up is over")
    mentors.get_by_role("radio").first.check()
    mentors.get_by_role("button", name="Add it").click()
    expect(mentors.locator("main")).to_contain_text(f"When Monday’s stand-up is over: Ask team {number} what hurts")


def checks_in(page: Page, mentorship: str, number: int) -> None:
    page.goto(f"{mentorship}/check-in")
    page.get_by_label("How far did you come this week? (0 to 10)").fill(str(3 + number))
    page.get_by_label("In one line").fill(f"Team {number} has answered.")
    fits(page)
    page.get_by_role("button", name="Check in", exact=True).click()


def corrects_the_course(page: Page, mentorship: str) -> None:
    page.goto(f"{mentorship}/plan")
    page.get_by_role("link", name="Correct the course").click()
    page.get_by_label("Step", exact=True).nth(1).fill("Show the one cause to the team")
    page.get_by_label("Why this changes").fill(CORRECTION)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text(CORRECTION)


def seen_in_one_line_of_time(page: Page, mentorship: str) -> None:
    page.goto(mentorship)
    main = page.get_by_role("main")
    expect(main).to_contain_text("4 sessions took place.")
    for words in (CORRECTION, GOAL, "6/10"):
        expect(main).to_contain_text(words)
    expect(main.get_by_role("img", name=re.compile("Progress"))).to_be_visible()
    fits(page)


def ends_it_without_fault(page: Page, programme: str, mentorship: str) -> str:
    """What goes back: the price of the one session that was never booked."""
    page.goto(programme)
    back = page.locator(".agenda li").last.locator(".figures").inner_text()
    page.goto(mentorship)
    page.get_by_role("link", name="End it", exact=True).click()
    expect(page.locator("main")).to_contain_text(f"You get {back} back.")
    expect(page.locator("main")).to_contain_text("three in ten")
    fits(page)
    page.get_by_role("button", name=f"End it, {back} back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Another mentor")
    return back


def takes_brief_and_goal_along(page: Page, stage: Stage) -> None:
    """To the first of those who are suggested; they come with a booking, as the mentee's own words."""
    expect(page.get_by_role("button", name=re.compile("^Take it along to "))).not_to_have_count(0)
    expect(page.get_by_label(GOAL)).to_be_checked()
    fits(page)
    page.get_by_role("button", name=re.compile("^Take it along to ")).first.click()
    expect(page.locator("main")).to_contain_text("It comes along with the first session that you book here.")
    first_free_time(page)
    book(page)
    page.get_by_role("button", name=re.compile("^Pay .[0-9]")).click()
    page.get_by_role("link", name="See the session").click()
    page.goto(f"{stage.url}/mentorships")
    page.get_by_role("main").locator("a", has_text=re.compile("Sample|Example")).first.click()
    expect(page.get_by_role("main")).to_contain_text(GOAL)
    expect(page.get_by_role("main")).to_contain_text("What you are here for")
    fits(page)


def first_free_time(page: Page) -> None:
    page.locator("ul.times a").first.click()
    page.locator("#book").wait_for()


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""
