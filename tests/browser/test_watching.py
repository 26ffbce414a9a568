"""The other tests can fail: what they look out for is found when it is there."""

import os
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from marketplace.core.config import ROOT
from tests.browser.keyboard import tab_to
from tests.browser.test_every_page import faults_of
from tools.shots.chromium import Chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]


def spoilt(page: Page, name: str, rules: str) -> None:
    """The page gets its stylesheet or script with this at the end."""
    whole = (ROOT / "static" / name).read_text() + rules
    kind = "text/css" if name.endswith(".css") else "text/javascript"

    def answer(route: Route) -> None:
        route.fulfill(body=whole, content_type=kind)

    page.route(f"**/static/{name}*", answer)


def within_a_second(page: Page, true: Callable[[], bool]) -> bool:
    for _ in range(20):
        if true():
            return True
        page.wait_for_timeout(50)
    return False


FORBIDDEN = 'document.head.append(Object.assign(document.createElement("script"), { textContent: "1" }))'


@pytest.mark.parametrize(
    ("noise", "sign"),
    [
        pytest.param('console.info("left over")', "left over", id="a word on the console"),
        pytest.param(FORBIDDEN, "violates the following Content Security Policy", id="what the policy forbids"),
        pytest.param('fetch("/nothing-here")', "404: http", id="a part that is not there"),
        pytest.param("missing()", "missing is not defined", id="an error"),
    ],
)
def test_a_complaint_is_heard(cast, stage, watch, noise, sign):
    page = cast.visitor()
    spoilt(page, "officehours.js", noise)

    page.goto(stage.url)

    heard = within_a_second(page, lambda: any(sign in each for each in watch.complaints))
    cast.leave()
    watch.complaints.clear()
    assert heard


def test_a_stop_that_is_not_marked_is_found(cast, stage):
    page = cast.visitor()
    spoilt(page, "officehours.css", ":focus-visible { outline: none !important }")
    page.goto(f"{stage.url}/sign-in")

    with pytest.raises(AssertionError, match="not marked"):
        tab_to(page, page.get_by_label("Password"))


@pytest.mark.parametrize(
    ("rules", "sign"),
    [
        pytest.param(".soft, .lead { color: #ccc }", "color-contrast", id="words too pale"),
        pytest.param("h1 { width: 30rem }", " px wide", id="wider than the screen"),
    ],
)
def test_a_page_that_reads_badly_is_found(cast, stage, rules, sign):
    page = cast.visitor()
    spoilt(page, "officehours.css", rules)

    page.goto(stage.url)

    assert any(sign in str(fault) for _, fault in faults_of(page))


def test_a_browser_that_hangs_is_ended_and_the_next_one_is_new(chromium_of_the_module: Chromium):
    hanging = chromium_of_the_module.browser()
    hanging.new_page()
    os.kill(chromium_of_the_module.process, signal.SIGSTOP)

    chromium_of_the_module.leave(patience=0.5)

    assert not hanging.is_connected()
    page = chromium_of_the_module.browser().new_page()
    assert page.evaluate("6 * 7") == 42
    chromium_of_the_module.leave()
