"""Calendars that say when somebody is busy."""

from collections.abc import Iterator

from marketplace.demo.people import ADA, EDSGER
from tools.shots.cast import Cast
from tools.shots.scene import Scene


def being_busy(cast: Cast) -> Iterator[Scene]:
    """Edsger's old calendars are gone; he adds another, and it is read. Ada has none yet."""
    mentee, url = cast.person(ADA.email), cast.stage.url
    mentee.goto(f"{url}/calendar/busy")
    yield Scene("calendar-busy", "none yet", mentee)

    page = cast.person(EDSGER.email, "Europe/Berlin")
    page.goto(f"{url}/calendar/busy")
    page.get_by_label("Address of the calendar").fill("https://edsger:secret@calendar.example/basic.ics")
    page.get_by_role("button", name="Add this calendar").click()
    yield Scene("calendar-busy", "with an error", page)
    page.get_by_label("Address of the calendar").fill(f"{cast.stage.demo_url}/demo/calendars/lunch.ics")
    page.get_by_label("Name").last.fill("Lunch and doctors, again")
    page.get_by_role("button", name="Add this calendar").click()
    yield Scene("calendar-busy", "being read", page)
    for _ in range(60):
        if page.get_by_text("3 entries").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    page.get_by_text("Change it").last.click()
    yield Scene("calendar-busy", "one answers, two do not", page)
