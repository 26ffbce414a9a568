"""A whole site with sample people at a fixed time: a stand-in for Stripe, a web, two with other settings, a worker."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

from marketplace.core.clock import Clock
from tools.demo.children import Bell, Child, finish, start, wait_until
from tools.demo.codes import make_codes
from tools.demo.past import TO_A_BANK
from tools.demo.place import HOST, STRIPE_KEY, Place, free_port

OPENS_AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
"""A Tuesday morning in winter; no clock changes anywhere near."""
WEB_OPTIONS = ["--workers=1", "--threads=8", "--graceful-timeout=3", "--no-control-socket"]


@dataclass(frozen=True, slots=True)
class Stage:
    """`demo_url` is the same site with the demo's pages and its bar, `dollars_url` as it is when it sells in dollars as
    well; all share a database, a clock and the stand-in at `stripe_url`."""

    url: str
    demo_url: str
    dollars_url: str
    stripe_url: str
    instance: Path
    clock_file: Path

    def now(self) -> datetime:
        return datetime.now(UTC) + self._clock().offset()

    def advance(self, by: timedelta) -> None:
        clock = self._clock()
        clock.move_to(clock.offset() + by)

    def open_at(self, at: datetime) -> None:
        self._clock().move_to(at - datetime.now(UTC))

    def _clock(self) -> Clock:
        clock = Clock()
        clock.follow(self.clock_file)
        return clock


@contextmanager
def staged(instance: Path, database_url: str) -> Iterator[Stage]:
    """Ends what it started, each by its own process id. Raises StartFailed when a part does not start."""
    place = Place(instance.resolve(), free_port(), free_port())
    demo_port, dollars_port = free_port(), free_port()
    stage = Stage(
        url=place.url,
        demo_url=f"http://{HOST}:{demo_port}",
        dollars_url=f"http://{HOST}:{dollars_port}",
        stripe_url=place.stripe_url,
        instance=place.instance,
        clock_file=place.clock_file,
    )
    stage.open_at(OPENS_AT)
    environment = place.environment(database_url)
    bell = Bell()
    with ExitStack() as to_end:

        def begin(name: str, module: list[str], **settings: str) -> Child:
            child = start(f"The {name}", place.log(name), module, environment | settings)
            to_end.callback(child.stop)
            return child

        stripe = begin("stripe", _stripe(place))
        finish(begin("preparation", ["tools.demo.prepare"]), bell)
        wait_until(lambda: b"stripe stand-in on" in stripe.log.read_bytes(), [stripe], bell)
        make_codes(place.stripe_url)
        finish(begin("weeks before", ["tools.demo.past", TO_A_BANK]), bell)
        web = begin("web", _web(place.port), DEMO="0")
        demo = begin("demo", _web(demo_port))
        dollars = begin("site in dollars", _web(dollars_port), DEMO="0", CURRENCIES="EUR,USD")
        worker = begin("worker", ["flask", "--app", "wsgi", "worker"])
        wait_until(_answers(f"{stage.url}/sign-in"), [web, worker], bell)
        wait_until(_answers(f"{stage.demo_url}/demo"), [demo, worker], bell)
        wait_until(_answers(f"{stage.dollars_url}/sign-in"), [dollars, worker], bell)
        yield stage


def _web(port: int) -> list[str]:
    return ["gunicorn", "wsgi:app", "--bind", f"{HOST}:{port}", *WEB_OPTIONS]


def _stripe(place: Place) -> list[str]:
    command = ["payments.sandbox", "--port", str(place.stripe_port), "--key", STRIPE_KEY]
    command += ["--state", str(place.instance / "stripe.sqlite"), "--clock-file", str(place.clock_file)]
    return [*command, "--webhook", f"{place.url}/webhooks/stripe", "--webhook-secret", place.webhook_secret]


def _answers(url: str) -> Callable[[], bool]:
    def answers() -> bool:
        try:
            return requests.get(url, timeout=5).ok
        except requests.RequestException:
            return False

    return answers
