"""Chapters about accounts: what a person decides about their own, and how they come back into it."""

from collections.abc import Iterator

import pyotp

from marketplace.demo.people import BARBARA
from tools.shots.cast import Cast, book, choose, letter_to, link_in, offer, sign_in
from tools.shots.scene import Scene

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1"
MORE_THAN_MAY_BE = 11


def coming_back(cast: Cast) -> Iterator[Scene]:
    """A forgotten password, and too many guesses."""
    page, url, instance = cast.visitor(), cast.stage.url, cast.stage.instance
    page.goto(f"{url}/forgotten")
    yield Scene("forgotten", "empty", page)
    page.get_by_label("Mail address").fill(BARBARA.email)
    page.get_by_role("button", name="Send me a link").click()
    yield Scene("forgotten", "asked for", page)
    page.goto(link_in(letter_to(instance, BARBARA.email, "A new password"), url))
    yield Scene("reset", "a new password", page)
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Keep this password").click()
    yield Scene("reset", "too short", page)
    page.goto(f"{url}/reset/made-up")
    yield Scene("reset", "a link that does not work", page)
    page.goto(f"{url}/sign-in")
    for _ in range(MORE_THAN_MAY_BE):
        sign_in(page, "nobody@example.org", "a wrong password")
    page.get_by_text("tried too often").first.wait_for()
    yield Scene("sign-in", "tried too often", page)


def keeping_an_account(cast: Cast) -> Iterator[Scene]:
    """Barbara's account, from her name to closing it."""
    url = cast.stage.url
    cast.person(BARBARA.email, user_agent=PHONE)
    page = cast.person(BARBARA.email, "Asia/Tokyo", user_agent=FIREFOX)
    page.goto(f"{url}/account")
    page.reload()  # by now the browser has said where it is
    yield Scene("account", "on a journey", page)
    page.get_by_label("Quiet from").fill("22:00")
    page.get_by_role("button", name="Save").click()
    yield Scene("account", "with an error", page)
    page.goto(f"{url}/account/sign-ins")
    yield Scene("sign-ins", "two browsers", page)
    page.goto(f"{url}/account/password")
    yield Scene("change-password", "empty", page)
    page.goto(f"{url}/account/address")
    yield Scene("change-address", "empty", page)
    page.get_by_label("New mail address").fill("barbara.new@example.org")
    page.get_by_role("button", name="Send the link").click()
    yield Scene("account", "another address asked for", page)
    link = link_in(letter_to(cast.stage.instance, "barbara.new@example.org", "Confirm your new"), url)
    page.goto(link)
    yield Scene("move-address", "the link from the mail", page)
    page.goto(f"{url}/address/made-up")
    yield Scene("move-address", "a link that does not work", page)
    page.goto(f"{url}/account")
    page.get_by_role("button", name="Keep the old one").click()
    page.goto(f"{url}/account/confirm")
    yield Scene("confirm-password", "asked again", page)

    page.goto(f"{url}/account/second-step")
    yield Scene("second-step", "setting it up", page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    yield Scene("second-step", "a wrong code", page)
    secret = page.locator("#second-step-key").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(pyotp.TOTP(secret).at(cast.stage.now()))
    page.get_by_role("button", name="Turn it on").click()
    yield Scene("second-step", "the recovery codes", page)
    page.goto(f"{url}/account/second-step")
    yield Scene("second-step", "on", page)
    other = cast.person(BARBARA.email)
    yield Scene("sign-in", "the second step", other)
    page.get_by_role("button", name="Turn it off").click()

    page.goto(f"{url}/account/close")
    yield Scene("close-account", "can be closed", page)
    page.goto(f"{url}/mentors/lucia-sample")
    offer(page, "Fit call")
    choose(page, "Friday 11 December", "13:00")
    book(page)
    page.get_by_role("link", name="Join the session").wait_for()
    page.goto(f"{url}/account/close")
    yield Scene("close-account", "not yet", page)
