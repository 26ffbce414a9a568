"""A bank takes a payment back: the operator reads what the site knows, and answers."""

import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
from playwright.sync_api import Page

from marketplace.demo.people import ADA, OLGA
from tools.demo.place import STRIPE_KEY
from tools.shots.cast import PATIENCE_SECONDS, Cast, book, choose
from tools.shots.scene import Scene

AS_THE_SITE = {"Authorization": f"Bearer {STRIPE_KEY}"}


def disputing(cast: Cast) -> Iterator[Scene]:
    """Ada's bank wants the payment for a session with Edsger back, before it has taken place."""
    page, url = cast.person(ADA.email), cast.stage.url
    page.goto(f"{url}/mentors/edsger-example")
    choose(page, "Friday 11 December", "14:30")
    book(page)
    checkout = urlsplit(page.url)
    page.get_by_role("button", name=re.compile("^Pay €")).click()
    page.get_by_role("link", name="See the session").click()
    session = page.url
    operator = cast.person(OLGA.email, OLGA.zone)
    operator.goto(f"{url}/operator/disputes")
    yield Scene("operator-disputes", "nothing waits", operator)
    _bank_takes_the_newest(f"{checkout.scheme}://{checkout.netloc}")
    _until_it_is_known(operator, f"{url}/operator/disputes")
    yield Scene("operator-disputes", "one waits", operator)
    yield from _letting_the_bank_read(page, url, session)
    operator.locator("a.cover").first.click()
    yield Scene("operator-disputes", "what the site knows", operator)
    operator.get_by_label("In your own words").fill("The session is still to come, and can be called off without cost.")
    operator.get_by_role("button", name="Preview").click()
    yield Scene("operator-disputes", "read once more", operator)
    operator.get_by_role("button", name="Send it to the bank").click()
    operator.get_by_text("has sent it.").wait_for()
    yield Scene("operator-disputes", "sent", operator)
    page.goto(session)
    yield Scene("session", "its payment is disputed", page)


def _letting_the_bank_read(page: Page, url: str, session: str) -> Iterator[Scene]:
    """Ada ticks one message of hers."""
    page.goto(session)
    chooses = page.get_by_role("link", name="Choose messages or shared notes").get_attribute("href") or ""
    page.goto(url + chooses.split("/sessions/")[0] + "/messages")
    page.get_by_label("Your message").fill("My bank asks about this payment. It must be a mistake: I did book it.")
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("It must be a mistake").wait_for()
    page.goto(url + chooses)
    page.get_by_role("button", name="Let the bank read what is ticked").click()
    yield Scene("for-the-bank", "nothing is ticked", page)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Let the bank read what is ticked").click()
    yield Scene("session", "a message is attached for the bank", page)


def _bank_takes_the_newest(stripe: str) -> None:
    intents = requests.get(f"{stripe}/v1/checkout/sessions?limit=1", headers=AS_THE_SITE, timeout=10).json()["data"]
    path = f"{stripe}/_sandbox/payments/{intents[0]['payment_intent']}/dispute"
    requests.post(path, data={"reason": "unrecognized"}, headers=AS_THE_SITE, timeout=10).raise_for_status()


def _until_it_is_known(page: Page, queue: str) -> None:
    """The event comes, and the worker looks."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        page.goto(queue)
        if page.locator("a.cover").count():
            return
        time.sleep(0.2)
    raise TimeoutError("no dispute is known")
