"""Calendar programs, most of them no packages of ours but installed by `make readers`: each is asked here.

What one cannot tell is left empty: calcurse knows neither UIDs nor states.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events

from marketplace.core.config import ROOT

SYSTEMS_PYTHON = Path("/usr/bin/python3")
KHAL = ROOT / ".readers" / "bin" / "khal"
LIBICAL = Path(__file__).parent / "libical_reads.py"
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
_KHAL = """[calendars]
[[sessions]]
path = {calendar}
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M:%S
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M:%S
longdatetimeformat = %Y-%m-%d %H:%M:%S
[sqlite]
path = {cache}
"""


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """An event as a program tells it. `status` as iCalendar has it, in capitals."""

    start: datetime
    end: datetime
    uid: str = ""
    status: str = ""
    summary: str = ""


def by_libical(written: bytes, _folder: Path) -> list[Seen]:
    rows = json.loads(_answer([str(SYSTEMS_PYTHON), str(LIBICAL)], written))
    return [
        Seen(_epoch(row["start"]), _epoch(row["end"]), row["uid"], row["status"], row["summary"] or "") for row in rows
    ]


def by_calcurse(written: bytes, folder: Path) -> list[Seen]:
    """It keeps what it has imported in its own files, and tells it from there."""
    here = ["calcurse", "-D", str(folder / "calcurse"), "-C", str(folder / "calcurse")]
    (folder / "calcurse").mkdir()
    told = _answer([*here, "-q", "-i", str(_file(written, folder))], b"")
    assert "skipped" not in told.lower() or " 0 skipped" in told.lower(), told
    asked = ["-Q", "--filter-type", "apt", "--from", f"{FIRST:%m/%d/%Y}", "--to", f"{LAST:%m/%d/%Y}"]
    lines = _answer([*here, *asked, "--format-apt", r"= %(start:epoch) %(end:epoch) %m\n"], b"").splitlines()
    rows = [line[2:].split(" ", 2) for line in dict.fromkeys(lines) if line.startswith("= ")]  # others name the day
    return [Seen(_epoch(start), _epoch(end), summary=summary) for start, end, summary in rows]


def by_khal(written: bytes, folder: Path) -> list[Seen]:
    calendar, config = folder / "khal", folder / "khal.conf"
    calendar.mkdir()
    config.write_text(_KHAL.format(calendar=calendar, cache=folder / "khal.db"))
    khal = [str(KHAL), "-c", str(config)]
    _answer([*khal, "import", "--batch", "-a", "sessions", str(_file(written, folder))], b"")
    fields = [
        part for name in ("uid", "start-long-full", "end-long-full", "status", "title") for part in ("--json", name)
    ]
    told = _answer([*khal, "list", "--once", *fields, f"{FIRST:%Y-%m-%d}", f"{LAST:%Y-%m-%d}"], b"")
    rows = [row for line in told.splitlines() for row in json.loads(line)]
    return [
        Seen(_utc(row["start-long-full"]), _utc(row["end-long-full"]), row["uid"], row["status"].strip(), row["title"])
        for row in rows
    ]


def by_recurring_ical_events(written: bytes, _folder: Path) -> list[Seen]:
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(written)).between(FIRST, LAST)
    return [
        Seen(
            *(each.decoded(name) for name in ("DTSTART", "DTEND")),
            *(str(each[name]) for name in ("UID", "STATUS", "SUMMARY")),
        )
        for each in events
    ]


Reader = Callable[[bytes, Path], list[Seen]]
READERS: Mapping[str, tuple[Reader, Callable[[], bool]]] = {
    "libical": (by_libical, lambda: SYSTEMS_PYTHON.exists() and _has_libical()),
    "calcurse": (by_calcurse, lambda: shutil.which("calcurse") is not None),
    "khal": (by_khal, KHAL.exists),
    "recurring-ical-events": (by_recurring_ical_events, lambda: True),
}


def installed(name: str) -> Reader:
    """Where CI runs, a program that is missing is a failure; elsewhere a reason to skip, with the way out."""
    reader, is_there = READERS[name]
    if is_there():
        return reader
    told = f"{name} is not installed: `make readers` does that (on Debian, as root or with sudo)."
    if os.environ.get("CI"):
        pytest.fail(told)
    pytest.skip(told)


def _has_libical() -> bool:
    ask = "import gi; gi.require_version('ICalGLib', '3.0')"
    return subprocess.run([SYSTEMS_PYTHON, "-c", ask], check=False, capture_output=True).returncode == 0


def _answer(command: list[str], given: bytes) -> str:
    environment = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    done = subprocess.run(command, input=given, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def _file(written: bytes, folder: Path) -> Path:
    found = folder / "sessions.ics"
    found.write_bytes(written)
    return found


def _epoch(seconds: int | str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _utc(text: str) -> datetime:
    return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
