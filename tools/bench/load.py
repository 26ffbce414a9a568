"""As many requests as the site answers, over a few connections that stay open, against the empty view.

Rounds alternate, so that what else the machine does meets both alike.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from itertools import repeat
from statistics import median
from time import monotonic

from tools.bench.serving import EMPTY, PATIENCE_SECONDS

CONNECTIONS = 8
ROUNDS = 5


def against_empty(port: int, requests: Iterator[bytes], status: bytes, seconds: float) -> tuple[float, float]:
    """Answers a second to the requests, and of the empty view: medians of the rounds, which take `seconds` together."""
    empty = repeat(message("GET", EMPTY))
    rate(port, requests, status, 1)
    rate(port, empty, b"200", 1)
    each = seconds / (2 * ROUNDS)
    pairs = [(rate(port, requests, status, each), rate(port, empty, b"200", each)) for _ in range(ROUNDS)]
    ours, empties = (median(rates) for rates in zip(*pairs, strict=True))
    return ours, empties


def message(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def rate(port: int, requests: Iterator[bytes], status: bytes, seconds: float) -> float:
    """Answers a second over a few connections that stay open. They have no body, so the blank line ends each.

    Not http.client: parsing the answers would take longer than making them, and hide the difference.
    """
    with selectors.DefaultSelector() as waiting:
        for _ in range(CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
            connection.sendall(next(requests))
            waiting.register(connection, selectors.EVENT_READ, bytearray())
        began, answers = monotonic(), 0
        while (took := monotonic() - began) < seconds:
            for key, _ in waiting.select(timeout=PATIENCE_SECONDS):
                answers += next_answer(key, requests, status)
        for key in list(waiting.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
    return answers / took


def next_answer(key: selectors.SelectorKey, requests: Iterator[bytes], status: bytes) -> int:
    """1 if an answer is complete, and the next request has gone out."""
    connection, so_far = key.fileobj, key.data
    assert isinstance(connection, socket.socket)
    so_far += connection.recv(65536)
    if not so_far.endswith(b"\r\n\r\n"):
        return 0
    if so_far[9:12] != status:
        raise RuntimeError(f"{status.decode()} was expected, and this came: {bytes(so_far[:200])!r}")
    so_far.clear()
    connection.sendall(next(requests))
    return 1
