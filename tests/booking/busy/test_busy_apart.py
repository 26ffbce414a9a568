"""Files that are read in a process of their own: what one calls a zone is no other's, and no file takes more than its
share of time and memory."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from booking.busy.apart import GRACE_SECONDS, fetch_apart, read_apart
from booking.busy.http import Question
from booking.busy.ics import MOST_TIMES
from booking.domain.busy import Reading, Trouble, Unreadable, window_at
from booking.domain.intervals import Interval
from marketplace.core.config import ROOT
from tests.booking.busy.calendars import calendar, event, zone

pytestmark = pytest.mark.slow
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
AT_NINE = ("DTSTART;TZID=Customized Time Zone:20261202T090000", "DURATION:PT1H")
LONG = 2


def reading(text: bytes, cpu_seconds: int = LONG) -> Reading:
    return read_apart(text, zone="Europe/Amsterdam", window=window_at(NOW), ours=[], cpu_seconds=cpu_seconds)


def hours_of(offset: str) -> list[int]:
    text = calendar(zone("Customized Time Zone", winter=offset, summer=offset), event(*AT_NINE))
    return [each.start.hour for each in reading(text).busy]


def test_what_one_calendar_calls_a_zone_is_not_anothers():
    assert (hours_of("+0100"), hours_of("-0500")) == ([8], [14])


def test_control_in_one_process_the_first_definition_wins():
    program = (
        "from zoneinfo import ZoneInfo\n"
        "from booking.busy.ics import read\n"
        "from tests.booking.busy.test_busy_apart import *\n"
        "for offset in ('+0100', '-0500'):\n"
        "    text = calendar(zone('Customized Time Zone', winter=offset, summer=offset), event(*AT_NINE))\n"
        "    print(read(text, zone=ZoneInfo('UTC'), window=window_at(NOW)).busy[0].start.hour)\n"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["8", "8"]


def test_what_is_read_comes_back_whole():
    text = calendar(event("DTSTART:20261202T080000Z", "DTEND:20261202T090000Z"), event("DTSTART:rubbish", uid="2"))

    start = datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
    assert reading(text) == Reading((Interval(start, start + timedelta(hours=1)),), events=2, unread=1)


def every(minutes: str, *more: str) -> bytes:
    return calendar(event("DTSTART:20261201T000000Z", "DURATION:PT1S", f"RRULE:{minutes}", *more))


MANY_DATES = ",".join(f"{NOW + timedelta(minutes=n):%Y%m%dT%H%M%SZ}" for n in range(MOST_TIMES + 10))
EVERY_SECOND = ";".join(
    f"{name}={','.join(map(str, range(most)))}" for name, most in (("BYHOUR", 24), ("BYMINUTE", 60), ("BYSECOND", 60))
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(every(f"FREQ=DAILY;{EVERY_SECOND}"), id="every second, said otherwise"),
        pytest.param(every("FREQ=DAILY;INTERVAL=0"), id="a step of nothing"),
        pytest.param(every("FREQ=WEEKLY", f"RDATE:{MANY_DATES}"), id="twenty thousand dates"),
    ],
)
def test_what_is_too_much_is_given_up_in_time(text: bytes):
    begun = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        reading(text)

    assert refused.value.trouble is Trouble.TOO_MUCH
    assert time.monotonic() - begun < 2 * LONG + GRACE_SECONDS + 8


@pytest.mark.parametrize(
    ("text", "times"),
    [
        pytest.param(every("FREQ=DAILY;COUNT=10000"), 433, id="ten thousand repetitions"),
        pytest.param(every("FREQ=DAILY;COUNT=1000000000"), 433, id="a thousand million"),
        pytest.param(every("FREQ=HOURLY"), 432 * 24 + 8, id="every hour for ever"),
        pytest.param(every("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), 1, id="a day that never comes"),
    ],
)
def test_much_is_read(text: bytes, times: int):
    assert len(reading(text, cpu_seconds=8).busy) == times


def test_such_a_process_knows_nothing_of_the_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """In place of Python a program that writes down what it can see."""
    monkeypatch.setenv("SECRET_KEY", "the site's")
    seen, spy = tmp_path / "seen", tmp_path / "python"
    spy.write_text(f'#!/bin/sh\nenv > {seen}\necho "$@" >> {seen}\ncat > /dev/null\n')
    spy.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(spy))

    with pytest.raises(Unreadable):
        fetch_apart(Question("https://calendar.example/private.ics", most=1))

    told = seen.read_text()
    assert "PYTHONPATH" in told
    assert "SECRET_KEY" not in told
    assert "private.ics" not in told
