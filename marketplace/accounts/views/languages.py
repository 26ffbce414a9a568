"""The choice of a language in the footer: for everybody, with and without an account."""

from datetime import timedelta

from flask import request
from flask.typing import ResponseReturnValue

from marketplace.accounts.current import visitor
from marketplace.accounts.languages import COOKIE
from marketplace.accounts.onward import go_on, onward
from marketplace.accounts.views.frame import bp
from marketplace.core.db import db
from marketplace.core.errors import RuleBroken
from marketplace.core.http import settings
from marketplace.core.jobs import enqueue
from marketplace.core.language import LANGUAGES

KEPT = timedelta(days=365)


@bp.post("/language")
def language() -> ResponseReturnValue:
    """Kept in a cookie, and in the account of who is signed in, whose letters and calendars follow."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise RuleBroken("This site does not speak that language.")
    user = visitor()
    if user is not None and user.locale != chosen:
        user.locale = chosen
        enqueue(db.session(), "booking:show_changes", user_id=user.id)
        db.session.commit()
    answer = go_on(onward())
    secure = settings().public_url.startswith("https://")
    answer.set_cookie(COOKIE, chosen, max_age=KEPT, httponly=True, samesite="Lax", secure=secure)
    return answer
