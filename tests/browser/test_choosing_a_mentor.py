"""A mentee looks for help in a language, compares two mentors, meets one of them for free, and then books an hour: with
script and without, in German, and by keyboard alone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.demo.people import PASSWORD
from tests.browser.hands import Hands, Keyboard
from tests.browser.people import Mentor, mentee
from tests.browser.steps import starts_in_feed
from tests.browser.words import ENGLISH, GERMAN, Words
from tests.factories import make_mentor, make_offering
from tests.mailbox import part
from tools.shots.cast import Cast, letter_to
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

CALL, HOUR = "09:00", "10:00"
"""In Lisbon, where the mentee is at home; the mentors are in Helsinki."""
STARTS = [datetime(2026, 12, 8, int(clock[:2]), 0, tzinfo=UTC) for clock in (CALL, HOUR)]
ANSWERS = {
    "What do you want to get better at?": "Saying no.",
    "Why now?": "I was asked again.",
    "What have you tried?": "Saying yes.",
    "What would make this call worth it?": "A first no.",
}
AGENDA = "The second no."


@dataclass(frozen=True, slots=True)
class Way:
    hands: type[Hands]
    words: Words
    swedish: str
    script: bool = True


WAYS = [
    pytest.param(Way(Hands, ENGLISH, "Swedish"), id="with script"),
    pytest.param(Way(Hands, ENGLISH, "Swedish", script=False), id="without script"),
    pytest.param(Way(Hands, GERMAN, "Schwedisch"), id="in German"),
    pytest.param(Way(Keyboard, ENGLISH, "Swedish"), id="by keyboard"),
]


@dataclass(frozen=True, slots=True)
class Choice:
    """Two who speak Swedish and one who does not, all of whom help with the same `need`, which nobody else does."""

    need: str
    first: Mentor
    second: Mentor
    other: Mentor


@pytest.fixture
def choice(rows: Session) -> Choice:
    need = "q" + uuid4().hex[:10].translate(str.maketrans("0123456789", "ghijklmnop"))
    found = [_mentor(rows, need, languages) for languages in (["en", "sv"], ["sv"], ["en"])]
    rows.commit()
    return Choice(need, *found)


def _mentor(rows: Session, need: str, languages: list[str]) -> Mentor:
    """With a fit call and an hour at 70 euros."""
    word = uuid4().hex[:8]
    made = make_mentor(
        rows,
        f"Hedy {word}",
        zone="Europe/Helsinki",
        slug=f"hedy-{word}",
        city="Helsinki",
        headline=f"Helps with {need}.",
        languages=languages,
    )
    make_offering(rows, made, kind="fit_call")
    make_offering(rows, made)
    return Mentor(f"Hedy {word}", rows.get_one(User, made.id).email, f"/mentors/{made.slug}")


@pytest.mark.parametrize("way", WAYS)
def test_a_mentee_compares_two_meets_one_and_books_an_hour(
    cast: Cast, stage: Stage, rows: Session, choice: Choice, way: Way
) -> None:
    email = mentee(rows, locale=way.words.code)
    page = cast.visitor("Europe/Lisbon", java_script_enabled=way.script, locale=way.words.locale)
    hands = way.hands(page, way.words)

    page.goto(stage.url)
    searches(hands, choice.need, way.swedish)
    sees_both(hands, choice)
    looks_at(hands, choice.first)
    page.go_back()
    sees_both(hands, choice)
    looks_at(hands, choice.second)
    signs_in(hands, email)
    expect(page.get_by_role("heading", level=1)).to_have_text(choice.second.name)
    books_a_fit_call(hands, choice.second)
    books_an_hour(hands, choice.second)

    finds_both_sessions(hands, choice.second)
    hands.press_in_menu("Calendar")
    hands.press("Make my calendar address")
    assert starts_in_feed(hands.labelled("Calendar address").input_value()) == STARTS
    reads_of_both(hands, stage, email, choice.second)


def searches(hands: Hands, need: str, language: str) -> None:
    hands.fill("What do you need?", need)
    hands.press("Find a mentor")
    hands.reads("Find a mentor")
    expect(hands.main.locator(".mentor-card")).to_have_count(3)
    hands.press_on(hands.main.get_by_text(hands.words("Filters"), exact=True))
    hands.choose("Language", language)
    hands.press("Show mentors")


def sees_both(hands: Hands, choice: Choice) -> None:
    """And what was asked for."""
    asked = hands.page.get_by_role("list", name=hands.words("What you asked for"))
    expect(asked.get_by_role("listitem")).to_have_count(2)
    expect(asked).to_contain_text(choice.need)
    cards = hands.main.locator(".mentor-card")
    expect(cards).to_have_count(2)
    for mentor in (choice.first, choice.second):
        expect(cards.filter(has_text=mentor.name)).to_contain_text(re.compile("80[.,]50"))


def looks_at(hands: Hands, mentor: Mentor) -> None:
    hands.press_on(hands.main.get_by_role("link", name=mentor.name, exact=True))
    expect(hands.page.get_by_role("heading", level=1)).to_have_text(mentor.name)


def signs_in(hands: Hands, email: str) -> None:
    hands.press_in_menu("Sign in")
    hands.fill("Mail address", email)
    hands.fill("Password", PASSWORD)
    hands.press("Sign in")


def chooses(hands: Hands, title: str, clock: str) -> None:
    """On a mentor's page: what to book, and when."""
    hands.press_on(hands.main.locator("a.offer", has_text=title))
    hands.page.wait_for_url("**offering=**")
    hands.press_on(hands.main.get_by_role("link", name=re.compile(f"^{hands.words.day}, ")))
    hands.page.wait_for_url("**day=**")
    hands.press(clock)
    hands.page.wait_for_url("**start=**")


