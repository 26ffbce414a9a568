"""The pages that everybody sees, and those that show people their own sessions."""

from datetime import timedelta

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.forms.agenda import AgendaForm
from booking.queries.moves import proposals_of
from booking.services.agenda import write_agenda
from booking.week import week_of
from marketplace.accounts.current import signed_in, visitor
from marketplace.accounts.zones import viewer_zone, zone_choices
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotAllowed
from marketplace.core.http import canonical, settings
from marketplace.core.paging import page_number
from marketplace.mentors.queries import mentor_by_slug, own_mentor
from marketplace.mentorships.queries.reviews import ON_THE_PAGE, PER_PAGE, of_mentor
from marketplace.pages import face, queries
from marketplace.pages.asked import Asked, iso_week
from marketplace.pages.front import front
from marketplace.pages.mentor_page import Reader, mentor_page
from marketplace.pages.next_session import next_session
from marketplace.pages.receipt import receipt_of
from marketplace.pages.session_page import session_page
from marketplace.search.domain.needs import LONGEST_TEXT
from marketplace.search.domain.working_day import WorkingDay
from marketplace.search.reader import Reader as SearchReader
from marketplace.search.remembering import usual_hours
from payments.answers_wanted import answers_wanted
from payments.queries.programmes import to_go_on_with

bp = Blueprint("pages", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    person = visitor()
    reader = SearchReader(person.id if person else None, WorkingDay(viewer_zone(), usual_hours()), utcnow())
    shown = front(db.session(), reader, settings())
    return render_template(
        "pages/home.html", front=shown, zone=reader.zone, longest=LONGEST_TEXT, canonical=canonical("pages.home")
    )


@bp.get("/mentors/<slug>")
def mentor(slug: str) -> ResponseReturnValue:
    reader = Reader(visitor(), viewer_zone(), utcnow())
    page = mentor_page(db.session(), slug, Asked.read(request.args), reader, settings())
    shown, count = of_mentor(db.session(), page.mentor.id, reader.now, most=ON_THE_PAGE)
    return render_template(
        "pages/mentor.html",
        page=page,
        zone=reader.zone,
        zones=zone_choices(),
        reviews=shown,
        review_count=count,
        canonical=canonical("pages.mentor", slug=slug),
    )


@bp.get("/mentors/<slug>/reviews")
def reviews(slug: str) -> ResponseReturnValue:
    """All that mentees have written, the newest first."""
    person, page = visitor(), page_number()
    mentor = mentor_by_slug(db.session(), slug, viewer_id=person.id if person else None)
    shown, count = of_mentor(db.session(), mentor.id, utcnow(), page=page)
    has_more = page * PER_PAGE < count
    return render_template(
        "pages/reviews.html", mentor=mentor, shown=shown, page=page, has_more=has_more, zone=viewer_zone()
    )


@bp.get("/sessions")
@login_required
def sessions() -> ResponseReturnValue:
    """A mentee's sessions: the time that is held, what is ahead, what was."""
    me, now = signed_in(), utcnow()
    upcoming = queries.upcoming_sessions(db.session(), me.id, now)
    return render_template(
        "pages/sessions.html",
        held=queries.held_time(db.session(), me.id, now),
        proposals=[each for each in proposals_of(db.session(), me.id, now) if each.booking.mentee_id == me.id],
        next=next_session(db.session(), upcoming, settings()),
        upcoming=upcoming,
        programmes=to_go_on_with(db.session(), me.id),
        past=queries.past_sessions(db.session(), me.id, now),
        wanted=answers_wanted(db.session(), me.id, viewer_zone(), now),
        zone=viewer_zone(),
    )


@bp.get("/week")
@login_required
def week() -> ResponseReturnValue:
    """A mentor's week, in the zone of the mentor's working hours. Raises NotFound for who is none."""
    mentor = own_mentor(db.session(), signed_in().id)
    today = utcnow().astimezone(mentor.tz).date()
    monday = iso_week(request.args.get("week", "")) or today - timedelta(days=today.weekday())
    return render_template(
        "pages/week.html",
        week=week_of(db.session(), mentor, monday, today=today),
        wanted=answers_wanted(db.session(), mentor.id, mentor.tz, utcnow()),
    )


@bp.get("/sessions/<public_id>")
@login_required
def session(public_id: str) -> ResponseReturnValue:
    """For the two people of it; everybody else finds nothing."""
    page = session_page(db.session(), public_id, signed_in().id, settings(), utcnow(), viewer_zone())
    return render_template("pages/session.html", page=page, zone=viewer_zone())


@bp.post("/sessions/<public_id>/agenda")
@login_required
def agenda(public_id: str) -> ResponseReturnValue:
    """Of the mentee: what they want to talk about."""
    me, form = signed_in(), AgendaForm()
    booking = queries.session_of(db.session(), public_id, me.id)
    if booking.mentee_id != me.id:
        raise NotAllowed("Only the mentee writes here.")
    if not form.validate_on_submit():
        page = session_page(db.session(), public_id, me.id, settings(), utcnow(), viewer_zone())
        return render_template("pages/session.html", page=page, zone=viewer_zone(), agenda=form), 422
    write_agenda(db.session(), booking.id, form.agenda.data, now=utcnow())
    db.session.commit()
    flash(_("Kept."))
    return redirect(url_for("pages.session", public_id=public_id), code=303)


@bp.get("/sessions/<public_id>/receipt")
@login_required
def receipt(public_id: str) -> ResponseReturnValue:
    """For the mentee who paid; prints well. Raises NotFound for everybody else, and while nothing is paid."""
    shown = receipt_of(db.session(), public_id, signed_in().id)
    return render_template("pages/receipt.html", receipt=shown, zone=viewer_zone(), seller=settings().site_name)


@bp.get("/site.webmanifest")
def manifest() -> Response:
    answer = jsonify(face.manifest(settings().site_name))
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@bp.get("/robots.txt")
def robots() -> Response:
    return Response(
        "User-agent: *\nDisallow: /checkout\nDisallow: /sign-in\nDisallow: /sign-up\n", mimetype="text/plain"
    )
