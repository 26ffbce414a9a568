"""Paying less than the list price, and what else an operator sees of money that is not as listed."""

import re
from collections.abc import Iterator

from marketplace.demo.people import OLGA, WANJIRU
from payments.domain.withdrawal import VERSION
from tools.shots.cast import Cast, book, choose
from tools.shots.scene import Scene


def paying_less(cast: Cast) -> Iterator[Scene]:
    """Wanjiru, who is a mentor too, has a code for all of the price."""
    page, url = cast.person(WANJIRU.email, WANJIRU.zone), cast.stage.url
    page.goto(f"{url}/mentors/edsger-example")
    choose(page, "Thursday 10 December", "16:30")
    book(page)
    page.get_by_label("Promotion code").fill("WINTER")
    page.get_by_role("button", name="Apply").click()
    yield Scene("checkout", "a code that is not valid", page)
    page.get_by_label("Promotion code").fill("GUEST")
    page.get_by_role("button", name="Apply").click()
    yield Scene("checkout", "a code for all of the price", page)
    page.get_by_role("button", name="Confirm").click()
    yield Scene("returned", "confirmed with a code", page)
    page.get_by_role("link", name="See the session").click()
    bought = page.url
    yield Scene("session", "bought with a code", page)
    page.goto(f"{bought}/receipt")
    yield Scene("receipt", "nothing was to pay", page)
    page.goto(f"{bought}/cancel")
    yield Scene("cancel", "nothing goes back", page)
    page.get_by_role("button", name=re.compile("^Cancel the session")).click()
    page.goto(f"{url}/withdrawal/{VERSION}")
    yield Scene("withdrawal", "its text", page)
    operator = cast.person(OLGA.email, OLGA.zone)
    operator.goto(f"{url}/operator/exchanges")
    yield Scene("operator-exchanges", "none", operator)
