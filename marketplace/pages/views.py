"""The pages that everybody sees, and those that show people their own sessions."""

from datetime import timedelta

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from marketplace.accounts.current import signed_in, visitor
from marketplace.accounts.zones import viewer_zone, zone_choices
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.core.paging import page_number
from marketplace.pages import queries
from marketplace.pages.asked import Asked, iso_week
from marketplace.pages.directory import directory
from marketplace.pages.mentor_page import Reader, mentor_page
from marketplace.pages.session_page import session_page
from marketplace.pages.week import own_mentor, week_of

bp = Blueprint("pages", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    person = visitor()
    shown = directory(db.session(), number=page_number(), reader_id=person.id if person else None, settings=settings())
    return render_template("pages/home.html", directory=shown)


@bp.get("/mentors/<slug>")
def mentor(slug: str) -> ResponseReturnValue:
    reader = Reader(visitor(), viewer_zone(), utcnow())
    page = mentor_page(db.session(), slug, Asked.read(request.args), reader, settings())
    return render_template("pages/mentor.html", page=page, zone=reader.zone, zones=zone_choices())


@bp.get("/sessions")
@login_required
def sessions() -> ResponseReturnValue:
    """A mentee's sessions: the time that is held, what is ahead, what was."""
    me, now = signed_in(), utcnow()
    return render_template(
        "pages/sessions.html",
        held=queries.held_time(db.session(), me.id, now),
        upcoming=queries.upcoming_sessions(db.session(), me.id, now),
        past=queries.past_sessions(db.session(), me.id, now),
        zone=viewer_zone(),
    )


@bp.get("/week")
@login_required
def week() -> ResponseReturnValue:
    """A mentor's week, in the zone of the mentor's working hours. Raises NotFound for who is none."""
    mentor = own_mentor(db.session(), signed_in().id)
    today = utcnow().astimezone(mentor.tz).date()
    monday = iso_week(request.args.get("week", "")) or today - timedelta(days=today.weekday())
    return render_template("pages/week.html", week=week_of(db.session(), mentor, monday, today=today))


@bp.get("/sessions/<public_id>")
@login_required
def session(public_id: str) -> ResponseReturnValue:
    """For the two people of it; everybody else finds nothing."""
    page = session_page(db.session(), public_id, signed_in().id, settings(), utcnow(), viewer_zone())
    return render_template("pages/session.html", page=page, zone=viewer_zone())


@bp.get("/robots.txt")
def robots() -> Response:
    return Response("User-agent: *\nDisallow: /checkout\n", mimetype="text/plain")
