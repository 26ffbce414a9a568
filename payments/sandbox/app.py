"""The stand-in as one Flask application."""

import json

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from payments.sandbox.api import add_routes, respond
from payments.sandbox.call import new_id
from payments.sandbox.control import control
from payments.sandbox.errors import ApiError
from payments.sandbox.hosted import hosted
from payments.sandbox.idempotency import Answer
from payments.sandbox.panel import page_of, panel
from payments.sandbox.parts import Parts
from payments.sandbox.receipts import receipts
from payments.sandbox.routes import ROUTES
from payments.sandbox.setup import setup
from payments.sandbox.told import from_panel


def create_sandbox(parts: Parts) -> Flask:
    """Without the background thread, which `webhooks.Courier` is."""
    app = Flask(__name__, static_url_path="/_sandbox")
    add_routes(app, parts, ROUTES)
    app.register_blueprint(control(parts))
    app.register_blueprint(hosted(parts))
    app.register_blueprint(receipts(parts))
    app.register_blueprint(setup(parts))
    app.register_blueprint(panel(parts))

    def refuse(error: ApiError) -> Response:
        return page_of(parts, request.form["key"], said=error) if from_panel() else _refuse(error)

    app.register_error_handler(ApiError, refuse)
    app.register_error_handler(HTTPException, _unknown)
    return app


def _refuse(error: ApiError) -> Response:
    return respond(Answer(error.status, json.dumps(error.body())), new_id("req", 14))


def _unknown(error: HTTPException) -> Response:
    """An address that Stripe has and the stand-in lacks is told apart from a missing object by its message."""
    if error.code in {404, 405}:
        wrong = f"Unrecognized request URL ({request.method}: {request.path})."
        return _refuse(ApiError(wrong, status=404))
    return _refuse(ApiError(error.description or error.name, status=error.code or 500, kind="api_error"))
