"""How the stand-in's own routes read a request and answer it, for a program and for the panel's forms."""

from typing import Any

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from payments.sandbox.api import account_of, check_key
from payments.sandbox.errors import ApiError
from payments.sandbox.params import Kind


def told(name: str, kind: Kind, otherwise: str | None = None) -> Any:
    """A field of the JSON or form body; an empty one is as good as none."""
    value = _fields().get(name, "")
    if value == "":
        value = otherwise
    if value is None:
        raise ApiError(f"Missing required param: {name}.", code="parameter_missing", param=name)
    return kind.read(str(value), name)


def names(*known: str) -> set[str]:
    """Which of these fields were filled in."""
    return {name for name in known if _fields().get(name, "") != ""}


def from_panel() -> bool:
    return "key" in request.form


def whose() -> str:
    """The key of the form or of the request's head. Raises 401 unless it is a test key."""
    return check_key(request.form["key"]) if from_panel() else account_of(request)


def done(**answer: Any) -> AnyResponse:
    return redirect(url_for("panel.page", key=whose()), 303) if from_panel() else jsonify(**answer)


def _fields() -> dict[str, Any]:
    given: dict[str, Any] = request.get_json(silent=True) or request.form
    return given
