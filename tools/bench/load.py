"""As many requests as the site answers, over a few connections that stay open, against the empty view.

Rounds alternate, and are short, so that what else the machine does meets both alike.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from statistics import median
from time import monotonic

from tools.bench.serving import EMPTY, PATIENCE_SECONDS

CONNECTIONS = 8
ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Rates:
    """Answers a second: medians of the rounds. `ratio` is the median of the rounds' own quotients."""

    ratio: float
    ours: float
    empty: float


def against_empty(port: int, requests: Iterator[bytes], status: bytes, seconds: float) -> Rates:
    """The requests against the empty view, in rounds which take `seconds` together.

    A round asks both over the same connections: which of the workers took how many of them is chance, and one that has
    them all answers half as much.
    """
    empty = repeat(message("GET", EMPTY))
    each = seconds / (2 * ROUNDS)
    pairs = []
    for _ in range(ROUNDS):
        with connections(port) as opened:
            pairs.append((rate(opened, requests, status, each), rate(opened, empty, b"200", each)))
    ours, empties = zip(*pairs, strict=True)
    quotients = [one / other for one, other in pairs]
    return Rates(ratio=median(quotients), ours=median(ours), empty=median(empties))


def message(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def connections(port: int) -> Iterator[selectors.DefaultSelector]:
    with selectors.DefaultSelector() as waiting:
        for _ in range(CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
            waiting.register(connection, selectors.EVENT_READ, bytearray())
        yield waiting
        for key in list(waiting.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]


def rate(opened: selectors.DefaultSelector, requests: Iterator[bytes], status: bytes, seconds: float) -> float:
    """Answers a second over connections that stay open, all of which wait for nothing before and after.

    Not http.client: parsing the answers would take longer than making them, and hide the difference.
    """
    for key in opened.get_map().values():
        key.fileobj.sendall(next(requests))  # type: ignore[union-attr]
    began, answers, asking = monotonic(), 0, CONNECTIONS
    took = 0.0
    while asking:
        for key, _ in opened.select(timeout=PATIENCE_SECONDS):
            answered = is_answered(key, status)
            answers += answered
            if answered and took < seconds:
                key.fileobj.sendall(next(requests))  # type: ignore[union-attr]
            elif answered:
                asking -= 1
        took = monotonic() - began
    return answers / took


def is_answered(key: selectors.SelectorKey, status: bytes) -> bool:
    """True once an answer is complete. They have no body, so the blank line ends each."""
    connection, so_far = key.fileobj, key.data
    assert isinstance(connection, socket.socket)
    so_far += connection.recv(65536)
    if not so_far.endswith(b"\r\n\r\n"):
        return False
    if so_far[9:12] != status:
        raise RuntimeError(f"{status.decode()} was expected, and this came: {bytes(so_far[:200])!r}")
    so_far.clear()
    return True
