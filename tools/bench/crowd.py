"""Four processes that write through the services, and pgbench, which writes the same rows and computes nothing.

Both meet the same constraints and triggers, on one PostgreSQL that forgets everything in a power cut.
"""

from __future__ import annotations

import multiprocessing
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Barrier
from typing import TypeVar

from flask import Flask

from marketplace.app import create_app
from marketplace.core.config import ROOT, Settings
from marketplace.core.postgres_home import place_for
from tools.bench.serving import environment

PROCESSES, CLIENTS, ROUNDS = 4, 8, 5
HERE = Path(__file__).parent
Work = TypeVar("Work")

_app: Flask
_all_ready: Barrier


@contextmanager
def crowd(url: str) -> Iterator[ProcessPoolExecutor]:
    """Processes with an application each, as different machines would be."""
    spawning = multiprocessing.get_context("spawn")
    with TemporaryDirectory() as instance:
        given = (environment(url, instance), spawning.Barrier(PROCESSES))
        with ProcessPoolExecutor(PROCESSES, spawning, initializer=prepare, initargs=given) as pool:
            yield pool


def prepare(environ: dict[str, str], all_ready: Barrier) -> None:
    global _app, _all_ready
    _app, _all_ready = create_app(Settings.from_env(environ)), all_ready


def together(pool: ProcessPoolExecutor, act: Callable[[list[Work]], float], work: Sequence[Work]) -> float:
    """What all of them do in a second; `act` is given a share of the work and says what it did in one."""
    return sum(pool.map(act, [list(work[number::PROCESSES]) for number in range(PROCESSES)]))


@contextmanager
def when_all_are_ready() -> Iterator[None]:
    """In one of the processes: inside its application, from the moment at which all of them are here."""
    _all_ready.wait(timeout=60)
    with _app.app_context():
        yield


def pgbench(program: Path, script: str, dsn: str, *, base: int, limit: str) -> float:
    """Transactions a second that it reports, without the time that connecting takes; `limit` is an option of its."""
    command = [str(program), "--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=2", limit]
    command += [f"--file={HERE / script}", f"--define=base={base}", f"--define=clients={CLIENTS}", "--define=n=0", dsn]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode or found is None:
        raise RuntimeError(f"pgbench failed: {done.stderr.strip() or done.stdout.strip()}")
    return float(found.group(1))


def find_pgbench() -> Path | None:
    """The one that belongs to the embedded PostgreSQL, else the newest that the system has."""
    own = place_for(ROOT / "instance" / "pg-bench").binaries / "pgbench"
    if own.exists():
        return own
    installed = Path("/usr/lib/postgresql").glob("*/bin/pgbench")
    return max(installed, key=lambda path: int(path.parts[-3]), default=None)


def compared(ours: str, theirs: str, pairs: list[tuple[float, float | None]]) -> dict[str, float | str | None]:
    """Medians of the rounds under these names. Without pgbench there is nothing to compare with, and `why` says so."""
    done, raws = median(done for done, _ in pairs), [raw for _, raw in pairs if raw is not None]
    if not raws:
        return {"ratio": None, ours: done, theirs: None, "why": "There is no pgbench here."}
    return {"ratio": done / median(raws), ours: done, theirs: median(raws)}
