"""Strangers' servers on this machine: each answers every connection with what a function writes into it."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Script = Callable[["Connection"], None]


@dataclass(slots=True)
class Connection:
    """`request` is the head of what was asked; `over` is set when the test is."""

    socket: socket.socket
    request: str
    over: threading.Event

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def drip(self, data: bytes, *, seconds: float) -> None:
        """Byte by byte, for ever."""
        while not self.over.is_set():
            for number in range(len(data)):
                self.send(data[number : number + 1])
                if self.over.wait(seconds):
                    return

    def wait(self) -> None:
        self.over.wait(60)


@dataclass(slots=True)
class Stranger:
    host: str
    port: int
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/calendar.ics"


@contextmanager
def stranger(script: Script, *, host: str = "localhost", at: str = "127.0.0.1", port: int = 0) -> Iterator[Stranger]:
    over = threading.Event()
    with socket.create_server((at, port), backlog=50) as listening:
        listening.settimeout(0.05)
        server = Stranger(host, listening.getsockname()[1])
        serving = threading.Thread(target=_serve, args=(listening, script, server, over))
        serving.start()
        try:
            yield server
        finally:
            over.set()
            serving.join()


def _serve(listening: socket.socket, script: Script, server: Stranger, over: threading.Event) -> None:
    answering: list[threading.Thread] = []
    while not over.is_set():
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            continue
        answering.append(threading.Thread(target=_answer, args=(connection, script, server, over)))
        answering[-1].start()
    for each in answering:
        each.join()


def _answer(connection: socket.socket, script: Script, server: Stranger, over: threading.Event) -> None:
    with connection, suppress(OSError):
        connection.settimeout(5)
        head = b""
        while b"\r\n\r\n" not in head:
            if not (received := connection.recv(4096)):
                return
            head += received
        server.asked.append(head.decode())
        script(Connection(connection, head.decode(), over))


def answers(body: bytes, *headers: str, status: str = "200 OK") -> Script:
    """A whole answer, as any server gives it."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    whole = "\r\n".join([*lines, "", ""]).encode() + body
    return lambda connection: connection.send(whole)


def moved_to(address: str, status: str = "302 Found") -> Script:
    return answers(b"", f"Location: {address}", status=status)


def endless(head: bytes, piece: bytes) -> Script:
    def send(connection: Connection) -> None:
        connection.send(head)
        while not connection.over.is_set():
            connection.send(piece)

    return send


def dripping(first: bytes, then: bytes, *, seconds: float) -> Script:
    def send(connection: Connection) -> None:
        connection.send(first)
        connection.drip(then, seconds=seconds)

    return send


def bomb(megabytes: int) -> bytes:
    """Small, and large once it is unpacked: gzip lets one follow upon another."""
    return gzip.compress(b"BEGIN:VCALENDAR\r\n") + gzip.compress(b" " * 1024 * 1024, 6) * megabytes
