"""Every page in its states, in chapters that need nothing of each other and may be walked in any order, each once.

A scene is yielded when the page stands as it should be looked at; whoever looks puts size and colours back afterwards.
"""

from collections.abc import Iterator
from datetime import timedelta

from marketplace.demo.people import ADA, ALAN, DONALD, KATHERINE, OLGA
from tools.shots.cast import Cast, book, choose, letter_to, link_in, offer, sign_in, sign_up
from tools.shots.scene import Chapter, Scene
from tools.shots.scenes_accounts import coming_back, keeping_an_account
from tools.shots.scenes_banks import reaching_the_bank
from tools.shots.scenes_busy import being_busy
from tools.shots.scenes_buying import buying, losing
from tools.shots.scenes_codes import paying_less
from tools.shots.scenes_disputes import disputing
from tools.shots.scenes_growth import growing, keeping, talking
from tools.shots.scenes_hours import setting_hours
from tools.shots.scenes_mentors import becoming_a_mentor, getting_paid, reading_profiles
from tools.shots.scenes_outcomes import meeting, saying_how_it_was
from tools.shots.scenes_programmes import going_on_with_a_programme
from tools.shots.scenes_search import searching

NARROW = 360


def looking_around(cast: Cast) -> Iterator[Scene]:
    """A visitor."""
    page, url = cast.visitor(), cast.stage.url
    page.goto(url)
    yield Scene("home", "mentors", page)
    page.set_viewport_size({"width": NARROW, "height": 800})
    page.get_by_role("button", name="Menu").click()
    yield Scene("home", "the menu is open", page)
    page.goto(f"{url}/mentors/grace-example")
    yield Scene("mentor", "before a time is chosen", page)
    page.locator("summary").click()
    yield Scene("mentor", "changing the zone", page)
    page.goto(f"{url}/mentors/grace-example?start=2026-12-05T09:00Z#book")
    yield Scene("mentor", "a time that cannot be had", page)
    page.goto(f"{url}/mentors/barbara-example")
    yield Scene("mentor-no-times", "taking a break", page)
    page.goto(f"{url}/mentors/grace-example")
    choose(page, "Tuesday 8 December", "10:00")
    yield Scene("mentor-time-chosen", "a visitor", page)
    page.get_by_role("link", name="Sign in to book").click()
    yield Scene("sign-in", "empty", page)
    sign_in(page, "ada@example.org", "not her password")
    yield Scene("sign-in", "refused", page)
    page.goto(f"{url}/nowhere")
    yield Scene("404", "nothing there", page)


def signing_up(cast: Cast) -> Iterator[Scene]:
    """From the form to an account with nothing in it yet."""
    page, url, instance = cast.visitor("America/Argentina/Buenos_Aires"), cast.stage.url, cast.stage.instance
    address = "edith@example.org"
    page.goto(f"{url}/sign-up")
    yield Scene("sign-up", "empty", page)
    page.evaluate("document.querySelector('main form').noValidate = true")
    sign_up(page, "", "edith", "short")
    yield Scene("sign-up", "with errors", page)
    sign_up(page, "Edith Example", address)
    yield Scene("check-mail", "after signing up", page)
    link = link_in(letter_to(instance, address, "Confirm your address"), url)

    other = cast.visitor()
    other.goto(f"{url}/sign-in")
    sign_in(other, address)
    other.goto(f"{url}/account")
    yield Scene("account", "not confirmed yet", other)
    other.goto(f"{url}/mentors/donald-sample")
    offer(other, "Fit call")
    choose(other, "Tuesday 8 December", "11:00")
    yield Scene("mentor-time-chosen", "address not confirmed yet", other)
    other.goto(f"{url}/verify/made-up")
    yield Scene("verify", "a link that does not work", other)

    page.goto(link)
    yield Scene("verify", "the link from the mail", page)
    page.get_by_role("button", name="Yes, confirm my address").click()
    page.goto(link)
    yield Scene("verify", "confirmed before", page)
    page.goto(f"{url}/account")
    yield Scene("account", "confirmed", page)
    page.goto(f"{url}/sessions")
    yield Scene("sessions", "empty", page)
    page.goto(f"{url}/calendar")
    yield Scene("calendar", "no address yet", page)


