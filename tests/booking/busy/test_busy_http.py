"""Strangers' servers, asked as they are asked in earnest, but for limits that a test can wait for."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from urllib3.util import connection as urllib3_connection

from booking.busy.apart import fetch_apart
from booking.busy.http import AGENT, Answer, Question, fetch
from booking.domain.busy import Trouble, Unreadable
from tests.booking.busy.calendars import calendar, event
from tests.booking.busy.servers import Connection, Script, answers, bomb, dripping, endless, moved_to, stranger

CALENDAR = calendar(event("DTSTART:20261202T080000Z", "DURATION:PT1H"))
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n"
MOST = 100_000
SECONDS = 1.0


def question(url: str, **given: Any) -> Question:
    return Question(url, **{"most": MOST, "loopback": True, "seconds": SECONDS, **given})


def trouble_with(script: Script) -> Unreadable:
    with stranger(script) as server, pytest.raises(Unreadable) as refused:
        fetch(question(server.url))
    return refused.value


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Where connections are made to; none is."""
    made: list[str] = []

    def refuse(address: tuple[str, int], *_rest: object, **_named: object) -> None:
        made.append(address[0])
        raise OSError("no network in this test")

    monkeypatch.setattr(urllib3_connection, "create_connection", refuse)
    return made  # type: ignore[return-value]  # read after the act


def breaks_off(connection: Connection) -> None:
    connection.send(OK + b"Content-Length: 99999\r\n\r\n" + CALENDAR)


def hangs_up(_connection: Connection) -> None:
    """Without a word."""


class Names:
    """A name server that says something else each time, of the names that it knows."""

    def __init__(self, known: dict[str, list[str]]) -> None:
        self.known, self._ask = known, socket.getaddrinfo
        self.asked: list[str] = []

    def look_up(self, host: str, port: int, *rest: Any, **named: Any) -> Any:
        if host not in self.known:
            return self._ask(host, port, *rest, **named)
        self.asked.append(host)
        said = self.known[host]
        address = said.pop(0) if len(said) > 1 else said[0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]


def names(monkeypatch: pytest.MonkeyPatch, **known: list[str]) -> Names:
    server = Names({name.replace("_", "."): said for name, said in known.items()})
    monkeypatch.setattr(socket, "getaddrinfo", server.look_up)
    return server


def test_a_calendar_is_read_with_what_it_is_known_by_next_time():
    with stranger(answers(CALENDAR, 'ETag: "7"', "Last-Modified: Tue, 01 Dec 2026 08:00:00 GMT")) as server:
        answer = fetch(question(server.url))

    assert answer == Answer(True, '"7"', "Tue, 01 Dec 2026 08:00:00 GMT", CALENDAR)
    assert f"User-Agent: {AGENT}" in server.asked[0]


def test_what_is_known_already_is_asked_for_by_its_tag_and_not_sent_again():
    with stranger(answers(b"", status="304 Not Modified")) as server:
        answer = fetch(question(server.url, etag='"7"', last_modified="Tue, 01 Dec 2026 08:00:00 GMT"))

    assert answer == Answer(False, '"7"', "Tue, 01 Dec 2026 08:00:00 GMT", b"")
    assert 'If-None-Match: "7"' in server.asked[0]
    assert "If-Modified-Since: Tue, 01 Dec 2026 08:00:00 GMT" in server.asked[0]


def test_redirects_are_followed_three_times_and_no_cookie_goes_along():
    with (
        stranger(answers(CALENDAR)) as last,
        stranger(moved_to(last.url, "301 Moved Permanently")) as second,
        stranger(answers(b"", f"Location: {second.url}", "Set-Cookie: a=b", status="307 There")) as first,
    ):
        assert fetch(question(first.url)).body == CALENDAR

    assert not any("Cookie" in head for head in (*last.asked, *second.asked))


@pytest.mark.parametrize(
    ("script", "trouble"),
    [
        pytest.param(answers(b"", status="404 Not Found"), "status 404", id="not there"),
        pytest.param(answers(b"", status="500 Oh"), "status 500", id="broken"),
        pytest.param(answers(b"x" * (MOST + 1)), "large", id="large"),
        pytest.param(endless(OK + b"\r\n", b"x" * 65536), "large", id="without an end"),
        pytest.param(endless(OK + b"Content-Length: 9999999999\r\n\r\n", b"x" * 65536), "large", id="says it is huge"),
        pytest.param(answers(bomb(200), "Content-Encoding: gzip"), "large", id="a bomb"),
        pytest.param(answers(b"noise", "Content-Encoding: gzip"), "unreachable", id="not packed as it says"),
        pytest.param(breaks_off, "unreachable", id="breaks off"),
        pytest.param(lambda connection: connection.send(b"hello"), "unreachable", id="speaks something else"),
        pytest.param(hangs_up, "unreachable", id="hangs up"),
        pytest.param(lambda connection: connection.wait(), "slow", id="says nothing"),
        pytest.param(dripping(OK + b"\r\n", b"BEGIN", seconds=0.1), "slow", id="letter by letter"),
        pytest.param(endless(OK, b"X-More: " + b"x" * 60000 + b"\r\n"), "unreachable", id="headers without an end"),
        pytest.param(moved_to("http://10.0.0.1/calendar.ics"), "unreachable", id="to a private address"),
        pytest.param(moved_to("http://169.254.169.254/latest/meta-data"), "unreachable", id="to the cloud's own"),
        pytest.param(moved_to("http://[fd00::1]/"), "unreachable", id="to a private address of the new kind"),
        pytest.param(moved_to("file:///etc/passwd"), "unreachable", id="to a file"),
        pytest.param(moved_to("gopher://localhost/"), "unreachable", id="to another protocol"),
        pytest.param(moved_to("http://me:secret@localhost/"), "unreachable", id="to one with a password"),
    ],
)
def test_whatever_a_server_does_it_is_over_soon(script: Script, trouble: str):
    begun = time.monotonic()

    assert str(trouble_with(script)) == trouble
    assert time.monotonic() - begun < SECONDS + 4


