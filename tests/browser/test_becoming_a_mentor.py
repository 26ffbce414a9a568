"""Somebody signs up, applies, is asked for a change, is approved, and a mentee finds them and holds a time: with script
and without, in German, and by keyboard alone, the operator too."""

import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from marketplace.demo.people import OLGA, PASSWORD
from marketplace.demo.portraits import portrait
from tests.browser.hands import Hands, Keyboard
from tests.browser.people import DAY, mentee
from tests.browser.words import ENGLISH, GERMAN, Words
from tests.mailbox import part
from tools.shots.cast import Cast, book, letter_to, link_in
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

REASON = "Please say what you have learnt from going astray."
MOST_PRESSES, MOST_INPUTS = 26, 18
"""From the first page to a profile that is sent in, with photo, offering, hours, and two visits to Stripe's page: three
minutes for a fast typist."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the mentor goes. `second` is another language that they speak."""

    hands: type[Hands]
    words: Words
    zone: str
    second: str
    script: bool = True


WAYS = [
    pytest.param(Way(Hands, ENGLISH, "Europe/Helsinki", "Finnish"), id="with script"),
    pytest.param(Way(Hands, ENGLISH, "Europe/Helsinki", "Finnish", script=False), id="without script"),
    pytest.param(Way(Hands, GERMAN, "Europe/Berlin", "Finnisch"), id="in German"),
    pytest.param(Way(Keyboard, ENGLISH, "Europe/Helsinki", "Finnish"), id="by keyboard"),
]


@dataclass(frozen=True, slots=True)
class Applicant:
    name: str
    email: str


@pytest.fixture
def hedy() -> Applicant:
    word = uuid4().hex[:8]
    return Applicant(f"Hedy {word}", f"hedy-{word}@example.org")


@pytest.mark.parametrize("way", WAYS)
def test_a_visitor_becomes_a_mentor_whose_time_can_be_held(
    cast: Cast, stage: Stage, rows, hedy: Applicant, way: Way
) -> None:
    page = cast.visitor(way.zone, java_script_enabled=way.script, locale=way.words.locale)
    hands = way.hands(page, way.words)
    olga = way.hands(cast.person(OLGA.email, "Europe/Amsterdam"))

    signs_up_as_a_mentor(hands, stage, hedy)
    says_who_they_are(hands, way)
    says_how_they_work(hands)
    adds_a_photo(hands, hedy)
    offers_an_hour(hands)
    keeps_usual_hours(hands)
    lets_stripe_know_who_they_are(hands)
    sends_it_in(hands)
    assert hands.presses <= MOST_PRESSES
    assert hands.inputs <= MOST_INPUTS
    asks_for_changes(olga, hedy)
    tells_more_and_sends_it_in_again(hands, stage, hedy)
    approves(olga, hedy)
    can_be_booked(hands, stage, hedy)

    holds_a_time(cast, stage, mentee(rows), hedy)


def signs_up_as_a_mentor(hands: Hands, stage: Stage, hedy: Applicant) -> None:
    hands.page.goto(stage.url)
    hands.press_in_menu("Become a mentor")
    hands.press("Create an account")
    hands.fill("Your name", hedy.name)
    hands.fill("Mail address", hedy.email)
    hands.fill("Password", PASSWORD)
    hands.press("Sign up")
    hands.reads("Look into your mail")
    follows_the_letter(hands, stage, hedy, "Confirm your address")
    hands.press("Yes, confirm my address")
    hands.press("Begin")


def follows_the_letter(hands: Hands, stage: Stage, hedy: Applicant, subject: str, says: str = "") -> None:
    letter = letter_to(stage.instance, hedy.email, hands.words(subject, site="Office Hours"))
    assert says in part(letter, "plain")
    hands.presses += 1
    hands.page.goto(link_in(letter, stage.url))


def says_who_they_are(hands: Hands, way: Way) -> None:
    """The country is that of the zone; without script the site cannot know where somebody is."""
    hands.fill("Headline", "For those who are on their way from radio to software.")
    hands.fill("City", "Turku")
    if not way.script:
        hands.choose("Country", "Finland")
        hands.choose("Time zone", way.zone)
    expect(hands.labelled("Country")).to_have_value("DE" if way.words is GERMAN else "FI")
    expect(hands.labelled("Language %(number)s", number=1)).to_have_value(way.words.code)
    hands.choose(hands.words("Language %(number)s", number=2), way.second)
    hands.fill("Link to where you meet", "https://meet.example.org/hedy")
    hands.press("Save")


def says_how_they_work(hands: Hands) -> None:
    """Story, ways and topics: each part leads to the next."""
    hands.reads("Your story")
    hands.fill("Your story", "I began with **radio**.")
    hands.press("Save")
    hands.tick("I ask more than I tell")
    hands.fill("In your own words", "We draw it until it is simple.")
    hands.fill("What you can give", "A drawing")
    hands.press("Save")
    hands.fill("Topic", "Radio")
    hands.press("Add a topic")
    second = hands.main.locator("#topics-1-name")
    expect(second).to_be_focused()
    hands.fill_in(second, "Antennas")
    hands.press("Save")
    hands.reads("My desk")


