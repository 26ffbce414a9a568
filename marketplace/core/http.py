"""The edge of the web: domain errors to statuses (once), headers that every page carries, safe redirects."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from marketplace.core import language
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.errors import Conflict, DomainError, GatewayUnavailable, NotAllowed, NotFound, RuleBroken, TooMany
from marketplace.core.language import spoken

STATUS_OF: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    RuleBroken: 422,
    TooMany: 429,
    GatewayUnavailable: 503,
}
TITLES = {
    400: _("That request was not complete"),
    403: _("This is not yours to open"),
    404: _("There is nothing here"),
    405: _("This address does not take that"),
    409: _("Someone was there first"),
    413: _("That is too large"),
    422: _("That cannot be done"),
    429: _("That was tried too often"),
    500: _("Something broke on our side"),
    503: _("Not reachable just now"),
}
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action {form_action}"
)


def settings() -> Settings:
    """The settings that this application was made with."""
    made_with: Settings = current_app.extensions["settings"]
    return made_with


def canonical(endpoint: str, **values: Any) -> str:
    """The one address of a page for those who send people to it, on whatever host and with whatever filters it was
    asked for."""
    return f"{settings().public_url}{url_for(endpoint, **values)}"


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(CSRFError, form_too_old)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, database_refused)
    app.register_error_handler(500, broken)
    app.url_value_preprocessor(only_text)
    app.after_request(with_headers)
    app.teardown_request(close_files)


def only_text(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """No address of ours has the one character that the database cannot be asked for."""
    if any("\0" in value for value in (values or {}).values() if isinstance(value, str)):
        raise NotFound("There is nothing here.")


def close_files(_error: BaseException | None) -> None:
    """What was uploaded and is larger than half a megabyte lies in a file until somebody closes it."""
    request.close()


def status_of(error: DomainError) -> int:
    return next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))


def refused(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    answer = make_response(error_page(status_of(error), spoken(error)))
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = retry_after(error)
    return answer


def retry_after(error: TooMany) -> str:
    """Whole seconds, rounded up, as the header has them."""
    return str(-(-error.retry_after // timedelta(seconds=1)))


def form_too_old(_error: CSRFError) -> ResponseReturnValue:
    return error_page(400, _("The page was open for too long. Go back, load it again and repeat the last step."))


def http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # a redirect, such as a missing slash
    answer = make_response(error_page(status, None))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer


def database_refused(error: OperationalError) -> ResponseReturnValue:
    """Who waited too long behind others is told to try again; everything else is a bug or an outage."""
    db.session.rollback()
    if isinstance(error.orig, LockNotAvailable | DeadlockDetected):
        return error_page(
            503, _("Many people are booking just now. Nothing was changed: please try again in a moment.")
        )
    current_app.logger.error("the database refused", exc_info=error)
    return error_page(500, None)


def broken(_error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    return error_page(500, None)


def error_page(status: int, sentence: str | LazyString | None) -> ResponseReturnValue:
    title = TITLES.get(status, _("That did not work"))
    return render_template("error.html", status=status, title=title, sentence=sentence), status


def with_headers(response: Response) -> Response:
    # The browser applies form-action to the redirect after *Pay and book* too, so Stripe's pages must be in it: where
    # one pays, and where mentors say who they are.
    checkout = "https://checkout.stripe.com https://connect.stripe.com"
    if base := settings().stripe_api_base:
        checkout = base
    policy = CONTENT_SECURITY_POLICY.format(form_action=f"'self' {checkout}")
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if settings().production:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Content-Language", language.current())
        response.vary.update(("Accept-Language", "Cookie"))
    return response


def is_safe_target(target: str | None) -> bool:
    """A path on this site and nothing else: no scheme, no host, no trick with backslashes or control characters."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return False
    if any(ord(character) < 32 for character in target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc
