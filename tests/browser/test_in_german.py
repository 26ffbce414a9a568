"""The main path in German: chosen at the foot of the first page, and kept up to the letter and the calendar."""

import re
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Page, expect

from marketplace.demo.people import PASSWORD
from tests.browser.people import mentor_in_helsinki
from tests.browser.steps import heading
from tools.shots.cast import Cast, letter_to, link_in
from tools.shots.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

ON_THE_DAY = "Di., 8. Dez."


def speaks_german(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "de")


def sign_up(page: Page, email: str) -> None:
    page.get_by_role("link", name="Konto anlegen").last.click()
    page.get_by_label("Dein Name").fill("Edith Example")
    page.get_by_label("Mailadresse").fill(email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Konto anlegen").click()
    heading(page, "Sieh in deine Mail")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_visitor_chooses_german_and_is_spoken_to_in_it_to_the_end(
    cast: Cast, stage: Stage, rows, script: bool
) -> None:
    mentor = mentor_in_helsinki(rows)
    email = f"edith-{uuid4().hex[:8]}@example.org"
    page = cast.visitor("Europe/Amsterdam", java_script_enabled=script)
    begins = "11:00"

    page.goto(stage.url + mentor.path)
    page.get_by_role("button", name="Deutsch").click()
    speaks_german(page)
    assert page.url == stage.url + mentor.path, "the choice leads back to where it was made"
    expect(page.locator("summary").first).to_contain_text("Zeiten in Europe/Amsterdam")

    page.get_by_role("link", name=re.compile("^Dienstag, 8. Dezember, ")).click()
    page.get_by_role("link", name=begins, exact=True).click()
    expect(page.locator(".lines").last).to_contain_text("80,50\xa0€")
    expect(page.locator("#book ~ p").first).to_contain_text("Kostenlos absagen oder verschieben bis Mo., 7. Dez.")
    sign_up(page, email)
    page.goto(link_in(letter_to(stage.instance, email, "Bestätige deine Adresse"), stage.url))
    page.get_by_role("button", name="Ja, meine Adresse bestätigen").click()
    expect(page.get_by_role("status")).to_contain_text("Deine Adresse ist bestätigt")

    page.get_by_role("button", name=f"{ON_THE_DAY}, {begins} zahlen und buchen").click()
    page.get_by_role("button", name="Pay €80.50").click()
    heading(page, f"Gebucht: {ON_THE_DAY}, {begins}")
    page.get_by_role("link", name="Sitzung ansehen").click()
    heading(page, f"Single session mit {mentor.name}")
    expect(page.locator(".state")).to_have_text("bestätigt")
    speaks_german(page)
    assert str(letter_to(stage.instance, email, "Gebucht")["Subject"]).endswith(f"{ON_THE_DAY}, {begins}")

    page.get_by_role("link", name="Kalender", exact=True).click()
    page.get_by_role("button", name="Kalenderadresse anlegen").click()
    address = page.get_by_label("Kalenderadresse").input_value()
    assert f"SUMMARY:Single session mit {mentor.name}" in requests.get(address, timeout=10).text.replace("\r\n ", "")


def test_a_small_screen_holds_long_german_words(cast: Cast, stage: Stage, rows) -> None:
    """At 360 pixels no page is wider than the screen."""
    mentor = mentor_in_helsinki(rows)
    page = cast.visitor(locale="de-DE", viewport={"width": 360, "height": 740})

    for path in ("/", "/search", mentor.path, "/sign-in", "/sign-up", "/how-we-rank"):
        page.goto(stage.url + path)
        speaks_german(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
