"""Every point at which a process can die: before and after each commit, and each call to Stripe."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from marketplace.core.config import ROOT
from payments.stripe_api.gateway import StripeGateway


class Dead(BaseException):
    """The process is no more. Nothing may catch this and go on: whoever tries dies again."""


class Points:
    """Writes the points down as they are reached, and dies at the one with this number (from 0), if there is one."""

    def __init__(self, die_at: int | None = None, *, by_signal: bool = False) -> None:
        self.seen: list[str] = []
        self._die_at, self._by_signal = die_at, by_signal
        self.died = False

    def reach(self, point: str) -> None:
        if self.died:
            raise Dead(point)
        self.seen.append(point)
        if len(self.seen) - 1 != self._die_at:
            return
        if self._by_signal:
            os.kill(os.getpid(), signal.SIGKILL)
        self.died = True
        raise Dead(point)


@contextmanager
def watched(points: Points) -> Iterator[Points]:
    """In this process, while it is entered."""
    commit, ask = Session.commit, StripeGateway._ask

    def watched_commit(session: Session) -> None:
        where = _caller()
        if where is None:
            commit(session)
            return
        points.reach(f"before the commit in {where}")
        commit(session)
        points.reach(f"after the commit in {where}")

    def watched_ask(gateway: StripeGateway, call: Callable[[], Any]) -> Any:
        where = call.__qualname__.removeprefix("StripeGateway.").partition(".")[0]
        points.reach(f"before Stripe is asked to {where}")
        try:
            return ask(gateway, call)
        finally:
            points.reach(f"after Stripe was asked to {where}")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Session, "commit", watched_commit)
        patched.setattr(StripeGateway, "_ask", watched_ask)
        yield points


def _caller() -> str | None:
    """The function that commits, past SQLAlchemy's scoped session; None for a commit of the tests' own."""
    frame = sys._getframe(2)
    while frame.f_back is not None and "sqlalchemy" in frame.f_code.co_filename:
        frame = frame.f_back
    ours = Path(frame.f_code.co_filename).relative_to(ROOT).parts[0] != "tests"
    return frame.f_code.co_qualname if ours else None
