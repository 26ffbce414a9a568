"""Every page in every state that the contact sheets show: axe finds nothing, and it fits the smallest screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.browser.people import mentee, mentor_in_helsinki
from tests.browser.steps import at_stripe, heading
from tools.shots.cast import WIDE, Cast
from tools.shots.scenes import CHAPTERS, Chapter
from tools.shots.sheets import VIEWS, set_view
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]
SMALLEST = 320
REFUSALS = {404, 409, 410, 422}
"""What pages in these states answer on purpose."""

# What takes a bank that is slow, or a second payment, stands in the rows at once.
slow_to_be_paid = text("""
    WITH slow AS (
        UPDATE payment SET status = 'processing' FROM purchase
        WHERE payment.purchase_id = purchase.id AND purchase.public_id = :purchase RETURNING purchase.id
    )
    UPDATE booking SET status = 'awaiting_payment', held_until = NULL FROM purchase_session, slow
    WHERE booking.id = purchase_session.booking_id AND purchase_session.purchase_id = slow.id
""")
paid_back = text("""
    INSERT INTO refund (payment_id, status, reason, amount_minor, currency, idempotency_key, stripe_refund_id,
                        created_at, looked_at)
    SELECT payment.id, 'succeeded', 'late', 8050, 'EUR', payment.public_id, payment.public_id, now(), now()
    FROM payment JOIN purchase ON purchase.id = payment.purchase_id WHERE purchase.public_id = :purchase
""")


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


@pytest.mark.parametrize(
    ("becomes", "says"),
    [
        pytest.param(slow_to_be_paid, "Your payment is on its way", id="a slow way to pay"),
        pytest.param(paid_back, "You get your money back", id="paid too late"),
    ],
)
def test_so_does_the_return_page_of_a_rare_case(cast: Cast, stage: Stage, rows: Session, becomes, says: str):
    page = at_stripe(cast, stage, mentor_in_helsinki(rows), mentee(rows))
    page.get_by_role("button", name="Leave without paying").click()
    purchase_id = page.url.split("/")[-2]
    rows.execute(becomes, {"purchase": purchase_id})
    rows.commit()

    page.goto(f"{stage.url}/checkout/{purchase_id}/return")

    heading(page, says)
    assert faults_of(page) == []


def faults_of(page: Page) -> list[tuple[str, object]]:
    """What is wrong in which view; leaves it wide and light."""
    found: list[tuple[str, object]] = []
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
