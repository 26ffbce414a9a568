"""Strangers' servers are asked, and strangers' files read, in short-lived processes of their own, with limits.

Such a process knows no setting and no secret of the site; it is told what to do on its standard input, where nobody who
lists processes sees the address, answers on its standard output, and is killed when its time is over.

    {"task": "fetch", …}\\n                →  {"status": 200, …}\\n, then the body
    {"task": "read", …}\\n, then the file  →  {"busy": [[start, end], …], …}\\n
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from booking.busy.http import Answer, Question
from booking.domain.busy import Reading, Trouble, Unreadable
from booking.domain.intervals import Interval

ROOT = str(Path(__file__).resolve().parents[2])
GRACE_SECONDS = 4
"""For beginning and ending the process itself."""
CPU_SECONDS = 8
_OUT_OF_MEMORY = 3  # as booking.busy.process ends then
_OVER_ITS_LIMITS = frozenset({_OUT_OF_MEMORY, -signal.SIGXCPU, -signal.SIGKILL})


def fetch_apart(question: Question) -> Answer:
    """Raises Unreadable."""
    told, body = _ask(
        {"task": "fetch", "cpu_seconds": CPU_SECONDS, **asdict(question)}, b"", question.seconds, otherwise=Trouble.SLOW
    )
    return Answer(body=body, **told)


def read_apart(
    text: bytes, *, zone: str, window: Interval, ours: Collection[str], cpu_seconds: int = CPU_SECONDS
) -> Reading:
    """`booking.busy.ics.read`, which knows of nobody else's calendar. Raises Unreadable."""
    span = [window.start.timestamp(), window.end.timestamp()]
    request = {"task": "read", "zone": zone, "window": span, "ours": list(ours), "cpu_seconds": cpu_seconds}
    told, _ = _ask(request, text, 2 * cpu_seconds, otherwise=Trouble.TOO_MUCH)
    busy = tuple(_interval(start, end) for start, end in told.pop("busy"))
    return Reading(busy, **told)


def _ask(request: dict[str, Any], body: bytes, seconds: float, *, otherwise: Trouble) -> tuple[dict[str, Any], bytes]:
    """`otherwise` is what is wrong when the process comes to no end of its own."""
    command = [sys.executable, "-m", "booking.busy.process"]
    environment = {"PYTHONPATH": os.pathsep.join([ROOT, *filter(None, sys.path)]), "PATH": os.defpath, "TZ": "UTC"}
    try:
        done = subprocess.run(  # noqa: S603  our own program; nothing of it comes from outside
            command,
            input=json.dumps(request).encode() + b"\n" + body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what libraries complain of names addresses
            env=environment,
            timeout=seconds + GRACE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(otherwise) from None
    if done.returncode in _OVER_ITS_LIMITS:
        raise Unreadable(Trouble.TOO_MUCH)
    first, _, rest = done.stdout.partition(b"\n")
    if done.returncode or not first:
        raise Unreadable(Trouble.NO_CALENDAR if request["task"] == "read" else Trouble.UNREACHABLE)
    told = json.loads(first)
    if "trouble" in told:
        raise _unreadable(told)
    return told, rest


def _unreadable(told: dict[str, Any]) -> Unreadable:
    return Unreadable(Trouble(told["trouble"]), told["status"], told["again_in"])


def _interval(start: float, end: float) -> Interval:
    return Interval(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
