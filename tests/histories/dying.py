"""A process that may be killed before any commit, and before or after any request to Stripe; and a wire that may fail.

Being killed after a commit is the same as being killed before whatever comes next. Nothing is put in the place of the
site's own code: its session's commit and its HTTP client's request are waited upon.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
import stripe
from sqlalchemy.orm import Session

from marketplace.core.db import db

Watch = Callable[[str, dict[str, str]], list[str]]
"""Told of an address and of what is posted there, before it is; says what is wrong with that."""


class Killed(BaseException):
    """As a SIGKILL: nothing of ours catches it."""


@dataclass
class Fate:
    """When the process dies, when Stripe is out of reach, and what was asked of it under which key."""

    left: int | None = None
    silent: int = 0
    posted: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    in_transaction: list[str] = field(default_factory=list)
    watches: list[Watch] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)

    def point(self) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left <= 0:
            self.left = None
            raise Killed

    def asks(self, method: str, url: str, key: str | None, body: str) -> None:
        if db.session().in_transaction():
            self.in_transaction.append(f"{method} {url}")
        if method == "post" and not url.endswith("/expire"):
            self.posted[key or "no key"].add((url, body))
            for watch in self.watches:
                self.forbidden += watch(url, dict(parse_qsl(body)))
        if self.silent > 0:
            self.silent -= 1
            raise stripe.APIConnectionError("out of reach")


@contextmanager
def mortal() -> Iterator[Fate]:
    """While it is entered, every session's commit and every request to Stripe asks fate first."""
    fate = Fate()
    commit, request = Session.commit, stripe.RequestsClient.request

    def committing(self: Session) -> None:
        fate.point()
        commit(self)

    def requesting(self: Any, method: str, url: str, headers: Any, post_data: Any = None) -> Any:
        fate.point()
        fate.asks(method, url, dict(headers).get("Idempotency-Key"), str(post_data))
        answer = request(self, method, url, headers, post_data)
        fate.point()
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Session, "commit", committing)
        patched.setattr(stripe.RequestsClient, "request", requesting)
        # The library waits half a second before it asks again; nothing here gets better by waiting.
        patched.setattr(stripe.HTTPClient, "_sleep_time_seconds", lambda *_: 0.0)
        yield fate
