"""What pages load besides themselves: stylesheets, the script, icons. Sent from memory, packed once.

An address carries a fingerprint of what it brings (`url_for("static", …)` adds it), so browsers keep it for a year and
ask for another when it changes. Whoever asks with another fingerprint, as happens while an old and a new version run
side by side, is given what is here and told not to rely on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from marketplace.core import cookies, packing, trimming
from marketplace.core.config import ROOT
from marketplace.core.errors import NotFound

FOLDER, PREFIX = ROOT / "static", "/static/"
BOOTSTRAP = "bootstrap.css"
"""The one that is no file of ours."""
KINDS = {
    ".css": "text/css",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
IS_TEXT = {".css", ".js", ".svg"}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """`packed` is None where packing makes nothing smaller."""

    kind: str
    plain: bytes
    packed: bytes | None
    version: str


def init_app(app: Flask) -> None:
    app.add_url_rule(f"{PREFIX}<path:filename>", endpoint="static", view_func=serve)
    app.add_url_rule("/favicon.ico", endpoint="favicon", view_func=serve, defaults={"filename": "favicon.ico"})
    app.url_defaults(with_fingerprint)
    app.before_request(read_again_in_development)
    cookies.none_for(app, lambda path: path.startswith(PREFIX) or path == "/favicon.ico")


@cache
def assets() -> Mapping[str, Asset]:
    """By name; read once in the life of a process."""
    found = {file.name: _asset(file.suffix, file.read_bytes()) for file in FOLDER.iterdir() if file.suffix in KINDS}
    return found | {BOOTSTRAP: _asset(".css", trimming.bootstrap().encode())}


def _asset(suffix: str, body: bytes) -> Asset:
    packed = packing.packed(body) if suffix in IS_TEXT else None
    return Asset(KINDS[suffix], body, packed, sha256(body).hexdigest()[:12])


def serve(filename: str) -> ResponseReturnValue:
    found = assets().get(filename)
    if found is None:
        raise NotFound("There is nothing here.")
    goes_packed = found.packed is not None and packing.is_welcome()
    answer = Response(found.packed if goes_packed else found.plain, mimetype=found.kind)
    if goes_packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Cache-Control"] = FOR_EVER if request.args.get("v") == found.version else ASK_AGAIN
    answer.vary.add("Accept-Encoding")
    answer.set_etag(f"{found.version}-{'gzip' if goes_packed else 'plain'}")
    return answer.make_conditional(request)


def with_fingerprint(endpoint: str, values: dict[str, object]) -> None:
    if endpoint == "static" and (found := assets().get(str(values.get("filename")))):
        values.setdefault("v", found.version)


def read_again_in_development() -> None:
    if current_app.debug:
        assets.cache_clear()
