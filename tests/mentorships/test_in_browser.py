"""The notebook in Chromium: saved while one types, and nothing lost when the connection drops or both write at once."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from marketplace.core.clock import utcnow
from marketplace.core.ids import public_id
from marketplace.mentorships.domain.papers import Goal, Kind, Plan, Step
from marketplace.mentorships.models.sessions import NoteAside, SessionNote
from marketplace.mentorships.services.check_ins import check_in
from marketplace.mentorships.services.papers import Writer, write
from marketplace.mentorships.services.scores import score
from payments.models.sales import Payment
from tests.browser.keyboard import fill, press
from tests.factories import make_mentor, make_offering, make_programme
from tests.mentorships.conftest import NEXT_TUESDAY, WEEK
from tests.pages.sales import make_sale
from tests.pages.test_in_browser import LIMIT_MS, RULES, opened, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def notebook(chromium, site, person) -> tuple[Page, list[str]]:
    page, said = opened(chromium, width=1280)
    sign_in(page, site, person)
    page.goto(f"{site}/sessions/s3/notes")
    return page, said


def kept(page: Page) -> None:
    """The form with the steps says that all has arrived."""
    expect(page.locator("[data-autosave-status]").first).to_contain_text("Kept.", timeout=LIMIT_MS)


def goal(page: Page):
    return page.get_by_label("Goal", exact=True)


def test_what_is_typed_is_saved_by_itself_and_read_by_the_other_one(chromium, site, session, ada, graces_account):
    page, said = notebook(chromium, site, ada)

    goal(page).fill("A page on the problem")
    kept(page)

    other, _ = notebook(chromium, site, graces_account)
    assert goal(other).input_value() == "A page on the problem"
    assert page.evaluate("localStorage.length") == 0
    assert said == []


def test_what_is_typed_before_the_script_has_come_is_saved_too(chromium, site, session, ada):
    page, _ = opened(chromium, width=1280)
    sign_in(page, site, ada)
    late = []
    page.route("**/static/notes.js*", lambda route: late.append(route))  # noqa: PLW0108 - a method of a list cannot be marked
    page.goto(f"{site}/sessions/s3/notes", wait_until="commit")
    goal(page).fill("Faster than the script")

    late[0].continue_()
    kept(page)

    assert [note.words for note in session.scalars(select(SessionNote))] == ["Faster than the script"]


def test_what_is_typed_without_a_connection_is_sent_once_there_is_one(chromium, site, session, ada):
    page, _ = notebook(chromium, site, ada)
    page.context.set_offline(True)
    goal(page).fill("Written in a tunnel")
    page.locator("[data-autosave-status]", has_text="No connection").wait_for()

    page.context.set_offline(False)
    kept(page)

    assert [note.words for note in session.scalars(select(SessionNote))] == ["Written in a tunnel"]


def test_a_draft_outlives_the_page(chromium, site, session, ada):
    page, _ = notebook(chromium, site, ada)
    page.route("**/notes", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    goal(page).fill("Written before the battery was empty")
    page.locator("[data-autosave-status]", has_text="No connection").first.wait_for()
    page.unroute("**/notes")

    page.goto(f"{site}/sessions/s3/notes")

    kept(page)
    assert goal(page).input_value() == "Written before the battery was empty"
    assert [note.words for note in session.scalars(select(SessionNote))] == ["Written before the battery was empty"]


def test_two_who_write_the_same_note_find_both_texts_and_put_them_together(
    chromium, site, session, ada, graces_account
):
    adas, _ = notebook(chromium, site, ada)
    graces, _ = notebook(chromium, site, graces_account)
    goal(adas).fill("Ada’s words")
    kept(adas)

    goal(graces).fill("Grace’s words")
    graces.locator("[data-autosave-status]", has_text="Both texts are kept").wait_for()
    graces.reload()
    graces.get_by_role("button", name="Add it to the note").click()

    graces.get_by_text("Both of you read and write here").wait_for()
    assert goal(graces).input_value() == "Ada’s words\n\nGrace’s words"
    assert session.scalars(select(NoteAside)).all() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_fit_and_read_well(chromium, site, session, pair, ada, graces_account, scheme, width):
    writer = Writer(pair, ada.id, utcnow())
    paper = write(
        session, writer, Kind.GOAL, Goal("I lead the redesign.", was="no", wanted="yes"), base=0, goal=public_id()
    )
    steps = (Step(public_id(), "One page on the problem", NEXT_TUESDAY.date()), Step(public_id(), "Three who disagree"))
    write(session, writer, Kind.PLAN, Plan(steps), base=0)
    write(session, writer, Kind.PLAN, Plan(steps[:1]), base=1, why="The team has changed.")
    for weeks, confidence in ((5, 3), (4, 4), (3, 3), (2, 6), (1, 7)):
        back = Writer(pair, ada.id, utcnow() - weeks * WEEK)
        day = back.now.date()
        score(session, back, paper.id, day=day, confidence=confidence, attainment=confidence // 3 - 2)
        check_in(session, back, today=day, progress=confidence, is_stuck=weeks == 3, words="It goes on.")
    session.commit()
    page, said = opened(chromium, width=width, color_scheme=scheme)
    wrong: list[object] = []
    sign_in(page, site, ada)
    at = f"/mentorships/{pair.public_id}"
    for path in (
        "/mentorships",
        at,
        f"{at}/goals/{paper.public_id}",
        f"{at}/plan",
        f"{at}/plan/edit",
        f"{at}/agreement/edit",
        f"{at}/check-in",
        f"{at}/portfolio",
        f"{at}/fit",
        f"{at}/end",
        f"{at}/onwards",
        "/suggestions",
        "/sessions/s3/notes",
    ):
        page.goto(f"{site}{path}")
        wrong += [
            (path, each["id"], [node["html"][:100] for node in each["nodes"]])
            for each in Axe().run(page, options=RULES).response["violations"]
        ]
        wrong += [(path, "too wide")] if page.evaluate("document.documentElement.scrollWidth") > width else []

    assert wrong == []
    assert said == []


@pytest.fixture
def wanted(session, pair, ada, grace):
    """Ada has a goal of her own with Grace, and a programme; Edsger knows what Grace does."""
    write(session, Writer(pair, ada.id, utcnow()), Kind.GOAL, Goal("I lead the redesign."), base=0, goal=public_id())
    _, purchase = make_sale(session, make_programme(session, grace, position=1), ada, NEXT_TUESDAY + WEEK)
    paid = session.execute(select(Payment).where(Payment.purchase_id == purchase.id)).scalar_one()
    paid.paid_minor = purchase.gross_minor
    edsger = make_mentor(session, "Edsger Example", slug="edsger")
    offering = make_offering(session, edsger)
    session.commit()
    return offering


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_ending_is_read_pressed_once_and_what_was_wanted_comes_along(
    chromium, site, session, ada, pair, wanted, script
):
    page, said = opened(chromium, java_script_enabled=script)
    sign_in(page, site, ada)
    page.goto(f"{site}/mentorships/{pair.public_id}")
    page.get_by_role("link", name="End it", exact=True).click()
    page.get_by_text("You get €552.00 back.").wait_for()

    page.get_by_role("button", name="End it, €552.00 back").click()
    page.get_by_role("heading", name="Another mentor").wait_for()
    expect(page.get_by_label("I lead the redesign.")).to_be_checked()
    page.get_by_role("button", name="Take it along to Edsger Example").click()
    page.get_by_text("It comes along with the first session that you book here.").wait_for()

    make_sale(session, wanted, ada, NEXT_TUESDAY + 2 * WEEK)
    session.commit()
    page.goto(f"{site}/mentorships")
    page.get_by_role("link", name="Edsger Example").click()
    page.get_by_text("I lead the redesign.").wait_for()
    expect(page.get_by_text("waits for Edsger Example")).to_be_visible()
    assert said == []


def test_a_mentorship_is_lived_by_keyboard_alone(chromium, site, session, ada, wanted):
    """A goal, a week, a note and the end; each stop on the way shows where the focus is."""
    page, said = opened(chromium, width=1280, reduced_motion="reduce")
    sign_in(page, site, ada)
    page.goto(f"{site}/mentorships")
    press(page, "link", "Grace Example")
    press(page, "link", "Set a goal")
    fill(page, "What you want to be able to do", "I say no in time.")
    press(page, "button", "Save")
    page.get_by_role("heading", name="I say no in time.").wait_for()
    press(page, "link", "Mentorship with Grace Example")
    press(page, "link", "Check in (20 seconds)")
    fill(page, "How far did you come this week? (0 to 10)", "6")
    fill(page, "In one line", "Two meetings fewer.")
    press(page, "button", "Check in")
    page.get_by_text("Two meetings fewer.").first.wait_for()

    page.goto(f"{site}/sessions/s3/notes")
    fill(page, "Goal", "Say no once")
    kept(page)
    page.goto(f"{site}/mentorships")
    press(page, "link", "Grace Example")
    press(page, "link", "End it")
    press(page, "button", "End it, €552.00 back")

    page.get_by_role("heading", name="Another mentor").wait_for()
    assert [note.words for note in session.scalars(select(SessionNote))] == ["Say no once"]
    assert said == []
