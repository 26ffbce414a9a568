"""A series as it is booked: six Tuesdays at checkout, of which one is taken, and what is left of a programme with one
press; on the smallest screen, by keyboard, and without script."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor as MentorRow
from marketplace.offerings.models import Offering
from tests.booking.bookings import make_booking
from tests.browser.hands import Hands, Keyboard
from tests.browser.keyboard import skip_to
from tests.browser.people import Mentor, mentee, mentor_in_helsinki
from tests.browser.steps import starts_in_feed
from tests.browser.test_every_page import SMALLEST, violations
from tests.factories import make_programme
from tools.shots.cast import Cast, letter_to
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
TITLE, WEEK = "From senior to staff", timedelta(days=7)
TUESDAYS = [datetime(2026, 12, 8, 10, 0, tzinfo=UTC) + number * WEEK for number in range(6)]
"""At 10:00 in Lisbon, where the mentee is at home, and at 12:00 in Helsinki."""
DAYS = ["Tue 8 Dec", "Tue 15 Dec", "Tue 22 Dec", "Tue 29 Dec", "Tue 5 Jan", "Tue 12 Jan"]


@dataclass(frozen=True, slots=True)
class Way:
    hands: type[Hands]
    script: bool


WAYS = [
    pytest.param(Way(Keyboard, script=True), id="by keyboard"),
    pytest.param(Way(Hands, script=False), id="without script"),
]


@pytest.fixture
def mentor(rows: Session) -> Mentor:
    """With six weekly sessions at 480 euros, 544.80 with the fee."""
    found = mentor_in_helsinki(rows)
    make_programme(rows, row_of(rows, found), title=TITLE, cadence_days=7)
    rows.commit()
    return found


def row_of(rows: Session, mentor: Mentor) -> MentorRow:
    return rows.scalars(select(MentorRow).where(MentorRow.slug == mentor.path.rpartition("/")[2])).one()


def somebody_books(rows: Session, mentor: Mentor, start: datetime) -> None:
    """An hour of the same mentor."""
    hour = select(Offering).where(Offering.mentor_id == row_of(rows, mentor).id, Offering.kind == "session")
    other = rows.scalars(select(User).where(User.email == mentee(rows, name="Annie Example"))).one()
    made = make_booking(rows, rows.scalars(hour).one(), other, start)
    made.public_id, made.uid = f"annie{made.mentor_id}", f"annie{made.mentor_id}@office-hours"
    rows.commit()


def chooses_the_first_tuesday(cast: Cast, stage: Stage, mentor: Mentor, email: str, way: Way) -> Hands:
    """Signed in, on the mentor's page."""
    page = cast.person(
        email, "Europe/Lisbon", java_script_enabled=way.script, viewport={"width": SMALLEST, "height": 700}
    )
    page.goto(stage.url + mentor.path)
    hands = way.hands(page)
    hands.press_on(hands.main.locator("a.offer", has_text=TITLE))
    page.wait_for_url("**offering=**")
    hands.press_on(hands.main.get_by_role("link", name=re.compile("^Tuesday 8 December, ")))
    page.wait_for_url("**day=**")
    hands.press("10:00")
    page.wait_for_url("**start=**")
    return hands


def reads_well(hands: Hands, way: Way) -> None:
    """On the smallest screen; axe needs a script."""
    assert hands.page.locator("html").evaluate("html => html.scrollWidth") <= SMALLEST
    if way.script:
        assert violations(hands.page) == []


def times(hands: Hands) -> Locator:
    return hands.main.locator("ol.series > li")


def stand_on_both_clocks(hands: Hands, days: list[str], clocks: dict[str, str]) -> None:
    """One for each day, at ten unless `clocks` says otherwise; in Helsinki it is two hours later."""
    expect(times(hands)).to_have_count(len(days))
    for line, day in zip(times(hands).all(), days, strict=True):
        here = clocks.get(day, "10:00")
        there = f"{int(here[:2]) + 2}{here[2:]}"
        expect(line).to_contain_text(re.compile(rf"{day}, {here}–\d\d:\d\d \(Europe/Lisbon\)"))
        expect(line).to_contain_text(re.compile(rf"{day}, {there}–\d\d:\d\d \(Europe/Helsinki\)"))