def test_who_leads_on_and_on_is_left():
    with stranger(moved_to("/once-more")) as server, pytest.raises(Unreadable, match="redirects"):
        fetch(question(server.url))

    assert len(server.asked) == 4


def test_a_server_that_asks_for_a_pause_is_understood():
    refused = trouble_with(answers(b"", "Retry-After: 3600", status="429 Too Many"))

    assert (refused.status, refused.again_in) == (429, 3600)


ADDRESSES = [
    "127.0.0.1",
    "localhost",
    "2130706433",
    "0x7f.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",  # noqa: S104  asked, not listened on
    "[64:ff9b::7f00:1]",
    "169.254.169.254",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "192.0.2.1",
    "[fe80::1]",
    "[fd00::1]",
    "224.0.0.1",
    "240.0.0.1",
]


@pytest.mark.parametrize("host", ADDRESSES)
def test_nothing_that_is_not_on_the_internet_is_connected_to(host: str, connected: list[str]):
    with pytest.raises(Unreadable) as refused:
        fetch(Question(f"https://{host}/calendar.ics", most=MOST))

    assert refused.value.trouble is Trouble.UNREACHABLE
    assert connected == []


def test_control_what_is_on_the_internet_is(connected: list[str]):
    with pytest.raises(Unreadable, match="unreachable"):
        fetch(Question("https://1.1.1.1/calendar.ics", most=MOST))

    assert connected == ["1.1.1.1"]


@pytest.mark.parametrize(
    "address", ["http://calendar.example/", "https://calendar.example:8443/", "ftp://calendar.example/"]
)
def test_only_https_and_its_port_are_asked(monkeypatch: pytest.MonkeyPatch, connected: list[str], address: str):
    asked = names(monkeypatch, calendar_example=["1.1.1.1"])

    with pytest.raises(Unreadable, match="unreachable"):
        fetch(Question(address, most=MOST))

    assert (asked.asked, connected) == ([], [])


@pytest.mark.parametrize("means", ["10.0.0.1", "127.0.0.1", "::1", "::ffff:10.0.0.1", "fd00::1"])
def test_a_name_that_means_a_private_address_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, connected: list[str], means: str
):
    names(monkeypatch, calendar_example=[means])

    with pytest.raises(Unreadable, match="unreachable"):
        fetch(Question("https://calendar.example/", most=MOST))

    assert connected == []


def test_a_name_that_changes_after_it_was_looked_at_leads_nowhere_else(monkeypatch: pytest.MonkeyPatch):
    asked = names(monkeypatch, calendar_example=["127.0.0.1", "127.0.0.2"])
    with (
        stranger(answers(CALENDAR), host="calendar.example") as right,
        stranger(answers(b"inside"), at="127.0.0.2", port=right.port) as inside,
    ):
        answer = fetch(question(right.url))

    assert answer.body == CALENDAR
    assert (len(asked.asked), len(right.asked), len(inside.asked)) == (1, 1, 0)
    assert f"Host: calendar.example:{right.port}" in right.asked[0]


def test_a_name_that_changes_between_two_redirects_is_looked_at_again(monkeypatch: pytest.MonkeyPatch):
    with stranger(moved_to("/once-more"), host="calendar.example") as server:
        asked = names(monkeypatch, calendar_example=["127.0.0.1", "10.0.0.1"])
        with pytest.raises(Unreadable, match="unreachable"):
            fetch(question(server.url))

    assert (len(asked.asked), len(server.asked)) == (2, 1)


def test_no_proxy_of_the_surroundings_is_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with stranger(answers(CALENDAR)) as server:
        assert fetch(question(server.url)).body == CALENDAR


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "trouble"),
    [
        pytest.param(answers(CALENDAR), None, id="well"),
        pytest.param(answers(b"", "Retry-After: 60", status="503 Busy"), "status 503", id="busy"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", seconds=0.3), "slow", id="headers letter by letter"),
        pytest.param(answers(bomb(2000), "Content-Encoding: gzip"), "large", id="a large bomb"),
    ],
)
def test_a_process_of_its_own_asks_and_ends_in_time(script: Script, trouble: str | None):
    begun = time.monotonic()
    with stranger(script) as server:
        if trouble is None:
            assert fetch_apart(question(server.url)).body == CALENDAR
        else:
            with pytest.raises(Unreadable) as refused:
                fetch_apart(question(server.url))
            assert str(refused.value) == trouble

    assert time.monotonic() - begun < SECONDS + 10
