"""Addresses that answer everybody alike are answered without a cookie: none is read and none is given, so what keeps
the answer for others can keep nothing of the reader's."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

IsAlike = Callable[[str], bool]
"""Whether a path answers everybody alike."""


class CookiesWhereNeeded(SecureCookieSessionInterface):
    def __init__(self) -> None:
        self.alike: list[IsAlike] = []

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if any(is_alike(request.path) for is_alike in self.alike):
            return None
        return super().open_session(app, request)


def none_for(app: Flask, is_alike: IsAlike) -> None:
    """Whoever owns such addresses says which they are."""
    if not isinstance(app.session_interface, CookiesWhereNeeded):
        app.session_interface = CookiesWhereNeeded()
    app.session_interface.alike.append(is_alike)
