"""The real demo, started as `make demo` starts it, and walked through over HTTP."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from marketplace.core import embedded_postgres
from marketplace.core.config import ROOT
from marketplace.core.postgres_home import place_for
from marketplace.demo.people import ADA, GRACE, OLGA, PASSWORD
from tests.demo.walk import Walker
from tests.web import ANSWERS
from tools.demo.place import free_port

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Demo:
    process: subprocess.Popen[str]
    url: str
    instance: Path
    said: list[str]

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        self.said.append(self.process.communicate(timeout=60)[0])
        return self.process.returncode


def launch(instance: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tools.demo", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "INSTANCE": str(instance)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def start(instance: Path) -> Demo:
    """Waits until it says that it is ready."""
    port = free_port()
    process, said = launch(instance, port), []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if line.startswith("Ctrl-C"):
            return Demo(process, f"http://127.0.0.1:{port}", instance, said)
    process.communicate(timeout=60)
    raise AssertionError("the demo did not start:\n" + "".join(said))


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "instance"
    if os.geteuid() == 0:  # the database's files are elsewhere then
        shutil.rmtree(place_for(tmp_path / "instance" / "pg").files)


@pytest.fixture
def demo(instance: Path) -> Iterator[Demo]:
    running = start(instance)
    yield running
    if running.process.poll() is None:
        running.end()


def processes_of(instance: Path) -> dict[int, str]:
    """Every process that was started for this folder: by its environment, or PostgreSQL's by its files."""
    files = os.fsencode(place_for(instance / "pg").files)
    setting = b"INSTANCE=" + os.fsencode(instance)
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        if files in command or setting in environment.split(b"\0"):
            found[int(process.name)] = command.replace(b"\0", b" ").decode()
    return found


@pytest.fixture
def ada(demo: Demo) -> Walker:
    walker = Walker(demo.url)
    walker.go("/sign-in")
    walker.send("password", email=ADA.email, password=PASSWORD)
    return walker


def choose(walker: Walker, offering: str) -> None:
    """The first free time with Grace."""
    walker.go("/mentors/grace-example")
    walker.follow(offering)
    walker.follow("start=")


def mails(walker: Walker, subject: str, address: str) -> int:
    items = re.findall(r"<li>.*?</li>", walker.go("/demo/mails"), re.DOTALL)
    return sum(subject in item and address in item for item in items)


def test_sessions_are_booked_paid_told_and_shown_and_nothing_is_left_running(demo, ada):
    choose(ada, "Fit call")
    ada.send("/mentors/grace-example/holds", **ANSWERS)
    assert "Fit call" in ada.go("/sessions")

    choose(ada, "Single session")
    ada.send("/mentors/grace-example/holds")
    assert ada.page.url.startswith(demo.url.rsplit(":", 1)[0]), "the stand-in is on this machine"
    assert "Pay €80.50" in ada.page.text
    ada.send('value="pay"', action="pay")
    assert "Booked:" in ada.page.text

    assert ada.go("/sessions").count("Single session") == 1
    ada.reload_until("/demo/mails", lambda _: mails(ada, "Single session", ADA.email) == 1)
    assert mails(ada, "Fit call", ADA.email) == 1

    ada.go("/calendar")
    address = re.search(r"/calendar/\w+\.ics", ada.send("Make my calendar address"))
    assert address is not None
    assert ada.go(address.group()).count("BEGIN:VEVENT") == 2

    grace = Walker(demo.url)
    grace.go("/demo")
    week = grace.send(GRACE.email, email=GRACE.email)
    assert "Ada Example" in week + grace.follow("Week after")

    running = processes_of(demo.instance)
    assert len(running) > 5, "PostgreSQL, the stand-in, three of the web, the worker"
    assert demo.end() == 0
    assert processes_of(demo.instance) == {}
    assert [command for pid, command in running.items() if Path(f"/proc/{pid}").exists()] == []


def test_a_hold_runs_out_when_the_clock_is_moved(demo, ada):
    choose(ada, "Single session")
    ada.send("/mentors/grace-example/holds")
    checkout = ada.page.url
    assert "is held for you" in ada.go("/sessions")

    ada.go("/demo")
    ada.send("40-minutes", move="40-minutes")

    ada.reload_until("/sessions", lambda page: "is held for you" not in page)
    assert "This checkout has expired" in ada.go(checkout)
    assert "40 minutes ahead of real time" in ada.go("/demo")


def test_a_second_start_finds_everything_as_it_was(demo, ada):
    choose(ada, "Fit call")
    ada.send("/mentors/grace-example/holds", **ANSWERS)
    assert demo.end(signal.SIGTERM) == 0

    again = start(demo.instance)
    try:
        walker = Walker(again.url)
        walker.go("/demo")
        walker.send(ADA.email, email=ADA.email)
        assert "Fit call" in walker.go("/sessions")
        walker.go("/demo")
        assert "1 dispute to be answered" in walker.send(OLGA.email, email=OLGA.email) + walker.go("/operator")
    finally:
        assert again.end() == 0


def test_a_second_demo_in_the_same_folder_is_told_so(demo):
    second = launch(demo.instance, free_port())

    said = second.communicate(timeout=60)[0]
    assert second.returncode == 1
    assert said.strip() == (
        f"A demo runs already in {demo.instance}. End it with Ctrl-C first, or set INSTANCE to another folder."
    )


def test_a_port_in_use_is_told(instance):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said, code = (second := launch(instance, port)).communicate(timeout=60)[0], second.returncode

    assert code == 1
    assert said.strip() == f"Port {port} is in use. Take another, for example: make demo PORT={port + 10}"


def test_a_part_that_ends_by_itself_ends_the_demo_with_its_last_words(demo):
    listed = subprocess.check_output(["ps", "-o", "pid=,args=", "--ppid", str(demo.process.pid)], text=True)
    worker = next(line for line in listed.splitlines() if line.endswith("flask --app wsgi worker"))

    os.kill(int(worker.split()[0]), signal.SIGKILL)

    said = demo.process.communicate(timeout=60)[0]
    assert demo.process.returncode == 1
    assert f"The worker ended by signal SIGKILL.\nThe end of {demo.instance}/log/worker.log:" in said
    assert processes_of(demo.instance) == {}


def test_a_killed_demo_takes_its_parts_with_it(demo):
    demo.process.kill()
    demo.process.communicate(timeout=60)

    give_up_at = time.monotonic() + 20
    while (left := without_postgres(processes_of(demo.instance))) and time.monotonic() < give_up_at:
        time.sleep(0.1)
    embedded_postgres.start(demo.instance / "pg").stop()  # nobody's child: the next start would have found it
    assert left == []


def without_postgres(running: dict[int, str]) -> list[str]:
    return [
        command for command in running.values() if "/postgres " not in command and not command.startswith("postgres:")
    ]
