"""When the money reaches a mentor's bank, and when it does not."""

from __future__ import annotations

from collections.abc import Iterator

import requests
from playwright.sync_api import Page

from marketplace.demo.people import DONALD, OLGA, WANJIRU
from tools.shots.cast import Cast
from tools.shots.scene import Scene
from tools.shots.scenes_disputes import AS_THE_SITE
from tools.shots.stage import Stage

PATIENCE = 100


def reaching_the_bank(cast: Cast) -> Iterator[Scene]:
    """Wanjiru's first share has arrived and her second is on its way, until her bank sends it back."""
    url = cast.stage.url
    idle = cast.person(DONALD.email, DONALD.zone)
    idle.goto(f"{url}/desk/earnings")
    yield Scene("desk-earnings", "nothing yet", idle)
    page = cast.person(WANJIRU.email, WANJIRU.zone)
    page.goto(f"{url}/desk/earnings")
    yield Scene("desk-earnings", "at the bank, and on its way there", page)
    _bank_sends_back(cast.stage)
    _hold_against_stripe(cast.person(OLGA.email, OLGA.zone), url)
    page.goto(f"{url}/desk/earnings")
    page.get_by_text("did not arrive").wait_for()
    yield Scene("desk-earnings", "one did not arrive", page)
    page.goto(f"{url}/desk/getting-paid")
    yield Scene("desk-getting-paid", "a payout did not arrive", page)


def _bank_sends_back(stage: Stage) -> None:
    """Whatever is on its way to a bank; before this chapter only hers is."""
    transfers = requests.get(f"{stage.stripe_url}/v1/transfers?limit=100", headers=AS_THE_SITE, timeout=30).json()
    for account in {each["destination"] for each in transfers["data"]}:
        as_theirs = {**AS_THE_SITE, "Stripe-Account": account}
        payouts = requests.get(f"{stage.stripe_url}/v1/payouts", headers=as_theirs, timeout=30).json()
        for payout in payouts["data"]:
            if payout["status"] == "in_transit":
                lever = f"{stage.stripe_url}/_sandbox/payouts/{payout['id']}"
                sent_back = {"outcome": "failed", "reason": "invalid_account_number"}
                requests.post(lever, headers=AS_THE_SITE, data=sent_back, timeout=30).raise_for_status()


def _hold_against_stripe(operator: Page, url: str) -> None:
    """At once, and not hours later as the worker does by itself."""
    operator.goto(f"{url}/operator/reconcile")
    operator.get_by_role("button", name="Look now").click()
    for _ in range(PATIENCE):
        operator.goto(f"{url}/operator/reconcile")
        if operator.get_by_text("was in_transit, is failed").count():
            return
        operator.wait_for_timeout(200)