def books_a_fit_call(hands: Hands, mentor: Mentor) -> None:
    chooses(hands, "Fit call", CALL)
    for question, answer in ANSWERS.items():
        hands.fill(question, answer)
    hands.press("Book %(time)s", time=_time(hands, CALL))
    told = "%(title)s with %(name)s is confirmed. The confirmation is in your mail too."
    expect(hands.page.get_by_role("status")).to_have_text(hands.words(told, title="Fit call", name=mentor.name))
    for answer in ANSWERS.values():
        expect(hands.main).to_contain_text(answer)


def books_an_hour(hands: Hands, mentor: Mentor) -> None:
    """From the session's page back to the mentor's."""
    hands.press("%(name)s’s page", name=mentor.name)
    chooses(hands, "Single session", HOUR)
    hands.fill("What do you want to talk about?", AGENDA)
    hands.press("Pay and book %(time)s", time=_time(hands, HOUR))
    hands.press_on(hands.page.get_by_role("button", name="Pay €80.50"))
    hands.reads("Booked: %(time)s", time=_time(hands, HOUR))


def finds_both_sessions(hands: Hands, mentor: Mentor) -> None:
    hands.press_in_menu("My sessions")
    for title, clock in (("Fit call", CALL), ("Single session", HOUR)):
        line = hands.main.get_by_role("listitem").filter(has_text=_time(hands, clock))
        expect(line).to_contain_text(f"{title} {hands.words('with %(name)s', name=mentor.name)}")
        expect(line).to_contain_text(hands.words("confirmed"))


def reads_of_both(hands: Hands, stage: Stage, email: str, mentor: Mentor) -> None:
    """The mentee in the mentee's language, the mentor on the mentor's clock, with what the mentee wrote."""
    subject = "Booked: %(title)s with %(name)s, %(when)s"
    for title, clock in (("Fit call", CALL), ("Single session", HOUR)):
        when = _time(hands, clock)
        letter_to(stage.instance, email, hands.words(subject, title=title, name=mentor.name, when=when))
    call, hour = (letter_to(stage.instance, mentor.email, f"Tue 8 Dec, {clock}") for clock in ("11:00", "12:00"))
    assert all(answer in part(call, "plain") for answer in ANSWERS.values())
    assert AGENDA in part(hour, "plain")


def _time(hands: Hands, clock: str) -> str:
    return f"{hands.words.on_the_day}, {clock}"
