"""Chromium without a screen, as the contact sheets and the browser tests use it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer

from playwright.sync_api import Browser, BrowserType, Error, sync_playwright

PROGRAM = "/usr/bin/chromium"
LIMIT_MS = 20_000
"""No call to the browser may take longer."""
PATIENCE_SECONDS = 30.0
_SILENT = ("gpu", "quic", "background-networking", "component-update", "sync")


class Chromium:
    """One browser at a time. Closing has no limit in Playwright: one that hangs is ended, and the next one is new."""

    def __init__(self, kind: BrowserType) -> None:
        self._kind = kind
        self._launch()

    def _launch(self) -> None:
        arguments = ["--no-first-run", *(f"--disable-{each}" for each in _SILENT)]
        if os.geteuid() == 0:  # Chromium refuses to put itself into a sandbox as root
            arguments.append("--no-sandbox")
        self._browser = self._kind.launch(executable_path=PROGRAM, args=arguments, timeout=60_000)
        session = self._browser.new_browser_cdp_session()
        processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
        session.detach()
        self.process = next(each["id"] for each in processes if each["type"] == "browser")

    def browser(self) -> Browser:
        if not self._browser.is_connected():
            self._launch()
        return self._browser

    def leave(self, patience: float = PATIENCE_SECONDS) -> None:
        """Closes every page."""
        with self._ended_after(patience):
            for context in self._browser.contexts:
                context.close()

    def close(self) -> None:
        with self._ended_after(PATIENCE_SECONDS):
            self._browser.close()

    @contextmanager
    def _ended_after(self, seconds: float) -> Iterator[None]:
        ending = Timer(seconds, os.kill, (self.process, signal.SIGKILL))
        ending.start()
        try:
            with suppress(Error):  # it was ended
                yield
        finally:
            ending.cancel()


@contextmanager
def chromium() -> Iterator[Chromium]:
    """While it is open no asyncio loop can be run in this thread: Playwright has one going."""
    with sync_playwright() as playwright:
        running = Chromium(playwright.chromium)
        yield running
        running.close()
