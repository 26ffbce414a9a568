"""Pages for readers who see them otherwise: twice as large, in colours of their own, without motion, or by ear."""

import pytest
from playwright.sync_api import Locator, Page, expect

from marketplace.demo.people import OLGA
from tests.browser.people import DAY, Mentor, mentee, mentor_in_helsinki
from tests.browser.steps import BEGINS, at_stripe
from tools.shots.cast import WIDE, Cast, choose
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
ZOOMED = WIDE // 2
"""What is left of the screen's width at 200 %."""
SPILLS = """() => [...document.querySelectorAll(".split > *, .sheet, .mentor-card, .day")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1)
  .map((box) => `${box.tagName} ${box.className}: ${box.scrollWidth} in ${box.clientWidth}`)"""


@pytest.fixture
def hedy(rows) -> Mentor:
    return mentor_in_helsinki(rows)


def with_a_chosen_time(page: Page, stage: Stage, mentor: Mentor) -> Page:
    page.goto(stage.url + mentor.path)
    choose(page, DAY, page.locator("ul.times a").first.inner_text())
    return page


def is_narrow_enough(page: Page) -> None:
    """At 200 %, of everything and then of the letters alone, nobody has to scroll sideways and nothing spills."""
    address = page.url
    for width, letters in ((ZOOMED, "100%"), (WIDE, "200%")):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("size => { document.documentElement.style.fontSize = size }", letters)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} at {width} px, {letters}"
        assert page.evaluate(SPILLS) == [], f"{address} at {width} px, {letters}"


def test_twice_as_large_every_page_of_a_visitor_fits(cast: Cast, stage: Stage, hedy: Mentor) -> None:
    page = cast.visitor()

    for path in ("/", "/search", "/sign-up", "/sign-in", "/how-we-rank", hedy.path):
        page.goto(stage.url + path)
        is_narrow_enough(page)
    is_narrow_enough(with_a_chosen_time(page, stage, hedy))


def test_twice_as_large_paying_fits(cast: Cast, stage: Stage, rows, hedy: Mentor) -> None:
    page = at_stripe(cast, stage, hedy, mentee(rows))

    page.get_by_role("button", name="Leave without paying").click()
    page.get_by_role("link", name="Go on paying").wait_for()
    is_narrow_enough(page)
    page.goto(f"{stage.url}/sessions")
    is_narrow_enough(page)


def test_twice_as_large_the_desk_fits(cast: Cast, stage: Stage, hedy: Mentor) -> None:
    page = cast.person(hedy.email, "Europe/Helsinki")

    for path in ("/desk", "/desk/hours", "/desk/hours/dates", "/desk/hours/preview", "/desk/offerings"):
        page.goto(stage.url + path)
        is_narrow_enough(page)


def background(each: Locator) -> str:
    return str(each.evaluate("each => getComputedStyle(each).backgroundColor"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_colours_of_the_readers_own_what_is_chosen_can_be_told(
    cast: Cast, stage: Stage, hedy: Mentor, scheme: str
) -> None:
    page = with_a_chosen_time(cast.visitor(forced_colors="active", color_scheme=scheme), stage, hedy)

    for links in ("ul.times a", "table.month td a"):
        chosen, other = page.locator(f"{links}[aria-current]"), page.locator(f"{links}:not([aria-current])").first
        assert background(chosen) != background(other), links


def test_who_wants_no_motion_gets_none(cast: Cast, stage: Stage, hedy: Mentor) -> None:
    page = with_a_chosen_time(cast.visitor(reduced_motion="reduce"), stage, hedy)

    moving = page.evaluate(
        """[...document.querySelectorAll("*")].map((each) => getComputedStyle(each))
           .filter((style) => parseFloat(style.transitionDuration) > 0 || style.animationName !== "none").length"""
    )

    assert moving == 0


def names(page: Page, role: str) -> list[str]:
    """As a screen reader says them, in its order."""
    lines = (line.strip() for line in page.locator("main").aria_snapshot().splitlines())
    return [line.split('"')[1] for line in lines if line.startswith(f'- {role} "')]


def test_by_ear_a_mentors_page_leads_to_its_times_and_says_which_is_chosen(
    cast: Cast, stage: Stage, rows, hedy: Mentor
) -> None:
    page = with_a_chosen_time(cast.person(mentee(rows), "Europe/Lisbon"), stage, hedy)

    assert names(page, "heading")[0] == hedy.name
    assert names(page, "heading")[-1] == "Single session, 1 hour"
    assert names(page, "link")[0] == "Choose a time"
    times = page.get_by_role("region", name="Choose a time")
    expect(times.get_by_role("table", name="December 2026")).to_be_visible()
    expect(times.get_by_role("link", name=f"{DAY}, ")).to_have_attribute("aria-current", "true")
    expect(times.locator("td.today")).to_have_attribute("aria-current", "date")
    of_the_day = times.get_by_role("list", name=DAY)
    expect(of_the_day.locator("[aria-current]")).to_have_attribute("aria-current", "true")
    book = times.get_by_role("region", name="Single session, 1 hour")
    expect(book.get_by_role("button")).to_have_accessible_name(f"Pay and book Tue 8 Dec, {chosen(of_the_day)}")
    assert names(page, "button")[-1].startswith("Pay and book")


def chosen(times: Locator) -> str:
    return times.locator("[aria-current]").inner_text()


def test_by_ear_no_two_buttons_of_a_week_are_called_alike(cast: Cast, stage: Stage, hedy: Mentor) -> None:
    page = cast.person(hedy.email, "Europe/Helsinki")
    page.goto(f"{stage.url}/desk/hours")
    page.locator("#add-1").click()
    expect(page.get_by_role("textbox", name="Monday, from")).to_have_count(2)

    buttons = names(page, "button")

    assert len(buttons) > 10
    assert len(buttons) == len(set(buttons))
    for number in (1, 2):
        interval = page.get_by_role("group", name=f"Monday, interval {number}")
        expect(interval.get_by_role("textbox", name="Monday, from")).to_have_count(1)


def test_by_ear_a_held_time_says_until_when_and_what_can_be_done(cast: Cast, stage: Stage, rows, hedy: Mentor) -> None:
    page = at_stripe(cast, stage, hedy, mentee(rows))
    page.get_by_role("button", name="Leave without paying").click()

    page.get_by_role("heading", name="Go on paying, or give the time back?", level=1).wait_for()

    expect(page.get_by_role("main")).to_contain_text(f"Tue 8 Dec, {BEGINS} with {hedy.name} is held for you until")
    assert names(page, "link") == ["Go on paying"]
    assert names(page, "button") == ["Give it back"]
    expect(page.get_by_role("status")).to_have_text("")


def test_on_a_phone_an_operator_unfolds_the_way_to_the_other_pages(cast: Cast, stage: Stage) -> None:
    page = cast.person(OLGA.email, OLGA.zone, viewport={"width": 360, "height": 740})
    page.goto(f"{stage.url}/operator/books")
    unfold = page.get_by_role("button", name="Running the site: Books")
    way = page.get_by_role("navigation", name="Running the site")
    expect(way).to_be_hidden()

    unfold.press("Enter")
    expect(way.get_by_role("link", name="Books")).to_have_attribute("aria-current", "page")
    way.get_by_role("link", name="Refunds").click()

    expect(page.get_by_role("button", name="Running the site: Refunds")).to_be_visible()
