"""Who walks the pages: visitors and signed-in people, each in a browser of their own, and what they do."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Browser, Page

from marketplace.demo.people import PASSWORD
from tools.shots.chromium import LIMIT_MS
from tools.shots.stage import Stage

WIDE, HIGH = 1280, 800
PATIENCE_SECONDS = 30.0
WATCHED_BY_NOBODY: Callable[[Page], None] = lambda _page: None  # noqa: E731 - a default, not a function of ours


@dataclass
class Cast:
    """`watch` sees every page before it is used."""

    browser: Browser
    stage: Stage
    watch: Callable[[Page], None] = WATCHED_BY_NOBODY

    def visitor(self, zone: str = "Europe/Stockholm", **given: object) -> Page:
        """In a browser that has never been here."""
        options: dict[str, object] = {
            "viewport": {"width": WIDE, "height": HIGH},
            "timezone_id": zone,
            "locale": "en-GB",
            "reduced_motion": "reduce",
            "bypass_csp": False,
        }
        context = self.browser.new_context(**{**options, **given})  # type: ignore[arg-type]  # Playwright's names
        context.set_default_timeout(LIMIT_MS)
        context.on("page", self.watch)
        return context.new_page()

    def person(self, email: str, zone: str = "Europe/Stockholm", **given: object) -> Page:
        """Signed in through the form."""
        page = self.visitor(zone, **given)
        page.goto(f"{self.stage.url}/sign-in")
        sign_in(page, email)
        return page

    def leave(self) -> None:
        for context in self.browser.contexts:
            context.close()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """On the sign-in page."""
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_up(page: Page, name: str, email: str, password: str = PASSWORD) -> None:
    """On the sign-up page."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign up", exact=True).click()


def choose(page: Page, day: str, clock: str) -> None:
    """On a mentor's page: `choose(page, "Tuesday 8 December", "10:00")`."""
    page.get_by_role("link", name=re.compile(rf"^{day}, ")).click()
    page.get_by_role("link", name=clock, exact=True).click()
    page.locator("#book").wait_for()


def offer(page: Page, title: str) -> None:
    """On a mentor's page: choose what to book."""
    page.locator("a.offer", has_text=title).click()


def book(page: Page) -> None:
    """The one button of a chosen time; before a fit call three questions are answered."""
    for question in page.locator("textarea[data-draft^=fit-call]").all():
        question.fill("I would like to find that out together with you.")
    page.get_by_role("button", name=re.compile("^(Pay and book|Book) ")).click()


def letters_to(instance: Path, address: str) -> list[EmailMessage]:
    """Oldest first."""
    files = sorted((instance / "mail").glob("*.eml"))
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [letter for letter in letters if address in str(letter["To"])]


def letter_to(instance: Path, address: str, subject: str) -> EmailMessage:
    """Waits for the worker to have sent it. Raises TimeoutError."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        found = [each for each in letters_to(instance, address) if subject in str(each["Subject"])]
        if found:
            return found[-1]
        time.sleep(0.1)
    raise TimeoutError(f"No letter “{subject}” to {address}")


def link_in(letter: EmailMessage, url: str) -> str:
    """The first link to a page of the site but the first page."""
    body = letter.get_body(("plain",))
    found = re.search(rf"{re.escape(url)}/\S+", str(body.get_content()) if body else "")
    if found is None:
        raise LookupError(f"No link in “{letter['Subject']}”")
    return found.group()
