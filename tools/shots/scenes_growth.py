"""A mentorship of some weeks, as both of its people see it, and one that begins."""

from collections.abc import Iterator

from playwright.sync_api import Page

from marketplace.demo.people import ALAN, GRACE, HEDY, OLGA
from tools.shots.cast import Cast
from tools.shots.scene import Scene


def growing(cast: Cast) -> Iterator[Scene]:
    """Hedy with Grace; then Alan, who has only booked."""
    page, url = cast.person(HEDY.email, HEDY.zone), cast.stage.url
    page.goto(f"{url}/mentorships")
    yield Scene("mentorships", "a mentee’s", page)
    page.get_by_role("link", name="Grace Example").click()
    mentorship = page.url
    yield Scene("mentorship", "five weeks", page)
    page.get_by_role("link", name="I lead the redesign").click()
    yield Scene("goal", "agreed, with its course", page)
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("What you want to be able to do").fill("")
    page.get_by_role("button", name="Save").click()
    yield Scene("goal-edit", "nothing said", page)
    page.goto(f"{mentorship}/plan")
    yield Scene("plan", "corrected once", page)
    page.get_by_role("link", name="Correct the course").click()
    yield Scene("plan-edit", "as it stands", page)
    page.goto(f"{mentorship}/agreement")
    yield Scene("agreement", "both agree", page)
    page.goto(f"{mentorship}/check-in")
    yield Scene("check-in", "empty", page)
    page.goto(f"{mentorship}/portfolio")
    yield Scene("portfolio", "five weeks", page)
    page.goto(mentorship)
    page.get_by_role("link", name="Notes", exact=True).click()
    yield Scene("notebook", "after the session", page)
    yield from _two_texts(cast, page)
    yield from _fitting(page, mentorship, url)
    grace = cast.person(GRACE.email, GRACE.zone)
    grace.goto(f"{url}/mentorships")
    yield Scene("mentorships", "a mentor’s, at a glance", grace)
    alan = cast.person(ALAN.email, ALAN.zone)
    alan.goto(f"{url}/mentorships")
    alan.get_by_role("main").get_by_role("link", name="Katherine Sample").click()
    yield Scene("mentorship", "nothing written yet", alan)


def _fitting(page: Page, mentorship: str, url: str) -> Iterator[Scene]:
    """Whether the two fit, what ending comes to, and who may fit better."""
    page.goto(f"{mentorship}/fit")
    yield Scene("fit", "answered once", page)
    page.goto(f"{mentorship}/end")
    yield Scene("mentorship-end", "without a programme", page)
    page.goto(f"{url}/mentorships")
    page.get_by_role("main").get_by_role("link", name="Donald Sample").click()
    page.get_by_role("link", name="along to another mentor").click()
    yield Scene("onwards", "three others", page)
    page.goto(f"{url}/suggestions")
    yield Scene("suggestions", "with the reasons", page)


def _two_texts(cast: Cast, page: Page) -> Iterator[Scene]:
    """Without script, so that both save what they have when they press; looked at with script."""
    pages = [cast.person(person.email, person.zone, java_script_enabled=False) for person in (HEDY, GRACE)]
    for each in pages:
        each.goto(page.url)
    for each, words in zip(pages, ("Ask Anna.", "Ask whoever is hurt most by it."), strict=True):
        each.get_by_label("Options").fill(words)
        each.get_by_role("button", name="Keep it").first.click()
    shown = cast.person(GRACE.email, GRACE.zone)
    shown.goto(page.url)
    yield Scene("notebook", "two have written at once", shown)


def talking(cast: Cast) -> Iterator[Scene]:
    """Hedy and Grace between two sessions, and what they say of each other; then what is reported to Olga."""
    page, url = cast.person(HEDY.email, HEDY.zone), cast.stage.url
    page.goto(f"{url}/mentorships")
    yield Scene("mentorships", "a message is new", page)
    page.get_by_role("main").get_by_role("link", name="Grace Example").click()
    mentorship = page.url
    page.get_by_role("link", name="Read and write").click()
    yield Scene("messages", "one is new", page)
    page.get_by_role("button", name="Send it").click()
    yield Scene("messages", "nothing typed", page)
    page.goto(f"{mentorship}/review")
    yield Scene("review", "published, a mentee’s", page)
    page.goto(f"{url}/mentors/grace-example/reviews")
    yield Scene("reviews", "all of a mentor", page)
    grace = cast.person(GRACE.email, GRACE.zone)
    grace.goto(f"{mentorship}/messages")
    grace.get_by_role("link", name="Report the message").first.click()
    yield Scene("report", "of one message", grace)
    grace.get_by_label("What is wrong").fill("A sample of a report.")
    grace.get_by_role("button", name="Report it").click()
    grace.locator("summary", has_text="I want no messages here").click()
    grace.get_by_role("button", name="Block messages").click()
    yield Scene("messages", "blocked by the reader", grace)
    page.goto(f"{mentorship}/messages")
    yield Scene("messages", "the other one takes none", page)
    grace.get_by_role("button", name="Allow messages again").click()
    yield from _reported(cast)
    alan = cast.person(ALAN.email, ALAN.zone)
    alan.goto(f"{url}/mentorships")
    alan.get_by_role("main").get_by_role("link", name="Katherine Sample").click()
    alan.get_by_role("link", name="Read and write").click()
    yield Scene("messages", "nothing written yet", alan)
    alan.goto(f"{alan.url.partition('/messages')[0]}/review")
    yield Scene("review", "too early", alan)


def keeping(cast: Cast) -> Iterator[Scene]:
    """What Grace keeps for herself."""
    grace, url = cast.person(GRACE.email, GRACE.zone), cast.stage.url
    grace.goto(f"{url}/journal")
    yield Scene("journal", "two months", grace)
    grace.get_by_role("button", name="Keep it").click()
    yield Scene("journal", "nothing typed", grace)
    grace.get_by_role("link", name="Change it").first.click()
    yield Scene("journal-entry", "as it is kept", grace)
    grace.goto(f"{url}/where-mentoring-ends")
    yield Scene("where-mentoring-ends", "with one name", grace)
    grace.get_by_role("button", name="Add to your list").click()
    yield Scene("where-mentoring-ends", "nothing typed", grace)
    grace.get_by_role("link", name="Change it").click()
    yield Scene("referral", "as it is kept", grace)


def _reported(cast: Cast) -> Iterator[Scene]:
    olga, url = cast.person(OLGA.email, OLGA.zone), cast.stage.url
    olga.goto(f"{url}/operator/reports")
    yield Scene("operator-reports", "one to be read", olga)
    olga.get_by_role("main").get_by_role("link", name="A message").first.click()
    yield Scene("operator-report", "a message", olga)
    olga.goto(f"{url}/operator/fit")
    yield Scene("operator-fit", "what the months say", olga)
