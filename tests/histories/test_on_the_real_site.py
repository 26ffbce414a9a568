"""Random histories on the database and the stand-in: whatever happens, in whatever order, every promise is kept."""

import os
from dataclasses import replace

import pytest

from tests.histories.at_stripe import OurStripe
from tests.histories.dying import mortal
from tests.histories.moves import history
from tests.histories.run import Ending, broken
from tests.histories.site import Site

FROM, COUNT = int(os.environ.get("HISTORIES_FROM", "0")), int(os.environ.get("HISTORIES_REAL", "200"))
LENGTH = int(os.environ.get("HISTORIES_LENGTH", "18"))

HOUSES: list[dict[str, str]] = [
    {},
    {"withdrawal": "eu"},
    {"tax": "exclusive"},
    {"tax": "inclusive", "withdrawal": "eu"},
]
"""How the site is set up; every kind of ending comes with each."""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(FROM, FROM + COUNT))
def test_whatever_happens_every_promise_is_kept(app, settings, clock, seed):
    with mortal() as fate:
        site = Site(app, replace(settings, **HOUSES[seed % len(HOUSES)]), clock, OurStripe(settings), fate)
        found = broken(site, history(seed, LENGTH), list(Ending)[seed % len(Ending)])

    assert not found, "\n".join([f"seed {seed}", *found])
