"""How somebody becomes a mentor, and how the operator reads it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from playwright.sync_api import Page

from marketplace.demo.people import ALAN, GRACE, OLGA, RADIA
from marketplace.demo.portraits import portrait
from tools.shots.cast import Cast
from tools.shots.scene import Scene

STORY = """I build timetables for trains.

### What I wish I had known

- *Nobody* reads the plan; **everybody** needs the planning.
- A [timetable](https://example.org/timetable) is a promise."""


def save(page: Page) -> None:
    """The button that is seen, not the one for Enter."""
    page.locator(".actions").get_by_role("button", name="Save", exact=True).click()


def without_the_browsers_checks(page: Page) -> None:
    page.evaluate("document.querySelector('#part').noValidate = true")


def becoming_a_mentor(cast: Cast) -> Iterator[Scene]:
    """Alan, who books sessions, begins to give some."""
    visitor, url = cast.visitor("America/New_York"), cast.stage.url
    visitor.goto(f"{url}/desk/begin")
    yield Scene("desk-begin", "a visitor", visitor)
    page = cast.person(ALAN.email, "America/New_York")
    page.goto(f"{url}/desk")
    yield Scene("desk-begin", "not a mentor yet", page)
    page.get_by_role("button", name="Begin").click()
    page.goto(f"{url}/desk")
    yield Scene("desk", "nothing yet", page)
    yield from _basics(page, url)
    yield from _words(page)
    yield from _topics(page)
    yield from _journey(page, url)
    yield from _photo(page, url)
    page.goto(f"{url}/desk/profile")
    yield Scene("desk-profile", "whole", page)
    page.goto(f"{url}/desk")
    yield Scene("desk", "ready to be sent in", page)
    page.get_by_role("button", name="Send it in").click()
    yield Scene("desk", "sent in", page)
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("button", name="Send it in").wait_for()


def _basics(page: Page, url: str) -> Iterator[Scene]:
    page.goto(f"{url}/desk/profile/basics")
    yield Scene("desk-basics", "empty", page)
    without_the_browsers_checks(page)
    page.get_by_label("Link to where you meet").fill("http://example.org")
    save(page)
    yield Scene("desk-basics", "with errors", page)
    page.get_by_label("Headline").fill("Timetables, and everything else that has to fit.")
    page.get_by_label("City").fill("New York")
    page.get_by_label("Country").select_option("US")
    page.get_by_label("Language 1").select_option("en")
    page.get_by_label("Link to where you meet").fill("https://meet.example.org/alan")
    save(page)


def _words(page: Page) -> Iterator[Scene]:
    page.get_by_label("Your story").fill(STORY)
    page.get_by_role("button", name="Show how it looks").click()
    yield Scene("desk-story", "how it looks", page)
    save(page)
    page.get_by_label("I ask more than I tell").check()
    page.get_by_label("In your own words").fill("We draw it, and then we draw it again.")
    page.get_by_label("What you can give").fill("A drawing\nAn hour without a laptop")
    yield Scene("desk-ways", "filled in", page)
    save(page)


def _topics(page: Page) -> Iterator[Scene]:
    page.get_by_label("Topic", exact=True).fill("Planning")
    page.get_by_role("button", name="Add a topic").click()
    page.locator("#topics-1-name").fill("planning")
    page.locator("#topics-1-last_practised").fill("1912")
    save(page)
    yield Scene("desk-topics", "with errors", page)
    page.locator("#topics-1-name").fill("Graphs")
    page.locator("#topics-1-last_practised").fill("2024")
    save(page)


def _journey(page: Page, url: str) -> Iterator[Scene]:
    page.goto(f"{url}/desk/profile/journey")
    page.get_by_label("Year", exact=True).fill("2009")
    page.get_by_label("What happened").fill("Missed a train, and asked why")
    page.get_by_role("button", name="Add a step").click()
    page.locator("#steps-1-year").wait_for()
    yield Scene("desk-journey", "two steps", page)
    page.get_by_role("button", name="Remove step 2").click()
    page.locator("#steps-1-year").wait_for(state="detached")
    save(page)


def _photo(page: Page, url: str) -> Iterator[Scene]:
    page.goto(f"{url}/desk/profile/photo")
    with NamedTemporaryFile(suffix=".txt") as wrong:
        Path(wrong.name).write_text("no photo")
        page.get_by_label("Photo").set_input_files(wrong.name)
        page.get_by_label("What is to be seen").fill("A drawing of a head")
        save(page)
    yield Scene("desk-photo", "no photo", page)
    with NamedTemporaryFile(suffix=".png") as drawn:
        Path(drawn.name).write_bytes(portrait("Alan Example"))
        page.get_by_label("Photo").set_input_files(drawn.name)
        save(page)
    page.goto(f"{url}/desk/profile/photo")
    yield Scene("desk-photo", "there is one", page)


def getting_paid(cast: Cast) -> Iterator[Scene]:
    """Radia, whom Stripe does not know yet."""
    page, url = cast.person(RADIA.email, "Europe/Dublin"), cast.stage.url
    page.goto(f"{url}/desk/getting-paid")
    yield Scene("desk-getting-paid", "not begun", page)
    page.goto(f"{url}/desk/offerings")
    yield Scene("desk-offerings", "not shown yet", page)
    for button, state in (
        ("Give all but a bank account, and leave", "half-way"),
        ("Give everything, and Stripe reads a document first", "checked"),
    ):
        _to_stripe(page, url)
        if state == "half-way":
            yield Scene("stripe-setup", "the stand-in’s page", page)
        page.locator("summary").click()
        page.get_by_role("button", name=button, exact=True).click()
        yield Scene("desk-getting-paid", state, page)


def _to_stripe(page: Page, url: str) -> None:
    page.goto(f"{url}/desk/getting-paid")
    page.get_by_role("button", name="Stripe’s page").click()
    page.get_by_role("heading", name="Tell Stripe who you are").wait_for()


def reading_profiles(cast: Cast) -> Iterator[Scene]:
    """Olga reads what Radia has sent in, and looks after Grace."""
    page, url = cast.person(OLGA.email, "Europe/Amsterdam"), cast.stage.url
    page.goto(f"{url}/operator/mentors")
    yield Scene("operator-mentors", "one waits", page)
    page.get_by_role("link", name=RADIA.name).click()
    yield Scene("operator-mentor", "to be decided", page)
    page.get_by_role("button", name="Ask for changes").click()
    yield Scene("operator-mentor", "without a reason", page)
    page.get_by_label("What the mentor reads").fill("Please tell us a little more:\nwhat do you like about it?")
    page.get_by_role("button", name="Ask for changes").click()
    yield Scene("operator-mentors", "nobody waits", page)
    radia = cast.person(RADIA.email, "Europe/Dublin")
    radia.goto(f"{url}/desk")
    yield Scene("desk", "changes wanted", radia)
    grace = cast.person(GRACE.email, "Europe/Amsterdam")
    grace.goto(f"{url}/desk")
    yield Scene("desk", "a mentor’s", grace)
    grace.get_by_label("Free again from").fill("2026-12-21")
    grace.get_by_role("button", name="Take a break").click()
    yield Scene("desk", "on a break", grace)
    grace.goto(f"{url}/mentors/grace-example")
    yield Scene("mentor-no-times", "free again from a day", grace)
    grace.goto(f"{url}/desk")
    grace.get_by_role("button", name="Come back").click()
    grace.goto(f"{url}/desk/profile/story")
    grace.get_by_label("Your story").fill("Another story.")
    save(grace)
    page.goto(f"{url}/operator/mentors/grace-example")
    page.locator("summary").first.click()
    yield Scene("operator-mentor", "changed since it was read", page)
    page.goto(f"{url}/operator/audit")
    yield Scene("operator-audit", "everything", page)
    page.goto(f"{url}/operator/audit?who=nobody@example.org")
    yield Scene("operator-audit", "nothing", page)
