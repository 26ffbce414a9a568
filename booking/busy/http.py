"""Asking a stranger's server for a calendar.

requests-hardened looks a name up once, refuses addresses that are not on the internet, and connects to the very address
that it looked at, so that a name that means another one a moment later leads nowhere. The rest is ours: https and its
port alone, each redirect looked at like the first address, limits on time and size, no cookies, no proxy.

Runs in a process of its own (`booking.busy.apart`), which ends what no limit of a library can: a server that sends its
headers letter by letter.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import urljoin

import requests
from requests_hardened import Config, Manager
from urllib3.exceptions import HTTPError, ReadTimeoutError

from booking.domain.busy import Trouble, Unreadable
from booking.domain.busy_address import NoAddress, address_of

FETCH_SECONDS = 15
CONNECT_SECONDS, SILENCE_SECONDS = 3, 5
MOST_REDIRECTS = 3
PIECE = 64 * 1024
AGENT = "OfficeHours (busy calendar)"
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whom; `etag` and `last_modified` are what it said of what is known already. `most` is in bytes,
    after decompressing; `seconds` are for all of it. `loopback` allows this machine, http and any port."""

    address: str
    most: int
    etag: str | None = None
    last_modified: str | None = None
    loopback: bool = False
    seconds: float = FETCH_SECONDS


@dataclass(frozen=True, slots=True)
class Answer:
    """`changed` is False when it is as it was; then there is no body."""

    changed: bool
    etag: str | None
    last_modified: str | None
    body: bytes


def fetch(question: Question) -> Answer:
    """Raises Unreadable."""
    ends = time.monotonic() + question.seconds
    with _session(question) as session:
        try:
            return _answer(session, question, ends)
        except (requests.Timeout, ReadTimeoutError):
            raise Unreadable(Trouble.SLOW) from None
        except (requests.RequestException, HTTPError, OSError, ValueError):
            raise Unreadable(Trouble.UNREACHABLE) from None


def _session(question: Question) -> requests.Session:
    session: requests.Session = Manager(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=question.loopback,
            never_redirect=True,
            default_timeout=(CONNECT_SECONDS, min(SILENCE_SECONDS, question.seconds)),
            user_agent_override=AGENT,
        )
    ).get_session()
    session.trust_env = False  # a proxy would look the name up again
    return session


def _answer(session: requests.Session, question: Question, ends: float) -> Answer:
    address = question.address
    for _ in range(1 + MOST_REDIRECTS):
        address = _allowed(address, loopback=question.loopback)
        with session.get(address, headers=_headers(question), stream=True) as response:
            session.cookies.clear()
            if response.status_code in REDIRECTS and "Location" in response.headers:
                address = urljoin(address, response.headers["Location"])
                continue
            return _taken(response, question, ends)
    raise Unreadable(Trouble.REDIRECTS)


def _allowed(address: str, *, loopback: bool) -> str:
    try:
        return address_of(address, loopback=loopback)
    except NoAddress:
        raise Unreadable(Trouble.UNREACHABLE) from None


def _headers(question: Question) -> dict[str, str]:
    known = {"If-None-Match": question.etag, "If-Modified-Since": question.last_modified}
    return {
        "Accept": "text/calendar, */*;q=0.1",
        "Accept-Encoding": "gzip",
        **{name: value for name, value in known.items() if value},
    }


def _taken(response: requests.Response, question: Question, ends: float) -> Answer:
    if response.status_code == 304:
        return Answer(changed=False, etag=question.etag, last_modified=question.last_modified, body=b"")
    if response.status_code != 200:
        raise Unreadable(Trouble.STATUS, response.status_code, _pause(response.headers.get("Retry-After", "")))
    return Answer(
        changed=True,
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
        body=_body(response, question.most, ends),
    )


def _body(response: requests.Response, most: int, ends: float) -> bytes:
    """As it comes and is unpacked, so that what becomes large is dropped before it is."""
    body = bytearray()
    while piece := response.raw.read1(PIECE, decode_content=True):
        body += piece
        if len(body) > most:
            raise Unreadable(Trouble.LARGE)
        if time.monotonic() > ends:
            raise Unreadable(Trouble.SLOW)
    return bytes(body)


def _pause(retry_after: str) -> int | None:
    """In seconds; a date is not read, the usual pause does as well."""
    return int(retry_after) if retry_after.isdecimal() and len(retry_after) < 9 else None
