"""Random histories on the database and the stand-in: whatever happens, in whatever order, every promise is kept."""

import os

import pytest

from tests.histories.dying import mortal
from tests.histories.moves import drawn, with_banks, with_outcomes
from tests.histories.run import Ending, broken
from tests.histories.site import Site

FROM, COUNT = int(os.environ.get("HISTORIES_FROM", "0")), int(os.environ.get("HISTORIES_REAL", "200"))
LENGTH = int(os.environ.get("HISTORIES_LENGTH", "18"))

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(FROM, FROM + COUNT))
def test_whatever_happens_every_promise_is_kept(app, settings, clock, stripe_side, seed):
    with mortal() as fate:
        site = Site(app, settings, clock, stripe_side, fate)
        found = broken(
            site, with_banks(seed, with_outcomes(seed, drawn(seed, LENGTH))), list(Ending)[seed % len(Ending)]
        )

    assert not found, "\n".join([f"seed {seed}", *found])
