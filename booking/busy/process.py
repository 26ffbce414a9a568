"""The process in which strangers are asked and their files read: what `booking.busy.apart` starts, and nobody else."""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from booking.busy.http import Question, fetch
from booking.busy.ics import read
from booking.domain.busy import Unreadable
from booking.domain.intervals import Interval

MEMORY_BYTES = 512 * 1024 * 1024
OUT_OF_MEMORY = 3
"""How the process ends that wanted more."""


def main(given: BinaryIO, answer: BinaryIO) -> None:
    """What the process does."""
    request = json.loads(given.readline())
    _limit(request.pop("cpu_seconds"))
    task, body = request.pop("task"), b""
    try:
        if task == "fetch":
            fetched = asdict(fetch(Question(**request)))
            body = fetched.pop("body")
            told = fetched
        else:
            told = _read(given.read(), **request)
    except Unreadable as wrong:
        told = {"trouble": wrong.trouble, "status": wrong.status, "again_in": wrong.again_in}
    answer.write(json.dumps(told).encode() + b"\n" + body)
    answer.flush()


def _read(text: bytes, zone: str, window: list[float], ours: list[str]) -> dict[str, Any]:
    found = read(
        text,
        zone=ZoneInfo(zone),
        window=Interval(*(datetime.fromtimestamp(at, UTC) for at in window)),
        ours=frozenset(ours),
    )
    counted = {"events": found.events, "unread": found.unread, "unzoned": found.unzoned}
    return {"busy": [[each.start.timestamp(), each.end.timestamp()] for each in found.busy], **counted}


def _limit(cpu_seconds: int) -> None:
    """Of this process, before it sees anything of a stranger's. It writes no file, and leaves no core behind."""
    for limited, most in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limited, (most, most))


if __name__ == "__main__":
    try:
        main(sys.stdin.buffer, sys.stdout.buffer)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
