"""For whoever watches the site: is the process alive, and may it be sent requests?

No session, no cookie, and no line in the access log: a balancer asks every few seconds.
"""

import logging

from flask import Blueprint, Flask, current_app, make_response
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from marketplace.core import migrating
from marketplace.core.db import db

bp = Blueprint("health", __name__)
ACCESS_LOGS = ("gunicorn.access", "werkzeug")


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """200 while the process answers at all; the database is not asked, since a restart would not bring it back."""
    return _plain("ok", 200)


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """503 while the database is away or its tables are not those of this version."""
    try:
        with db.engine.connect() as connection:
            at_head = migrating.present(connection) == migrating.newest()
    except SQLAlchemyError as away:
        current_app.logger.warning("not ready: %s", away)
        return _plain("The database does not answer.", 503)
    if not at_head:
        return _plain("The database has other tables than this version needs: flask db upgrade.", 503)
    return _plain("ok", 200)


def _plain(sentence: str, status: int) -> ResponseReturnValue:
    answer = make_response(sentence + "\n", status)
    answer.mimetype = "text/plain"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def is_worth_a_line(record: logging.LogRecord) -> bool:
    """False for the lines of an access log that only say that somebody looked whether we are there."""
    line = record.getMessage()
    return "GET /healthz " not in line and "GET /readyz " not in line


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    for name in ACCESS_LOGS:
        logging.getLogger(name).addFilter(is_worth_a_line)
