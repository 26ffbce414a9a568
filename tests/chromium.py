"""Chromium for the tests of a module, and all that a test has opened in it closed after the test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tools.shots.chromium import Chromium
from tools.shots.chromium import chromium as launched


@pytest.fixture(scope="module")
def chromium_of_the_module() -> Iterator[Chromium]:
    """Not for a whole run: while Playwright is at work, nothing else can use asyncio in this process."""
    with launched() as running:
        yield running


@pytest.fixture
def chromium(chromium_of_the_module: Chromium) -> Iterator[Browser]:
    yield chromium_of_the_module.browser()
    chromium_of_the_module.leave()
