"""How long pages of search take with ten thousand mentors, against the same pages with a hundred.

Both sites stand in one PostgreSQL and are asked in turn, so that what else the machine does meets both alike. A list of
twenty takes longer than one of three, so two kinds of pages are told apart: those that are full on both sites, whose
ratio counts, and those of what only a few of a hundred have, which would measure how much there is to show.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from flask.testing import FlaskClient

from marketplace.app import create_app
from marketplace.core.config import Settings
from marketplace.core.db import db
from tools.bench.mentors import add_mentors
from tools.bench.serving import database, environment

FEW, MANY = 100, 10_000
FULL = {
    "everybody": "/search",
    "a later page": "/search?page=3",
    "a word": "/search?q=second",
    "a typo": "/search?q=secnod",
    "filters": "/search?language=de&price=90&currency=EUR&within=7&hours=y",
}
"""Pages with PER_PAGE mentors on either site."""
RARE = {
    "a topic": "/search?q=python",
    "needs": "/search?q=compilers, machine learning, hiring",
}


def measure(rounds: int = 60, many: int = MANY) -> dict[str, object]:
    """`ratio` is that of the full page that suffers most; milliseconds are the slowest twentieth (p95) of each page."""
    pages = {**FULL, **RARE}
    with site(FEW) as few, site(many) as large:
        gc.freeze()  # as wsgi.py does
        taken: dict[tuple[str, int], list[float]] = {(page, size): [] for page in pages for size in (FEW, many)}
        for number in range(-3, rounds):
            for page, path in pages.items():
                for size, client in ((FEW, few), (many, large)):
                    took = milliseconds(client, path)
                    if number >= 0:  # the first ones prepare what stays
                        taken[page, size].append(took)
    slowest = {key: quantiles(times, n=20)[-1] for key, times in taken.items()}
    told = {page: {"ratio": slowest[page, many] / slowest[page, FEW], "p95_ms": slowest[page, many]} for page in pages}
    return {"ratio": max(told[page]["ratio"] for page in FULL), "pages": told}


@contextmanager
def site(many: int) -> Iterator[FlaskClient]:
    with database() as url, TemporaryDirectory() as instance:
        add_mentors(url, many)
        app = create_app(Settings.from_env(environment(url, instance)))
        yield app.test_client()
        with app.app_context():
            db.engine.dispose()


def milliseconds(client: FlaskClient, path: str) -> float:
    began = perf_counter()
    answer = client.get(path)
    took = 1000 * (perf_counter() - began)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return took


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
