"""The demo's own pages: whom to sign in as, a clock to move, and the mail. Registered only where DEMO is set."""

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import sessions
from marketplace.accounts.onward import go_on, onward
from marketplace.accounts.queries import user_by_address
from marketplace.core.clock import CLOCK, utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.http import CONTENT_SECURITY_POLICY, settings
from marketplace.demo import mailbox
from marketplace.demo.calendars import lunches
from marketplace.demo.clock import MOVES, REAL_TIME, move, move_words, offset_words
from marketplace.demo.people import HEDY, MENTORS, SIGN_INS, Person
from marketplace.demo.queries import recent_checkouts
from marketplace.mentors.domain.states import MentorStatus

bp = Blueprint("demo", __name__)

_OURS = "'self'"
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
)
"""For the HTML of a mail: it runs nothing, loads nothing, and can only lead away when its reader presses a link."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The line on every page that says that this is a demo; its times are in the visitor's zone, else in `zone`."""

    zone: str
    moved: str


@bp.app_context_processor
def bar() -> dict[str, object]:
    return {"demo": Bar(settings().default_zone, offset_words(CLOCK.offset()))}


@bp.get("/demo")
def index() -> ResponseReturnValue:
    return render_template(
        "demo/index.html",
        people=SIGN_INS,
        moves=[(wish, move_words(by)) for wish, by in MOVES.items()],
        real_time=REAL_TIME,
        stripe=settings().stripe_api_base,
        stripe_key=settings().stripe_secret_key,
        checkouts=recent_checkouts(db.session()),
    )


@bp.post("/demo/sign-in")
def sign_in() -> ResponseReturnValue:
    """As one of the sample people, without a password."""
    email = request.form.get("email", "")
    person = next((each for each in SIGN_INS if each.email == email), None)
    user = user_by_address(db.session(), person.email) if person else None
    if person is None or user is None:
        raise NotFound("There is no such person in the demo. `flask seed-demo` adds them.")
    sessions.begin(user, now=utcnow())
    db.session.commit()
    flash(_("You are signed in as %(name)s.", name=user.name))
    return redirect(url_for(landing(person)), code=303)


@bp.post("/demo/clock")
def clock() -> ResponseReturnValue:
    move(request.form.get("move", ""), settings())
    return go_on(onward() or url_for("demo.index"))


@bp.get("/demo/mails")
def mails() -> ResponseReturnValue:
    return render_template("demo/mails.html", mails=mailbox.newest(_folder()), by_smtp=bool(settings().smtp_url))


@bp.get("/demo/mails/<name>")
def mail(name: str) -> ResponseReturnValue:
    page = make_response(render_template("demo/mail.html", mail=mailbox.opened(_folder(), name)))
    page.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY.format(form_action=_OURS)}; frame-src {_OURS}"
    return page


@bp.get("/demo/mails/<name>/html")
def mail_html(name: str) -> ResponseReturnValue:
    """The HTML part as it is, but for where its links open: it is shown in a frame."""
    html = mailbox.opened(_folder(), name).html
    if html is None:
        raise NotFound("This mail has no such part.")
    letter = html.replace("<head>", '<head><base target="_top">', 1)
    return Response(letter, mimetype="text/html", headers={"Content-Security-Policy": LETTER_POLICY})


@bp.get("/demo/calendars/lunch.ics")
def lunch() -> ResponseReturnValue:
    return Response(lunches(utcnow(), settings().default_zone), mimetype="text/calendar")


def landing(person: Person) -> str:
    """The page that each has come for."""
    if person.is_operator:
        return "operator.home"
    if person == HEDY:
        return "mentorships.index"
    mentoring = next((each for each in MENTORS if each.person == person), None)
    if mentoring is None:
        return "pages.home"
    return "desk.home" if mentoring.status is MentorStatus.SUBMITTED else "pages.week"


def _folder() -> Path:
    return settings().instance / "mail"
