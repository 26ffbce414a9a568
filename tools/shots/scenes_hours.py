"""When a mentor works."""

from collections.abc import Iterator

from marketplace.demo.people import ADA, GRACE
from tools.shots.cast import Cast, book, choose, offer
from tools.shots.scene import Scene


def setting_hours(cast: Cast) -> Iterator[Scene]:
    """Grace changes when she works, and looks at it from elsewhere."""
    page, url = cast.person(GRACE.email, "Europe/Amsterdam"), cast.stage.url
    mentee = cast.person(ADA.email)
    mentee.goto(f"{url}/mentors/grace-example")
    offer(mentee, "Fit call")
    choose(mentee, "Friday 11 December", "16:00")
    book(mentee)
    mentee.get_by_role("link", name="Join the session").wait_for()

    page.goto(f"{url}/desk/hours")
    yield Scene("hours", "as they are", page)
    page.locator("#copy-1").click()
    yield Scene("hours", "copying a day", page)
    page.get_by_role("textbox", name="Tuesday, from").first.fill("7:00")
    page.get_by_role("textbox", name="Wednesday, until").first.fill("8.30")
    page.get_by_role("textbox", name="Thursday, from").last.fill("noonish")
    page.get_by_role("button", name="Save my hours").click()
    yield Scene("hours", "with errors", page)
    page.goto(f"{url}/desk/hours")
    page.get_by_role("button", name="Remove Friday, 13:30–16:30").click()
    page.get_by_role("button", name="Save my hours").click()
    yield Scene("hours-confirm", "a session would lie outside", page)

    page.goto(f"{url}/desk/hours/dates")
    yield Scene("hours-dates", "none", page)
    page.get_by_label("Single dates").fill("2026-12-31, 1.1.2026, tomorrow")
    page.get_by_role("button", name="Save these dates").click()
    yield Scene("hours-dates", "with errors", page)
    for first, last, kind in (("2026-12-24", "2027-01-03", "Closed"), ("2027-01-04", "2027-01-05", "Other hours")):
        page.goto(f"{url}/desk/hours/dates")
        page.get_by_label("First date").fill(first)
        page.get_by_label("Last date").fill(last)
        page.get_by_label(kind, exact=True).check()
        if kind == "Other hours":
            page.locator("#opens-0-0").fill("10")
            page.locator("#closes-0-0").fill("12")
        page.get_by_role("button", name="Save these dates").click()
    yield Scene("hours-dates", "two", page)

    page.goto(f"{url}/desk/hours/time-off")
    yield Scene("hours-time-off", "none", page)
    page.get_by_label("First day").fill("2027-02-15")
    page.get_by_label("Last day").fill("2027-02-19")
    page.get_by_label("until", exact=True).fill("12:00")
    page.get_by_role("button", name="Save my time off").click()
    yield Scene("hours-time-off", "a week", page)
    page.get_by_label("First day").fill("2026-02-15")
    page.get_by_role("button", name="Save my time off").click()
    yield Scene("hours-time-off", "with errors", page)

    page.goto(f"{url}/desk/hours/protected")
    yield Scene("hours-protected", "none", page)
    page.get_by_label("Sunday").check()
    page.get_by_label("Dates to protect as well").fill("2026-12-24, 2026-12-25, 2027-02-12")
    page.get_by_role("button", name="Save my protected days").click()
    yield Scene("hours-protected", "a weekday and three dates", page)
    page.get_by_label("Dates to protect as well").fill("2026-12-24, Christmas")
    page.get_by_role("button", name="Save my protected days").click()
    yield Scene("hours-protected", "with errors", page)

    page.goto(f"{url}/desk/hours/holidays")
    yield Scene("hours-holidays", "of the mentor's country, not kept yet", page)
    page.get_by_label("Country").select_option("DE")
    page.get_by_role("button", name="Show its days").click()
    page.get_by_label("Region").select_option("BE")
    page.get_by_role("button", name="Save my holidays").click()
    yield Scene("hours-holidays", "kept", page)

    page.goto(f"{url}/desk/hours/travel")
    yield Scene("hours-travel", "at home", page)
    page.get_by_label("First day").fill("2027-01-18")
    page.get_by_label("Last day").fill("2027-01-29")
    page.get_by_role("button", name="Save this journey").click()
    yield Scene("hours-travel", "with an error", page)
    page.get_by_label("Time zone there").select_option("America/New_York")
    page.get_by_role("button", name="Save this journey").click()
    yield Scene("hours-travel", "two weeks elsewhere", page)

    page.goto(f"{url}/desk/hours/boundaries")
    yield Scene("hours-boundaries", "as they are", page)
    page.get_by_label("Notice").fill("10 min")
    page.get_by_label("Sessions a day").fill("some")
    page.get_by_role("button", name="Save my boundaries").click()
    yield Scene("hours-boundaries", "with errors", page)

    page.goto(f"{url}/desk/hours/load")
    yield Scene("hours-load", "with something booked", page)
    page.get_by_role("button", name="Close the week").click()
    page.get_by_role("button", name="Open the week again").wait_for()
    yield Scene("hours-load", "the week is closed", page)

    page.goto(f"{url}/desk/hours/preview?zone=America/New_York")
    yield Scene("hours-preview", "from New York", page)
    page.goto(f"{url}/desk/hours/preview?zone=Asia/Tokyo")
    yield Scene("hours-preview", "from Tokyo", page)
