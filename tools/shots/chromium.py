"""Chromium without a screen, as the contact sheets and the browser tests use it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

PROGRAM = "/usr/bin/chromium"
LIMIT_MS = 20_000
"""No call to the browser may take longer."""
_SILENT = ("gpu", "quic", "background-networking", "component-update", "sync")


@contextmanager
def chromium() -> Iterator[Browser]:
    """While it is open no asyncio loop can be run in this thread: Playwright has one going."""
    arguments = ["--no-first-run", *(f"--disable-{each}" for each in _SILENT)]
    if os.geteuid() == 0:  # Chromium refuses to put itself into a sandbox as root
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=arguments, timeout=60_000)
        yield browser
        browser.close()
