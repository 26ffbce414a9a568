"""Dangerous acts ask for the password again when it was last asked for a while ago."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from marketplace.accounts.current import this_sign_in
from marketplace.accounts.onward import page_of_this_request
from marketplace.core.clock import utcnow

FRESH_FOR = timedelta(minutes=15)
Asked = ParamSpec("Asked")


def fresh_sign_in(view: Callable[Asked, ResponseReturnValue]) -> Callable[Asked, ResponseReturnValue]:
    """The view of somebody who is signed in and gave their password within `FRESH_FOR`. Others are asked for it first,
    and come back to the page. It stands below the route, in place of `login_required`."""

    @wraps(view)
    def asked_first(*args: Asked.args, **kwargs: Asked.kwargs) -> ResponseReturnValue:
        proved_at = this_sign_in().proved_at
        if proved_at is None or utcnow() - proved_at >= FRESH_FOR:
            return redirect(url_for("accounts.confirm_password", next=page_of_this_request() or None), code=303)
        return view(*args, **kwargs)

    guarded: Callable[Asked, ResponseReturnValue] = login_required(asked_first)
    return guarded
