"""How long pages of search take with ten thousand mentors, against the same pages with a hundred.

All of them have weekly hours, holidays and days of their own, time off, other hours on some dates, some a journey, and
ten sessions or so in the weeks to come, and the worker has looked at them. Both sites stand in one PostgreSQL and are
asked in turn. A list of twenty takes longer than one of three, so two kinds of pages are told apart: those that are
full on both sites, whose ratio counts, and those of what only a few of a hundred have, which would measure how much
there is to show.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import quantiles
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient

from marketplace.app import create_app
from marketplace.core.config import Settings
from marketplace.core.db import db
from tools.bench.mentors import add_mentors, fill_diaries, look_at_everybody
from tools.bench.processor import Processor
from tools.bench.serving import database, environment

FEW, MANY, WARM_UP = 100, 10_000, 3
FULL = {
    "everybody": "/search",
    "a later page": "/search?page=3",
    "a word": "/search?q=second",
    "a typo": "/search?q=secnod",
    "filters": "/search?language=de&price=90&currency=EUR&within=7&hours=y",
    "by time": "/search?sort=time",
    "by time, in my hours": "/search?sort=time&hours=y",
}
"""Pages with PER_PAGE mentors on either site."""
RARE = {
    "a topic": "/search?q=python",
    "needs": "/search?q=compilers, machine learning, hiring",
}


def measure(rounds: int = 40, many: int = MANY) -> dict[str, object]:
    """`ratio` is that of the full page that suffers most; milliseconds are the slowest twentieth (p95) of each page, of
    processor time."""
    pages = {**FULL, **RARE}
    with site(FEW) as few, site(many) as large:
        gc.freeze()  # as wsgi.py does
        for path in [*pages.values()] * WARM_UP:
            ask(few, path)
            ask(large, path)
        sites = {FEW: (few, Processor(few.application)), many: (large, Processor(large.application))}
        taken: dict[tuple[str, int], list[float]] = {(page, size): [] for page in pages for size in sites}
        for _ in range(rounds):
            for page, path in pages.items():
                for size, (client, processor) in sites.items():
                    began = processor.seconds()
                    ask(client, path)
                    taken[page, size].append(1000 * (processor.seconds() - began))
    slowest = {key: quantiles(times, n=20)[-1] for key, times in taken.items()}
    told = {page: {"ratio": slowest[page, many] / slowest[page, FEW], "p95_ms": slowest[page, many]} for page in pages}
    return {"ratio": max(told[page]["ratio"] for page in FULL), "pages": told}


@contextmanager
def site(many: int) -> Iterator[FlaskClient]:
    with database() as url, TemporaryDirectory() as instance:
        add_mentors(url, many)
        fill_diaries(url)
        app = create_app(Settings.from_env(environment(url, instance)))
        with app.app_context():
            look_at_everybody()
        yield app.test_client()
        with app.app_context():
            db.engine.dispose()


def ask(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status}")


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
