"""Buying a session: paid, cancelled, moved; and who is too late."""

from collections.abc import Iterator
from datetime import timedelta

from marketplace.demo.people import ADA, ALAN, GRACE, OLGA
from tools.shots.cast import Cast, book, choose, offer
from tools.shots.scene import Scene

LONGER_THAN_A_HOLD = timedelta(minutes=36)
LAST_MINUTES = timedelta(minutes=31)


def buying(cast: Cast) -> Iterator[Scene]:
    """Ada pays for a session with Grace."""
    page, url = cast.person(ADA.email), cast.stage.url
    page.goto(f"{url}/mentors/grace-example")
    choose(page, "Tuesday 8 December", "10:00")
    yield Scene("mentor-time-chosen", "ready to pay", page)
    second_tab = page.context.new_page()
    second_tab.goto(f"{url}/mentors/edsger-example")
    choose(second_tab, "Wednesday 9 December", "14:30")
    book(page)
    yield Scene("checkout", "open", page)
    checkout = page.url
    page.get_by_role("button", name="Decline the card").click()
    yield Scene("checkout", "declined", page)
    page.get_by_role("button", name="Leave without paying").click()
    yield Scene("cancelled", "still held", page)
    purchase = page.url.removesuffix("/cancel")
    page.goto(f"{url}/mentors/grace-example")
    yield Scene("mentor-held", "before another is chosen", page)
    choose(page, "Wednesday 9 December", "11:00")
    yield Scene("mentor-held", "another is chosen", page)
    page.goto(f"{url}/sessions")
    yield Scene("sessions", "a time is held", page)
    page.goto(f"{purchase}/return")
    yield Scene("returned", "not paid yet", page)
    book(second_tab)
    yield Scene("unpaid", "holding another time", second_tab)
    page.get_by_role("link", name="Go on paying").click()
    page.get_by_role("button", name="Pay €80.50").click()
    yield Scene("returned", "confirmed", page)
    page.goto(checkout)
    yield Scene("checkout", "paid", page)
    page.goto(f"{url}/sessions")
    yield Scene("sessions", "one ahead", page)
    page.get_by_role("link", name="Single session").click()
    yield Scene("session", "the mentee's side", page)
    page.get_by_role("link", name="Receipt").click()
    yield Scene("receipt", "paid", page)
    bought = page.url.removesuffix("/receipt")
    page.goto(f"{url}/calendar")
    page.get_by_role("button", name="Make my calendar address").click()
    page.get_by_label("Only when I am busy").check()
    page.get_by_label("Name").last.fill("For my team")
    page.get_by_role("button", name="Make my calendar address").click()
    page.locator("summary").last.click()
    yield Scene("calendar", "two of them", page)
    operator = cast.person(OLGA.email, "Europe/Amsterdam")
    operator.goto(f"{url}/operator/events")
    yield Scene("operator-events", "the newest", operator)
    operator.get_by_role("link", name="checkout.session.completed").first.click()
    yield Scene("operator-events", "one of them", operator)
    operator.goto(f"{url}/operator/bookings/{bought.rpartition('/')[2]}")
    yield Scene("operator-booking", "all that has happened", operator)
    operator.get_by_role("link", name="Cancel the session").click()
    operator.get_by_role("button", name="Cancel the session").click()
    yield Scene("operator-cancel", "without a reason", operator)
    page.goto(f"{bought}/move")
    yield Scene("move", "before a time is chosen", page)
    choose(page, "Wednesday 9 December", "11:00")
    yield Scene("move", "old and new side by side", page)
    mentor = cast.person(GRACE.email, "Europe/Amsterdam")
    mentor.goto(f"{bought}/propose")
    choose(mentor, "Thursday 10 December", "11:00")
    yield Scene("move", "the mentor's side", mentor)
    mentor.get_by_role("button", name="Propose Thu 10 Dec, 11:00").click()
    yield Scene("proposal", "the mentor's side", mentor)
    page.goto(f"{bought}/proposal")
    yield Scene("proposal", "to be answered", page)
    mentor.get_by_role("button", name="Take the proposal back").click()
    page.goto(f"{bought}/cancel")
    yield Scene("cancel", "the mentee's side", page)
    page.get_by_role("button", name="Cancel it, €80.50 back").click()
    yield Scene("session", "cancelled", page)


def losing(cast: Cast) -> Iterator[Scene]:
    """Alan is too late twice: he does not pay in time, and somebody else is faster."""
    page, url = cast.person(ALAN.email, "America/New_York"), cast.stage.url
    page.goto(f"{url}/mentors/asha-sample")
    choose(page, "Tuesday 8 December", "04:00")
    book(page)
    page.get_by_role("button", name="Pay €51.75").wait_for()
    checkout = page.url
    page.get_by_role("button", name="Leave without paying").click()
    purchase = page.url.removesuffix("/cancel")
    cast.stage.advance(LAST_MINUTES)
    page.goto(f"{purchase}/cancel")
    yield Scene("cancelled", "the last minutes", page)
    cast.stage.advance(LONGER_THAN_A_HOLD - LAST_MINUTES)
    page.goto(f"{purchase}/return")
    yield Scene("returned", "expired", page)
    page.goto(checkout)
    yield Scene("checkout", "expired", page)

    faster = cast.person(GRACE.email, "Europe/Amsterdam")
    for each in (page, faster):
        each.goto(f"{url}/mentors/wanjiru-example")
        offer(each, "Fit call")
    choose(page, "Wednesday 9 December", "02:00")
    choose(faster, "Wednesday 9 December", "08:00")
    book(faster)
    faster.get_by_role("link", name="Join the session").wait_for()
    book(page)
    yield Scene("slot-taken", "others are free", page)
