"""The programs that the demo starts: each has a log of its own, and is ended by its own process id."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from marketplace.core.config import ROOT

PATIENCE_SECONDS = 60
STOP_SECONDS = 5
LOOK_SECONDS = 0.05
LAST_LINES = 12
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class AskedToEnd(Exception):
    """Ctrl-C, SIGTERM, or the terminal was closed."""


class StartFailed(Exception):
    """The demo cannot go on; the message says why in plain words."""


class Bell:
    """Rung by the signals that end a program. It is looked at between steps, so that no step is cut in two."""

    def __init__(self) -> None:
        self._rung = False

    def hang(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
                signal.signal(number, self._ring)

    def _ring(self, _number: int, _frame: object) -> None:
        self._rung = True

    def heed(self) -> None:
        """Raises AskedToEnd once it was rung."""
        if self._rung:
            raise AskedToEnd


@dataclass(frozen=True, slots=True)
class Child:
    """`name` as a sentence calls it: "The worker"."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    def must_live(self) -> None:
        """Raises StartFailed, with the end of its log, when it has ended."""
        code = self.process.poll()
        if code is not None:
            raise StartFailed(f"{self.name} ended {how(code)}.\n{self.last_words()}")

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        return "\n".join([f"The end of {self.log}:", *lines])

    def stop(self) -> None:
        """Asks it to end, and after five seconds ends it with all that it started."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)  # it leads a group of its own, see `start`
            self.process.wait()


def start(name: str, log: Path, module: list[str], environment: Mapping[str, str]) -> Child:
    """`python -m` that module with its arguments, away from the terminal, so that Ctrl-C reaches us alone."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_us,  # noqa: PLW1509 - nothing of ours has threads
        )
    return Child(name, log, process)


def _end_with_us() -> None:
    """If we are killed we cannot end it; on Linux the kernel then asks it to end."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def adopt_orphans() -> None:
    """PostgreSQL is nobody's child, and the first process of a container may reap none: on Linux it becomes ours."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)


def reap_orphans() -> None:
    """Those that have ended, so that not even their entry in the table of processes is left."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def finish(child: Child, bell: Bell) -> None:
    """Waits until it has done its work. Raises StartFailed if it failed."""
    while child.process.poll() is None:
        bell.heed()
        time.sleep(LOOK_SECONDS)
    if child.process.returncode:
        child.must_live()


def wait_until(ready: Callable[[], bool], children: list[Child], bell: Bell) -> None:
    """Raises StartFailed when one of the children ends, or the first of them is not ready after a minute."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        bell.heed()
        for child in children:
            child.must_live()
        if time.monotonic() >= give_up_at:
            raise StartFailed(f"{children[0].name} does not answer.\n{children[0].last_words()}")
        time.sleep(LOOK_SECONDS)


def watch(children: list[Child], bell: Bell) -> None:
    """Until somebody ends the demo (AskedToEnd) or a child ends by itself (StartFailed)."""
    while True:
        bell.heed()
        for child in children:
            child.must_live()
        time.sleep(0.2)


def how(code: int) -> str:
    return f"by signal {signal.Signals(-code).name}" if code < 0 else f"by itself (exit code {code})"
