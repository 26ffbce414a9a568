"""Histories with real processes: web, worker and stand-in are killed while people buy, pay and leave."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
import requests
from sqlalchemy import select

from marketplace.core.formats import instant
from payments.models.sales import Purchase
from tests.factories import make_mentor, make_offering, make_user
from tests.histories import promises
from tests.histories.machines import NAMES, Machines
from tests.histories.sold import sold
from tests.payments.conftest import TEN
from tests.races.crowd import Crowd
from tests.stripe_side import StripeSide, wait_until
from tools.demo.place import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ROUNDS, SLOTS = 8, [TEN + timedelta(days=day, minutes=30 * day) for day in (0, 0, 1, 2, 6, 7)]


@pytest.fixture
def there(settings):
    return replace(
        settings,
        public_url=f"http://127.0.0.1:{free_port()}",
        stripe_api_base=f"http://127.0.0.1:{free_port()}",
    )


@pytest.fixture
def machines(there, clock) -> Iterator[Machines]:
    running = Machines(there, clock.file)
    for name in ("stripe", "web", "worker"):
        running.start(name)
    yield running
    running.stop()


class People:
    """Whatever they ask may be cut off; then they know nothing, like anybody whose page did not load."""

    def __init__(self, session, there, rng):
        mentor = make_mentor(session)
        self.slug, self.offering = mentor.slug, make_offering(session, mentor).id
        mentees = [make_user(session, name) for name in ("Ada Example", "Alan Example", "Barbara Example")]
        session.commit()
        self.session, self.rng, self.url = session, rng, there.public_url
        self.stripe = StripeSide(there)
        self.emails = [mentee.email for mentee in mentees]
        self.crowd = Crowd(there.public_url, mentees)

    def something(self) -> Callable[[], object]:
        email, start = self.rng.choice(self.emails), self.rng.choice(SLOTS)
        purchases = self.session.scalars(select(Purchase.public_id).order_by(Purchase.id.desc()).limit(3)).all()
        self.session.commit()
        ways: list[Callable[[], object]] = [lambda: self._hold(email, start), self._pay, self._pay]
        if purchases:
            chosen = self.rng.choice(purchases)
            ways.append(lambda: self._get(email, f"/checkout/{chosen}/return"))
            ways.append(lambda: self._post(email, f"/checkout/{chosen}/give-back"))
        way: Callable[[], object] = self.rng.choice([ways[0], *ways])
        return way

    def _hold(self, email, start):
        self._post(email, f"/mentors/{self.slug}/holds", start=instant(start))

    def _post(self, email, path, **fields):
        browser, token = self.crowd.browsers[email]
        form = {"csrf_token": token, "offering": str(self.offering), **fields}
        browser.post(f"{self.url}{path}", data=form, allow_redirects=False, timeout=30)

    def _get(self, email, path):
        self.crowd.browsers[email][0].get(f"{self.url}{path}", allow_redirects=False, timeout=30)

    def _pay(self):
        for found in self.stripe.sessions()[:2]:
            self.stripe.pay(found["id"])


def quietly(something):
    try:
        something()
    except requests.RequestException:
        return


@pytest.mark.parametrize("seed", range(3))
def test_whoever_is_killed_every_promise_is_kept(session, there, clock, machines, seed):
    rng = Random(seed)
    people = People(session, there, rng)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(ROUNDS):
            asked = [pool.submit(quietly, people.something()) for _ in range(5)]
            wait(asked, return_when=FIRST_COMPLETED)
            machines.kill(rng.choice(NAMES))
            for each in asked:
                each.result()

    for _ in range(2):
        clock.advance(timedelta(minutes=40))
        wait_until(lambda: promises.when_quiet(session, people.stripe, set()) == [], seconds=90)

    assert sold(session)
