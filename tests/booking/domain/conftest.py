"""The server's own clock, which must not matter."""

import time
from collections.abc import Iterator

import pytest


@pytest.fixture
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Its time zone, given as the parameter of a test (`indirect`)."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()