def calendar_has(hands: Hands, starts: list[datetime]) -> None:
    hands.page.goto(f"{hands.page.url.partition('/purchases')[0]}/calendar")
    hands.press("Make my calendar address")
    assert starts_in_feed(hands.labelled("Calendar address").input_value()) == starts


@pytest.mark.parametrize("way", WAYS)
def test_six_tuesdays_are_booked_at_checkout_with_another_time_for_the_one_that_is_taken(
    cast: Cast, stage: Stage, rows: Session, mentor: Mentor, way: Way
) -> None:
    email = mentee(rows)
    somebody_books(rows, mentor, TUESDAYS[2])
    hands = chooses_the_first_tuesday(cast, stage, mentor, email, way)

    hands.press("Or book all %(number)s now: %(cadence)s", number=6, cadence="every Tuesday at 12:00")
    hands.reads("All %(number)s sessions, %(cadence)s", number=6, cadence="every Tuesday at 12:00")
    conflict = hands.main.get_by_role("group", name="Tue 22 Dec, 10:00: the mentor is not free then")
    expect(conflict.get_by_role("radio")).to_have_count(3)
    reads_well(hands, way)
    chosen = takes_another_than_the_first(hands, conflict)
    hands.press("Take these times")
    hands.page.wait_for_url("**at3=**")
    stand_on_both_clocks(hands, DAYS, {DAYS[2]: f"{chosen:%H:%M}"})
    reads_well(hands, way)
    hands.press("Pay and book all %(number)s", number=6)
    hands.press_on(hands.page.get_by_role("button", name="Pay €544.80"))

    hands.reads("Booked: %(time)s", time="Tue 8 Dec, 10:00")
    stand_on_both_clocks(hands, DAYS, {DAYS[2]: f"{chosen:%H:%M}"})
    reads_well(hands, way)
    hands.press("See all sessions")
    expect(hands.main.locator("ol.agenda > li")).to_have_count(6)
    calendar_has(hands, sorted([*TUESDAYS[:2], chosen, *TUESDAYS[3:]]))
    letter_to(stage.instance, email, f"Booked: {TITLE} with {mentor.name}, Tue 8 Dec, 10:00")


def takes_another_than_the_first(hands: Hands, conflict: Locator) -> datetime:
    """By the arrow keys that choose among several, if there is no mouse."""
    second = conflict.get_by_role("radio").nth(1)
    if isinstance(hands, Keyboard):
        skip_to(hands.page, conflict.get_by_role("radio").first)
        hands.page.keyboard.press("ArrowDown")
    else:
        second.check()
    expect(second).to_be_checked()
    return datetime.strptime(str(second.get_attribute("value")), "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_left_of_a_programme_is_booked_with_one_press(
    cast: Cast, stage: Stage, rows: Session, mentor: Mentor, way: Way
) -> None:
    hands = chooses_the_first_tuesday(cast, stage, mentor, mentee(rows), way)
    hands.press("Pay and book %(time)s", time="Tue 8 Dec, 10:00")
    hands.press_on(hands.page.get_by_role("button", name="Pay €544.80"))
    hands.press("See the session")
    hands.press_on(hands.main.get_by_role("link", name="5 are still to be booked"))
    expect(hands.main).to_contain_text("5 of 6 sessions are still to be booked.")
    reads_well(hands, way)

    hands.press("Or book all %(number)s that are left: %(cadence)s", number=5, cadence="every Tuesday at 12:00")
    hands.reads("All %(number)s sessions that are left, %(cadence)s", number=5, cadence="every Tuesday at 12:00")
    stand_on_both_clocks(hands, DAYS[1:], {})
    reads_well(hands, way)
    hands.fill("What do you want to talk about?", "The second step.")
    hands.press("Book all %(number)s", number=5)

    told = "All %(number)s are booked. The confirmation is in your mail too."
    expect(hands.page.get_by_role("status")).to_have_text(hands.words(told, number=5))
    expect(hands.main).to_contain_text("All 6 sessions are booked.")
    for line, day in zip(hands.main.locator("ol.agenda > li").all(), DAYS, strict=True):
        expect(line).to_contain_text(f"{day}, 10:00")
    reads_well(hands, way)
    calendar_has(hands, TUESDAYS)