def working(cast: Cast) -> Iterator[Scene]:
    """Mentors in their week, the operator at the desk, and what is over."""
    url = cast.stage.url
    for person, day, clock in ((ADA, "Thursday 3 December", "15:00"), (OLGA, "Friday 4 December", "19:30")):
        mentee = cast.person(person.email)
        mentee.goto(f"{url}/mentors/katherine-sample")
        offer(mentee, "Fit call")
        choose(mentee, day, clock)
        book(mentee)
        mentee.get_by_role("link", name="Join the session").wait_for()
    yield Scene("session", "free", mentee)
    mentor = cast.person(KATHERINE.email, "America/New_York")
    mentor.goto(f"{url}/week?week=2026-W49")
    yield Scene("week", "three sessions", mentor)
    mentor.get_by_role("link", name=ADA.name).click()
    yield Scene("session", "the mentor's side", mentor)
    mentor.goto(f"{url}/calendar")
    yield Scene("calendar", "a mentor's, none yet", mentor)
    idle = cast.person(DONALD.email, "Europe/London")
    idle.goto(f"{url}/week?week=2026-W51")
    yield Scene("week", "empty", idle)
    operator = cast.person(OLGA.email, "Europe/Amsterdam")
    operator.goto(f"{url}/operator")
    yield Scene("operator-overview", "what waits, and where the money is", operator)
    operator.goto(f"{url}/operator/bookings")
    yield Scene("operator-bookings", "the newest", operator)
    operator.goto(f"{url}/operator/bookings?page=9")
    yield Scene("operator-bookings", "beyond the last page", operator)
    operator.goto(f"{url}/operator/fees")
    operator.get_by_label("And for each session, in EUR").fill("0.30")
    operator.get_by_role("button", name="Show the sums").click()
    yield Scene("operator-fees", "a sum beside the percentage", operator)
    operator.get_by_label("Of the price, in percent").fill("a tenth")
    operator.get_by_role("button", name="Decide it").click()
    yield Scene("operator-fees", "nothing is decided yet", operator)
    operator.goto(f"{cast.stage.dollars_url}/operator/fees")
    operator.get_by_label("And for each session, in EUR").fill("0.30")
    operator.get_by_label("And for each session, in USD").fill("0.35")
    operator.get_by_role("button", name="Show the sums").click()
    yield Scene("operator-fees", "sums in two currencies", operator)
    operator.goto(f"{url}/operator/refunds")
    yield Scene("operator-refunds", "none waits", operator)
    in_two_days = cast.stage.now() + timedelta(days=2)
    yield from meeting(cast)
    cast.stage.advance(in_two_days - cast.stage.now())
    past = cast.person(ALAN.email, "America/New_York")
    past.goto(f"{url}/sessions")
    yield Scene("sessions", "one is over", past)


def offering(cast: Cast) -> Iterator[Scene]:
    """What mentors sell, and what a mentee answers before it is given away."""
    page, url = cast.person(DONALD.email, "Europe/London"), cast.stage.url
    page.goto(f"{url}/desk/offerings")
    yield Scene("offerings", "two on offer", page)
    page.get_by_role("link", name="Listening session").click()
    page.get_by_label("Your price").wait_for()
    yield Scene("offering", "a new one", page)
    page.get_by_label("What it is called").fill("An hour of being heard")
    page.get_by_label("Minutes", exact=True).fill("60")
    page.get_by_label("Your price").fill("80,50")
    page.get_by_role("button", name="Offer it").click()
    page.locator("#errors").wait_for()
    yield Scene("offering", "with errors", page)
    page.get_by_label("Your price").fill("80.50")
    page.get_by_text("For each real hour").wait_for()
    yield Scene("offering", "sums while typing", page)
    page.get_by_role("button", name="Offer it").click()
    page.get_by_role("heading", name="An hour of being heard").wait_for()
    page.get_by_role("button", name="Pause").last.click()
    page.get_by_role("button", name="Offer again").wait_for()
    yield Scene("offerings", "one is paused", page)
    page.get_by_role("link", name="Fit call").click()
    page.get_by_label("What it is called").fill("Another call")
    page.get_by_label("Minutes", exact=True).fill("20")
    page.get_by_role("button", name="Offer it").click()
    page.locator("#errors").wait_for()
    yield Scene("offering", "a second fit call", page)

    mentee = cast.person(OLGA.email, "Europe/Amsterdam")
    mentee.goto(f"{url}/mentors/lucia-sample")
    offer(mentee, "Fit call")
    choose(mentee, "Monday 14 December", "13:00")
    yield Scene("fit-call", "three questions", mentee)
    mentee.get_by_role("button", name="Book Mon 14 Dec").click()
    mentee.locator("#errors").wait_for()
    yield Scene("fit-call", "nothing answered", mentee)
    book(mentee)
    mentee.get_by_role("heading", name="Before the call").wait_for()
    yield Scene("session", "a fit call", mentee)
    mentee.goto(f"{url}/mentors/lucia-sample")
    offer(mentee, "Fit call")
    mentee.get_by_text("one fit call with each mentor").wait_for()
    yield Scene("fit-call", "had already", mentee)


def trying_out(cast: Cast) -> Iterator[Scene]:
    """The demo's own pages."""
    page, url = cast.visitor("Europe/Amsterdam"), cast.stage.demo_url
    letter_to(cast.stage.instance, ALAN.email, "Booked")
    page.goto(f"{url}/demo")
    yield Scene("demo", "a visitor", page)
    page.get_by_role("button", name="Sign in as Ada").click()
    yield Scene("home", "in the demo, signed in", page)
    page.goto(f"{url}/demo")
    yield Scene("demo", "signed in", page)
    page.goto(f"{url}/demo/mails")
    yield Scene("demo-mails", "what was sent", page)
    page.get_by_role("link", name="Booked").last.click()
    yield Scene("demo-mails", "an invitation", page)


CHAPTERS: tuple[Chapter, ...] = (
    looking_around,
    searching,
    being_busy,
    signing_up,
    becoming_a_mentor,
    reading_profiles,
    getting_paid,
    reaching_the_bank,
    buying,
    paying_less,
    going_on_with_a_programme,
    losing,
    working,
    setting_hours,
    offering,
    trying_out,
    coming_back,
    keeping_an_account,
    saying_how_it_was,
    disputing,
    growing,
    talking,
    keeping,
)
