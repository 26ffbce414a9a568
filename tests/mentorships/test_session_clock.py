"""The clock of a session beside what both write there, without and with script."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from booking.domain.states import BookingStatus
from marketplace.mentorships.models.sessions import SessionNote
from tests.mentorships.conftest import NEXT_TUESDAY
from tests.mentorships.test_in_browser import kept
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.pages.test_in_browser import RULES, opened, sign_in

NOTES = "/sessions/s3/notes"
END = NEXT_TUESDAY + timedelta(hours=1)
MINUTE_MS = 60_000
NUDGE = "Time for what you will do"


@pytest.mark.parametrize(
    ("at", "said", "nudges", "joins"),
    [
        pytest.param(NEXT_TUESDAY - timedelta(minutes=12), "It begins in 12 minutes", False, True, id="soon"),
        pytest.param(NEXT_TUESDAY - timedelta(seconds=30), "It begins in one minute", False, True, id="at once"),
        pytest.param(NEXT_TUESDAY + timedelta(seconds=30), "60 minutes left", False, True, id="begun"),
        pytest.param(END - timedelta(minutes=9, seconds=30), "10 minutes left", True, True, id="late"),
        pytest.param(END - timedelta(seconds=20), "One minute left", True, True, id="last"),
        pytest.param(END + timedelta(seconds=1), "The time is over", False, False, id="over"),
    ],
)
def test_a_notebook_says_how_much_time_is_left_and_where_to_meet(adas, clock, at, said, nudges, joins):
    clock.set(at)

    page = adas.get(NOTES)

    box = page.text.split("data-session-clock", 1)[1].split("</div>", 1)[0]
    assert f"<strong data-clock-words>{said}</strong>" in box
    assert ("<span data-clock-late>" in box) is nudges
    assert ("https://meet.example.org/office-hours" in box) is joins
    assert " hidden>" not in box.split("<strong", 1)[0]


@pytest.mark.parametrize("at", [NEXT_TUESDAY - timedelta(minutes=31), END + timedelta(minutes=31)])
def test_outside_of_its_time_there_is_no_clock(adas, clock, at):
    clock.set(at)

    box = adas.get(NOTES).text.split("data-session-clock", 1)[1]

    assert box.split("<strong", 1)[0].rstrip().endswith(" hidden>")


def test_a_session_that_is_only_for_listening_is_not_pressed_to_an_outcome(session, adas, offering, clock):
    offering.kind = "listening"
    session.commit()
    clock.set(END - timedelta(minutes=5))

    page = adas.get(NOTES)

    assert "5 minutes left" in words(page)
    assert NUDGE not in page.text


def test_the_sessions_page_has_it_too_once_it_is_booked(session, adas, ada, offering, clock):
    later = NEXT_TUESDAY + timedelta(hours=2)
    make_sale(session, offering, ada, later, status=BookingStatus.HELD, held_until=later, public_id="held")
    session.commit()
    clock.set(later - timedelta(minutes=12))

    assert "It begins in" not in words(adas.get("/sessions/held"))

    clock.set(NEXT_TUESDAY - timedelta(minutes=12))
    assert "It begins in 12 minutes" in words(adas.get("/sessions/s3"))


def at_the_notebook(chromium, site, ada, at, clock) -> tuple[Page, list[str]]:
    """The site's clock and the browser's stand at the same time; the test moves the browser's."""
    clock.set(at)
    page, said = opened(chromium)
    sign_in(page, site, ada)
    clock.set(at)
    page.clock.install(time=at)
    page.goto(f"{site}{NOTES}")
    return page, said


def look(page: Page) -> tuple[str, str, bool]:
    """What the clock shows, what it has spoken, and whether it leads to what will be done."""
    show = """clock => [
        clock.querySelector("[data-clock-words]").textContent,
        clock.querySelector("[data-clock-spoken]").textContent,
        !clock.querySelector("[data-clock-late]").hidden,
    ]"""
    return tuple(page.locator("[data-session-clock]").evaluate(show))


@pytest.mark.browser
@pytest.mark.slow
def test_it_counts_speaks_three_times_and_never_loads_the_page_anew(chromium, site, session, ada, clock):
    page, said = at_the_notebook(chromium, site, ada, NEXT_TUESDAY - timedelta(minutes=2, seconds=-30), clock)
    page.evaluate("window.isStillHere = true")
    seen = [look(page)]
    for minutes in (2, 40, 9, 1, 9):
        page.clock.run_for(minutes * MINUTE_MS)
        seen.append(look(page))

    begun, late, over = "60 minutes left", "10 minutes left", "The time is over"
    assert seen == [
        ("It begins in 2 minutes", "", False),
        (begun, begun, False),
        ("20 minutes left", begun, False),
        ("11 minutes left", begun, False),
        (late, late, True),
        ("One minute left", late, True),
    ]
    page.clock.run_for(MINUTE_MS)
    assert look(page) == (over, over, False)

    page.get_by_label("Will", exact=True).fill("Say no once")
    page.clock.run_for(2000)
    kept(page)
    assert [note.words for note in session.scalars(select(SessionNote))] == ["Say no once"]
    page.clock.run_for(30 * MINUTE_MS)
    expect(page.locator("[data-session-clock]")).to_be_hidden()
    assert page.evaluate("window.isStillHere")
    assert said == []


@pytest.mark.browser
@pytest.mark.slow
def test_a_machine_that_slept_reads_the_right_time_again(chromium, site, ada, clock):
    page, _ = at_the_notebook(chromium, site, ada, NEXT_TUESDAY + timedelta(seconds=30), clock)
    assert look(page)[0] == "60 minutes left"

    # Only the clock on the wall goes on while a machine sleeps.
    page.clock.set_system_time(NEXT_TUESDAY + timedelta(minutes=35, seconds=30))
    page.clock.run_for(5000)

    assert look(page)[0] == "25 minutes left"


@pytest.mark.browser
@pytest.mark.slow
def test_script_and_server_count_alike(chromium, site, adas, ada, clock):
    page, _ = at_the_notebook(chromium, site, ada, NEXT_TUESDAY, clock)
    read = []
    for minutes in (-29.5, -1.5, -0.5, 0.5, 30.5, 49.5, 50.5, 59.5, 60.5):
        clock.set(NEXT_TUESDAY + timedelta(minutes=minutes))
        page.clock.set_system_time(clock.now())
        page.goto(f"{site}{NOTES}")
        box = adas.get(NOTES).text.split("<strong data-clock-words>", 1)[1]
        read.append((look(page)[::2], (box.split("<", 1)[0], "<span data-clock-late>" in box)))

    assert [script for script, _ in read] == [server for _, server in read]
    assert len({shown for (shown, _), _ in read}) == len(read)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_notebook_reads_well_while_its_session_is_on(chromium, site, ada, clock, scheme, width):
    clock.set(END - timedelta(minutes=5))
    page, said = opened(chromium, width=width, color_scheme=scheme, reduced_motion="reduce")
    sign_in(page, site, ada)
    page.goto(f"{site}{NOTES}")

    assert Axe().run(page, options=RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    # The clock stays in view and never covers the field that is written in.
    page.get_by_role("link", name=NUDGE).click()
    page.get_by_label("Will", exact=True).focus()
    tops = "each => each.getBoundingClientRect()"
    clock_box = page.locator("[data-session-clock]").evaluate(tops)
    field = page.get_by_label("Will", exact=True).evaluate(tops)
    assert clock_box["top"] == pytest.approx(0, abs=1)
    assert field["top"] >= clock_box["bottom"]
    assert said == []
