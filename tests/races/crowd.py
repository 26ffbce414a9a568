"""Many people pressing *Pay and book* at the same moment, over HTTP."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier

import requests

from marketplace.accounts.models import User
from marketplace.core.formats import instant
from tests.factories import PASSWORD
from tests.web import ANSWERS, inputs


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants what of whom, when."""

    buyer: str
    slug: str
    offering_id: int
    start: datetime


class Crowd:
    """People with a signed-in browser each; signing in is done before, so that only the holds race."""

    def __init__(self, url: str, people: Sequence[User]) -> None:
        self.url = url
        with ThreadPoolExecutor(16) as pool:
            signed_in = list(pool.map(self._signed_in, [person.email for person in people]))
        self.browsers = dict(zip([person.email for person in people], signed_in, strict=True))

    def _signed_in(self, email: str) -> tuple[requests.Session, str]:
        browser = requests.Session()
        token = inputs(browser.get(f"{self.url}/sign-in", timeout=60).text)["csrf_token"]
        fields = {"csrf_token": token, "email": email, "password": PASSWORD}
        answer = browser.post(f"{self.url}/sign-in", data=fields, allow_redirects=False, timeout=60)
        assert answer.status_code == 303, answer.text
        return browser, inputs(browser.get(f"{self.url}/account", timeout=60).text)["csrf_token"]

    def press(self, wishes: Sequence[Wish]) -> list[requests.Response]:
        """All at once; answers in the order of the wishes."""
        start_together = Barrier(len(wishes))

        def one(wish: Wish) -> requests.Response:
            browser, token = self.browsers[wish.buyer]
            fields = {"csrf_token": token, "offering": str(wish.offering_id), "start": instant(wish.start), **ANSWERS}
            own = requests.Session()  # a second tab: the same cookies, its own connection
            own.cookies.update(browser.cookies)
            start_together.wait()
            return own.post(f"{self.url}/mentors/{wish.slug}/holds", data=fields, allow_redirects=False, timeout=120)

        with ThreadPoolExecutor(len(wishes)) as pool:
            return list(pool.map(one, wishes))


def statuses(answers: Sequence[requests.Response]) -> dict[int, int]:
    """How many answers had which status."""
    found = [answer.status_code for answer in answers]
    return {status: found.count(status) for status in sorted(set(found))}


def offers_other_times(answer: requests.Response) -> bool:
    return len(re.findall(r'href="[^"]*start=\d{4}-', answer.text)) >= 3
