"""Starts the stand-in as a process of its own: for tests and for the demo."""

import select
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_READY_SECONDS = 30.0
_STOP_SECONDS = 10.0


class StartFailed(RuntimeError):
    """The stand-in ended before it was ready; the message is what it said."""


@dataclass(frozen=True, slots=True)
class SandboxProcess:
    url: str
    process: subprocess.Popen[str]

    @property
    def pid(self) -> int:
        return self.process.pid

    def stop(self) -> None:
        """Asks it to end, and ends it if it does not."""
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def start_sandbox(
    state: Path,
    clock_file: Path | None = None,
    *,
    port: int = 0,
    key: str | None = None,
    webhook: str | None = None,
    webhook_secret: str | None = None,
) -> SandboxProcess:
    """Returns when it answers. Its complaints go to `<state>.log`. Raises StartFailed."""
    options = {
        "--state": state,
        "--clock-file": clock_file,
        "--port": port,
        "--key": key,
        "--webhook": webhook,
        "--webhook-secret": webhook_secret,
    }
    given = [text for name, value in options.items() if value is not None for text in (name, str(value))]
    log = state.with_suffix(".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as complaints:
        process = subprocess.Popen(  # noqa: S603 - our own module and the caller's own paths
            [sys.executable, "-m", "payments.sandbox", *given],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
    return SandboxProcess(_address(process, log), process)


def _address(process: subprocess.Popen[str], log: Path) -> str:
    output = process.stdout
    if output is None:
        raise StartFailed("The stand-in has no output to read its address from.")
    ready, _, _ = select.select([output], [], [], _READY_SECONDS)
    line = output.readline() if ready else ""
    if not line.startswith("stripe stand-in on "):
        process.kill()
        process.wait()
        output.close()
        raise StartFailed(log.read_text(encoding="utf-8").strip() or "The stand-in did not answer in time.")
    return line.rsplit(" ", 1)[1].strip()
