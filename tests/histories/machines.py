"""The site as it runs: web, worker and stand-in in processes of their own, which can be killed and start again."""

import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from marketplace.core.config import Settings
from payments.sandbox.process import start_sandbox
from tests.server import served, working

NAMES = ["web", "worker", "stripe"]


class Machines:
    def __init__(self, settings: Settings, clock_file: Path) -> None:
        self.settings, self.clock_file = settings, clock_file
        self.port = int(settings.public_url.rsplit(":", 1)[1])
        self.stripe_port = int(settings.stripe_api_base.rsplit(":", 1)[1])
        self._running: dict[str, tuple[int, ExitStack]] = {}

    def start(self, name: str) -> None:
        stack = ExitStack()
        self._running[name] = (stack.enter_context(self._machine(name)), stack)

    def kill(self, name: str) -> None:
        """At once, with its children, and started again after."""
        pid, stack = self._running.pop(name)
        for each in [*_children(pid), pid]:
            os.kill(each, signal.SIGKILL)
        stack.close()
        self.start(name)

    def stop(self) -> None:
        for _, stack in self._running.values():
            stack.close()

    def _machine(self, name: str) -> AbstractContextManager[int]:
        return {"web": self._web, "worker": self._worker, "stripe": self._stripe}[name]()

    @contextmanager
    def _web(self) -> Iterator[int]:
        with served(self.settings, port=self.port, workers=1) as server:
            yield server.process.pid

    @contextmanager
    def _worker(self) -> Iterator[int]:
        with working(self.settings) as process:
            yield process.pid

    @contextmanager
    def _stripe(self) -> Iterator[int]:
        process = start_sandbox(
            self.settings.instance / "stripe.sqlite",
            self.clock_file,
            port=self.stripe_port,
            key=self.settings.stripe_secret_key,
            webhook=f"{self.settings.public_url}/webhooks/stripe",
            webhook_secret=self.settings.stripe_webhook_secret,
        )
        try:
            yield process.pid
        finally:
            process.stop()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
