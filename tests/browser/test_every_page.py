"""Every page in every state that the contact sheets show: axe finds nothing, and it fits the smallest screen."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.services.settle_hold import await_payment
from marketplace.core import trimming
from marketplace.core.money import Money
from payments.domain.states import PaymentStatus
from payments.models.sales import Purchase
from payments.queries.sales import Sale, sale_of
from payments.services.refund import owe_refund
from tests.browser.people import mentee, mentor_in_helsinki
from tests.browser.steps import at_stripe, heading
from tests.pages.styles import unstyled
from tools.shots.cast import WIDE, Cast, letter_to
from tools.shots.scene import Chapter
from tools.shots.scenes import CHAPTERS
from tools.shots.sheets import VIEWS, set_view
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SMALLEST = 320
LEFT_OUT = trimming.classes_of(trimming.whole_bootstrap()) - trimming.classes_of(trimming.bootstrap())
"""Classes of Bootstrap that no template was seen to have."""
REFUSALS = {404, 409, 410, 422, 429}
"""What pages in these states answer on purpose."""


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda each: each.__name__)
def test_every_page_reads_well_for_everybody(cast: Cast, watch, chapter: Chapter):
    watch.refusals.update(REFUSALS)
    faults: dict[str, object] = {}
    scenes = 0

    for scene in chapter(cast):
        scenes += 1
        faults |= {f"{scene.sheet}, {scene.state}, {view}": fault for view, fault in faults_of(scene.page)}

    assert scenes >= 3
    assert faults == {}


def sold_to(page: Page, rows: Session) -> Sale:
    """What the address of a page after checkout names."""
    purchase_id = urlsplit(page.url).path.split("/")[2]
    return sale_of(rows, rows.scalars(select(Purchase).where(Purchase.public_id == purchase_id)).one())


def test_so_does_the_return_page_while_a_bank_is_slow(cast: Cast, stage: Stage, rows: Session):
    page = at_stripe(cast, stage, mentor_in_helsinki(rows), mentee(rows))
    page.get_by_role("button", name="Leave without paying").click()
    sale = sold_to(page, rows)
    assert sale.payment is not None
    sale.payment.status = PaymentStatus.PROCESSING
    await_payment(rows, sale.booking)
    rows.commit()

    page.goto(f"{stage.url}/checkout/{sale.purchase.public_id}/return")

    heading(page, "Your payment is on its way")
    assert faults_of(page) == []


def test_so_does_the_return_page_once_the_money_goes_back(cast: Cast, stage: Stage, rows: Session):
    email = mentee(rows)
    page = at_stripe(cast, stage, mentor_in_helsinki(rows), email)
    page.get_by_role("button", name="Pay €80.50").click()
    heading(page, "Booked: Tue 8 Dec, 10:00")
    sale, all_of_it = sold_to(page, rows), Money(8050, "EUR")
    assert sale.payment is not None
    owe_refund(rows, sale.payment, sale.purchase, sale.booking, reason="late", amount=all_of_it, now=stage.now())
    rows.commit()

    page.reload()

    heading(page, "You get your money back")
    assert faults_of(page) == []
    assert "€80.50" in str(letter_to(stage.instance, email, "back")["Subject"])


def faults_of(page: Page) -> list[tuple[str, object]]:
    """What is wrong in which view; leaves it wide and light."""
    used = page.evaluate("[...document.querySelectorAll('[class]')].flatMap((each) => [...each.classList])")
    found: list[tuple[str, object]] = [("any width", f"no style for {each}") for each in LEFT_OUT & set(used)]
    found += [("any width", f"its stylesheet is not loaded: {each}") for each in unstyled(page.content())]
    for width, scheme in VIEWS:
        set_view(page, width, scheme)
        found += [(f"{width} px, {scheme}", each) for each in violations(page)]
    set_view(page, SMALLEST, "light")
    if (width := page.evaluate("document.documentElement.scrollWidth")) > SMALLEST:
        found.append((f"{SMALLEST} px", f"{width} px wide"))
    set_view(page, WIDE, "light")
    return found


def violations(page: Page) -> list[str]:
    """What is wrong, and at which element."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]
