"""The edge of the web: domain errors to statuses (once), headers that every page carries, safe redirects."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.errors import Conflict, DomainError, GatewayUnavailable, NotAllowed, NotFound, RuleBroken

STATUS_OF: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    RuleBroken: 422,
    GatewayUnavailable: 503,
}
TITLES = {
    400: "That request was not complete",
    403: "This is not yours to open",
    404: "There is nothing here",
    405: "This address does not take that",
    409: "Someone was there first",
    413: "That is too large",
    422: "That cannot be done",
    500: "Something broke on our side",
    503: "Not reachable just now",
}
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action {form_action}"
)


def settings() -> Settings:
    """The settings that this application was made with."""
    made_with: Settings = current_app.extensions["settings"]
    return made_with


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(CSRFError, form_too_old)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, database_refused)
    app.register_error_handler(500, broken)
    app.after_request(with_headers)


def status_of(error: DomainError) -> int:
    return next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))


def refused(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    return error_page(status_of(error), str(error))


def form_too_old(_error: CSRFError) -> ResponseReturnValue:
    return error_page(400, "The page was open for too long. Go back, load it again and repeat the last step.")


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
        return error_page(503, "Many people are booking just now. Nothing was changed: please try again in a moment.")
    current_app.logger.error("the database refused", exc_info=error)
    return error_page(500, None)


def broken(_error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    return error_page(500, None)


def error_page(status: int, sentence: str | None) -> ResponseReturnValue:
    title = TITLES.get(status, "That did not work")
    return render_template("error.html", status=status, title=title, sentence=sentence), status


def with_headers(response: Response) -> Response:
    # The browser applies form-action to the redirect after *Pay and book* too, so Stripe's page must be in it.
    checkout = "https://checkout.stripe.com"
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
    return response


def is_safe_target(target: str | None) -> bool:
    """A path on this site and nothing else: no scheme, no host, no trick with backslashes or control characters."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return False
    if any(ord(character) < 32 for character in target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc
