"""A site of its own for each test of a race."""

from collections.abc import Iterator

import pytest

from marketplace.core.config import Settings
from marketplace.core.db import db
from tests.conftest import MovableClock
from tests.races.acts import World
from tests.races.worlds import world_of


@pytest.fixture
def world(settings: Settings, clock: MovableClock) -> Iterator[World]:
    world = world_of(settings, clock)
    yield world
    with world.app.app_context():
        db.engine.dispose()
