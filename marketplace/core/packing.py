"""Answers made smaller on their way: gzip from the standard library, for whoever says that they can read it."""

from __future__ import annotations

import gzip
import secrets
from io import BytesIO

from flask import Flask, Response, request

LEAST_BYTES = 1000
"""Below this it fits into one packet either way."""
MOST_PADDING = 100
"""What a page packs to would tell a secret in it, letter by letter, to somebody who puts their guesses beside it and
watches the line (breachattack.com). A file name of random length in gzip's own header hides the difference, as
Django's does ("Heal the Breach", 2022)."""


def init_app(app: Flask) -> None:
    app.after_request(with_less)


def is_welcome() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def packed(body: bytes, *, level: int = 9, padding: int = 0) -> bytes:
    written = BytesIO()
    with gzip.GzipFile("a" * padding, "wb", level, written, mtime=0) as file:
        file.write(body)
    return written.getvalue()


def with_less(response: Response) -> Response:
    """Pages alone: pictures are small already, and what is not made anew each time packs itself."""
    if response.mimetype != "text/html" or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= LEAST_BYTES and is_welcome():
        response.set_data(packed(body, level=6, padding=secrets.randbelow(MOST_PADDING)))
        response.headers["Content-Encoding"] = "gzip"
    return response
