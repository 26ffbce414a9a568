"""Where a person was on the way to: the `next` that every page about accounts hands on, if it is a path of ours."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import redirect, request
from werkzeug.wrappers import Response

from marketplace.core.http import is_safe_target

HOME = "/"
LONGEST = 2000


def onward() -> str:
    """Empty when there is none, or when it would lead off this site."""
    target = request.values.get("next", "")
    return target if len(target) <= LONGEST and is_safe_target(target) else ""


def go_on(target: str) -> Response:
    """To that path if it is one of ours, else to the first page."""
    return redirect(target if is_safe_target(target) else HOME, code=303)


def without_zone(target: str) -> str:
    """The path without a `zone` in its query, which would overrule the one just chosen."""
    parts = urlsplit(target)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "zone"]
    return parts._replace(query=urlencode(query)).geturl()


def page_of_this_request() -> str:
    """What was asked for; after the press of a button, the page that the button stands on. Empty if unknown."""
    if request.method in {"GET", "HEAD"}:
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    target = came_from._replace(scheme="", netloc="", fragment="").geturl()
    return target if came_from.netloc == request.host and is_safe_target(target) else ""
