"""A process of its own that goes a way of money and is ended by SIGKILL at a point: `dying.py FLOW NUMBER`."""

import os
import sys

from marketplace.core.config import Settings
from tests.conftest import MovableClock
from tests.races.flows import FLOW
from tests.races.points import Points, watched
from tests.races.worlds import world_of

settings = Settings.from_env(os.environ)
assert settings.clock_offset_file is not None
world = world_of(settings, MovableClock(settings.clock_offset_file))
with watched(Points(int(sys.argv[2]), by_signal=True)):
    FLOW[sys.argv[1]].run(world)
