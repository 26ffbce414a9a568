"""Where a demo runs: its folder, its ports, its secrets, and the environment of what it starts."""

import errno
import fcntl
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path

from marketplace.core.config import ROOT, Settings, variable
from tools.demo.children import StartFailed

HOST = "127.0.0.1"
STRIPE_KEY = "sk_test_demo"
LISTENING, TRIES = range(20_000, 32_000), 100
"""Below the ports that Linux gives to whoever connects: one of those may be gone by the time that something listens."""
MEETING_URL = "https://meet.example.org/office-hours"


@dataclass(frozen=True, slots=True)
class Place:
    """`instance` is absolute; what the demo keeps from one start to the next stands there."""

    instance: Path
    port: int
    stripe_port: int

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def stripe_url(self) -> str:
        return f"http://{HOST}:{self.stripe_port}"

    @property
    def clock_file(self) -> Path:
        return self.instance / "clock-offset"

    @property
    def webhook_secret(self) -> str:
        return kept_secret(self.instance / "webhook-secret", "whsec_")

    def log(self, name: str) -> Path:
        return self.instance / "log" / f"{name}.log"

    def environment(self, database_url: str) -> dict[str, str]:
        """What was inherited, but no setting of a real site: a demo must never reach its database or its mail."""
        ours = {variable(field.name) for field in fields(Settings)}
        inherited = {name: value for name, value in os.environ.items() if name not in ours}
        return inherited | {
            "PYTHONUNBUFFERED": "1",
            "DEMO": "1",
            "BUSY_CALENDARS_ON_THIS_MACHINE": "1",
            "INSTANCE": str(self.instance),
            "DATABASE_URL": database_url,
            "SECRET_KEY": kept_secret(self.instance / "secret-key"),
            "PUBLIC_URL": self.url,
            "STRIPE_SECRET_KEY": STRIPE_KEY,
            "STRIPE_WEBHOOK_SECRET": self.webhook_secret,
            "STRIPE_API_BASE": self.stripe_url,
            "CLOCK_OFFSET_FILE": str(self.clock_file),
            "MEETING_URL": MEETING_URL,
            "PROMOTION_CODES": "1",
        }


@contextmanager
def claimed(instance: Path) -> Iterator[None]:
    """One demo at a time in a folder; a killed one lets go of it. Raises StartFailed."""
    try:
        instance.mkdir(parents=True, exist_ok=True)
        handle = os.open(instance, os.O_RDONLY)
    except OSError as refused:
        raise StartFailed(
            f"{instance} cannot be used: {refused.strerror}. Set INSTANCE to another folder."
        ) from refused
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as taken:
        raise StartFailed(
            f"A demo runs already in {instance}. End it with Ctrl-C first, or set INSTANCE to another folder."
        ) from taken
    finally:
        os.close(handle)


def folder() -> Path:
    """As for the site itself: INSTANCE, or `instance` beside the code."""
    return Path(os.environ.get("INSTANCE") or ROOT / "instance").resolve()


def refuse_taken(port: int) -> None:
    """Raises StartFailed when nobody can listen there."""
    try:
        _try_port(port)
    except OSError as refused:
        why = "is in use" if refused.errno == errno.EADDRINUSE else f"cannot be used ({refused.strerror})"
        another = port + 10 if port + 10 < 65536 else 8000
        raise StartFailed(f"Port {port} {why}. Take another, for example: make demo PORT={another}") from refused


def free_port(wanted: int | None = None) -> int:
    """The wanted one, so that a checkout from before still has its address, or else any. Raises StartFailed."""
    others = secrets.SystemRandom().sample(LISTENING, TRIES)
    for port in others if wanted is None else [wanted, *others]:
        with suppress(OSError, OverflowError):
            return _try_port(port)
    raise StartFailed("No port of this machine is free to listen on.")


def _try_port(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        return int(probe.getsockname()[1])


def kept_secret(file: Path, prefix: str = "") -> str:
    """Made at the first start and readable by its owner alone."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(prefix + secrets.token_urlsafe(48))
    return file.read_text()
