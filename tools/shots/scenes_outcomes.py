"""What became of a session, when its two people do not agree."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from playwright.sync_api import Page

from marketplace.demo.people import ALAN, KATHERINE, OLGA
from tools.shots.cast import Cast
from tools.shots.scene import Scene
from tools.shots.stage import Stage

HALF_A_DAY = timedelta(hours=12)
LAST_MINUTES = timedelta(minutes=6)


def meeting(cast: Cast) -> Iterator[Scene]:
    """Alan's call with Katherine is on, unless another chapter has let it pass already."""
    page, stage = cast.person(ALAN.email, ALAN.zone), cast.stage
    session = _first_call(page, stage)
    page.goto(session)
    clock = page.locator("[data-session-clock]")
    if clock.count() == 0:
        return
    end = datetime.fromisoformat(clock.get_attribute("data-ends") or "")
    if stage.now() < end - LAST_MINUTES:
        stage.advance(end - LAST_MINUTES - stage.now())
        page.goto(f"{session}/notes")
        yield Scene("notebook", "its session is on", page)


def saying_how_it_was(cast: Cast) -> Iterator[Scene]:
    """Alan's call with Katherine is over: he says that she did not come, she says that it took place."""
    page, url = cast.person(ALAN.email, ALAN.zone), cast.stage.url
    session = _first_call(page, cast.stage)
    _until_it_is_over(cast, page, session)
    yield Scene("session", "over", page)
    page.get_by_role("link", name="It did not take place, or there was a problem").click()
    yield Scene("how-it-was", "what can be said", page)
    page.get_by_role("button", name="Say it").click()
    yield Scene("how-it-was", "nothing was chosen", page)
    _say(page, "other_missing")
    yield Scene("session", "one has spoken", page)
    other = cast.person(KATHERINE.email, KATHERINE.zone)
    other.goto(f"{url}/desk")
    yield Scene("desk", "an answer is waited for", other)
    other.goto(f"{session}/how-it-was")
    _say(other, "took_place")
    operator = cast.person(OLGA.email, OLGA.zone)
    operator.goto(f"{url}/operator/claims")
    yield Scene("operator-claims", "one waits", operator)
    operator.get_by_role("link", name="Fit call").click()
    yield Scene("operator-claims", "what each of them says", operator)
    _on_to_a_morning(cast.stage)


def _first_call(page: Page, stage: Stage) -> str:
    """Its address."""
    page.goto(f"{stage.url}/sessions")
    return f"{stage.url}{page.get_by_role('link', name='Fit call').first.get_attribute('href')}"


def _until_it_is_over(cast: Cast, page: Page, session: str) -> None:
    for _ in range(14):
        page.goto(session)
        if page.get_by_role("heading", name="How was it?").count():
            return
        cast.stage.advance(HALF_A_DAY)


def _on_to_a_morning(stage: Stage) -> None:
    """Of the next working day, where mentors are at work again and read their letters: for the chapters after this."""
    now = stage.now()
    days = 1 if now.isoweekday() < 5 else 8 - now.isoweekday()
    stage.open_at(now.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=days))


def _say(page: Page, said: str) -> None:
    page.locator(f'input[name="said"][value="{said}"]').check()
    page.get_by_role("button", name="Say it").click()