def adds_a_photo(hands: Hands, hedy: Applicant) -> None:
    hands.press("A photo")
    hands.attach("Photo", {"name": "hedy.png", "mimeType": "image/png", "buffer": portrait(hedy.name)})
    hands.fill("What is to be seen", "Hedy before a hill")
    hands.press("Save")


def offers_an_hour(hands: Hands) -> None:
    """It has a name and a length already."""
    hands.press("Something to book")
    hands.press("Session")
    hands.fill("Your price", "70")
    hands.press("Offer it")


def keeps_usual_hours(hands: Hands) -> None:
    goes_on(hands, "Working hours")
    hands.press("Begin with usual hours")
    expect(hands.main.locator("#opens-1-0")).to_have_value("09:00")
    hands.press("Save my hours")


def lets_stripe_know_who_they_are(hands: Hands) -> None:
    """Half-way first: the desk says what is left, and the next visit goes on there."""
    goes_on(hands, "A way for Stripe to pay you, before what costs something is shown")
    hands.press("Go to Stripe’s page")
    gives_at_stripe(hands, "Give all but a bank account, and leave")
    expect(hands.main).to_contain_text(hands.words("The bank account that the money should go to"))
    hands.press("Go on at Stripe’s page")
    gives_at_stripe(hands, "Give everything")
    hands.page.get_by_role("heading", name=hands.words("Stripe can pay you")).wait_for()


def gives_at_stripe(hands: Hands, button: str) -> None:
    """The stand-in's page, which speaks English to everybody."""
    hands.presses += 1
    hands.page.get_by_role("button", name=button, exact=True).click()


def goes_on(hands: Hands, step: str) -> None:
    """By the button that says what comes next."""
    hands.press("Go on: %(part)s", part=hands.words(step))


def sends_it_in(hands: Hands) -> None:
    """From where they are."""
    goes_on(hands, "Send it in")
    hands.press("Send it in")
    told = hands.words("Your profile is with us now. We read it and answer by mail.")
    expect(hands.page.get_by_role("status")).to_have_text(told)


def asks_for_changes(olga: Hands, hedy: Applicant) -> None:
    opens_the_profile(olga, hedy)
    olga.fill("What the mentor reads", REASON)
    olga.press("Ask for changes")
    expect(olga.page.get_by_role("status")).to_contain_text(f"{hedy.name} is told by mail.")


def opens_the_profile(olga: Hands, hedy: Applicant) -> None:
    """Out of the queue, in which whoever waits longest comes first."""
    olga.press_in_menu("Mentors")
    olga.reads("Mentors")
    waiting = olga.main.get_by_role("link", name=hedy.name)
    while not waiting.is_visible():
        olga.press("Next page →")
        olga.page.wait_for_load_state()
    olga.press_on(waiting)
    olga.page.get_by_role("heading", level=1, name=hedy.name).wait_for()


def tells_more_and_sends_it_in_again(hands: Hands, stage: Stage, hedy: Applicant) -> None:
    follows_the_letter(hands, stage, hedy, "Your profile at %(site)s: something to change first", REASON)
    expect(hands.main).to_contain_text(REASON)
    hands.press("Read it once more")
    hands.press("Change: %(part)s", part=hands.words("Your story"))
    hands.fill("Your story", "I began with **radio**, and lost ten years to a patent.")
    hands.press("Save")
    hands.press("Send it in")
    hands.page.get_by_role("status").wait_for()


def approves(olga: Hands, hedy: Applicant) -> None:
    opens_the_profile(olga, hedy)
    expect(olga.main).to_contain_text("lost ten years to a patent")
    olga.press("Approve")
    expect(olga.page.get_by_role("status")).to_contain_text(f"{hedy.name} is told by mail.")


def can_be_booked(hands: Hands, stage: Stage, hedy: Applicant) -> None:
    """Nothing that is needed is missing, neither in the letter nor at the desk; the journey is left, if they like."""
    follows_the_letter(hands, stage, hedy, "You are a mentor at %(site)s now")
    box = hands.page.get_by_role("region", name=hands.words("You can be booked"))
    expect(box.get_by_role("listitem")).to_have_count(1)
    expect(box.get_by_role("listitem")).to_contain_text(hands.words("Your journey, step by step"))


def holds_a_time(cast: Cast, stage: Stage, email: str, hedy: Applicant) -> None:
    page = cast.person(email, "Europe/Lisbon")
    page.get_by_role("link", name="Find a mentor").click()
    page.get_by_role("searchbox").fill(hedy.name)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=hedy.name, exact=True).click()
    expect(page.get_by_role("img", name="Hedy before a hill")).to_be_visible()
    page.get_by_role("link", name=re.compile(rf"^{DAY}, ")).click()
    page.locator("ul.times a").first.click()
    book(page)
    page.get_by_role("button", name="Pay €80.50").wait_for()
