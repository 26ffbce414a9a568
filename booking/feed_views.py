"""Calendars: the addresses that apps subscribe to, the page that hands them out, one session to keep.

Apps poll for ever, so the way to a 304 is one indexed read: no cookie session, no account, no booking. An address that
was replaced answers 404 like one that never was, since nothing of it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import cast
from urllib.parse import quote

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import login_required
from werkzeug.http import is_resource_modified
from wtforms import BooleanField

from booking import feeds, invites
from booking.calendar_queries import appointments, confirmed_appointment, feeds_of, site_of, subscription
from booking.domain.calendar import Scope, Site, Subscription, epoch_of, window
from booking.feed_reads import ReadLog, write_reads
from booking.ics import MEDIA_TYPE
from booking.models import CalendarFeed
from booking.services import feeds as addresses
from marketplace.accounts.current import signed_in, verified
from marketplace.core import cookies
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.forms import Form
from marketplace.core.http import settings
from marketplace.core.single_statements import single_statements
from marketplace.mentors.models import Mentor

bp = Blueprint("calendar", __name__)
SIDE = "<any(mentor,mentee):scope>"


class OptionsForm(Form):
    with_join_link = BooleanField(_("Show the join link in this calendar"))


@dataclass(frozen=True, slots=True)
class Address:
    """A calendar as its owner's page shows it."""

    scope: Scope
    title: str
    feed: CalendarFeed | None
    url: str

    @property
    def webcal(self) -> str:
        return "webcal://" + self.url.partition("://")[2]

    @property
    def google(self) -> str:
        return f"https://calendar.google.com/calendar/r?cid={quote(self.webcal, safe='')}"

    @property
    def outlook(self) -> str:
        return f"https://outlook.live.com/calendar/0/addfromweb?url={quote(self.url, safe='')}&name={quote(self.title)}"


def is_calendar(path: str) -> bool:
    """Calendar apps are known by the address alone: they are given no cookie, and none of theirs is read."""
    return path.startswith("/calendar/") and path.endswith(".ics")


@bp.record_once
def prepare(state: BlueprintSetupState) -> None:
    app = cast("Flask", state.app)
    cookies.none_for(app, is_calendar)
    app.extensions["calendar_reads"] = ReadLog()


@bp.get("/calendar/<secret>.ics")
def feed(secret: str) -> Response:
    now, site, key = utcnow(), site_of(settings()), addresses.fingerprint(secret)
    epoch = epoch_of(now)
    found = single_statements().run(lambda connection: subscription(connection, key))
    if found is None:
        raise gone()
    version = feeds.version_of(found, epoch=epoch, site=site)
    if is_resource_modified(request.environ, etag=version.etag, last_modified=version.last_modified):
        answer = whole_feed(key, epoch, site)
    else:
        answer = validated(Response(status=304), version)
    return noted(answer, found, now)


def whole_feed(key: bytes, epoch: datetime, site: Site) -> Response:
    """Revision and bookings from one snapshot: a new version never goes out with an old body."""
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        found = subscription(connection, key)
        if found is None:
            raise gone()
        sessions = appointments(connection, found.user_id, found.scope, window(epoch), site)
    answer = Response(feeds.body(found, sessions, epoch=epoch, site=site), content_type=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'inline; filename="office-hours-{found.scope}.ics"'
    version = feeds.version_of(found, epoch=epoch, site=site)
    answer.last_modified = version.last_modified  # not on a 304, whose tag says it all (RFC 9110, 15.4.5)
    return validated(answer, version)


def gone() -> NotFound:
    return NotFound(
        "There is no calendar at this address. If it was yours, it has a new address: look on your calendar page."
    )


def validated(answer: Response, version: feeds.Version) -> Response:
    answer.set_etag(version.etag)
    answer.headers["Cache-Control"] = "private, max-age=300"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def noted(answer: Response, found: Subscription, now: datetime) -> Response:
    """The write, if one is due, comes after the answer has gone out."""
    if due := current_app.extensions["calendar_reads"].note(found.feed_id, now):
        answer.call_on_close(partial(write_reads, db.engine, due))
    return answer


@bp.get("/calendar")
@login_required
def index() -> ResponseReturnValue:
    return render_template("calendar/index.html", addresses=own_addresses(), form=OptionsForm(formdata=None))


@bp.post(f"/calendar/{SIDE}")
@login_required
def make(scope: str) -> ResponseReturnValue:
    addresses.make_feed(db.session(), verified().id, Scope(scope), secret_key=settings().secret_key, now=utcnow())
    db.session.commit()
    return back_to(scope)


@bp.post(f"/calendar/{SIDE}/address")
@login_required
def rotate(scope: str) -> ResponseReturnValue:
    addresses.rotate(db.session(), signed_in().id, Scope(scope), secret_key=settings().secret_key)
    db.session.commit()
    return back_to(scope)


@bp.post(f"/calendar/{SIDE}/options")
@login_required
def options(scope: str) -> ResponseReturnValue:
    shown = bool(OptionsForm().with_join_link.data)
    addresses.show_join_link(db.session(), signed_in().id, Scope(scope), shown=shown, now=utcnow())
    db.session.commit()
    return back_to(scope)


@bp.get("/sessions/<public_id>.ics")
@login_required
def session_ics(public_id: str) -> ResponseReturnValue:
    site = site_of(settings())
    found = confirmed_appointment(db.session(), public_id, signed_in().id, site)
    if found is None:
        raise NotFound("There is no such session in your calendar.")
    appointment, scope = found
    answer = Response(invites.download(appointment, scope, site=site), content_type=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="session-{appointment.public_id}.ics"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def own_addresses() -> list[Address]:
    user, session = signed_in(), db.session()
    made = {feed.scope: feed for feed in feeds_of(session, user.id)}
    sides = [Scope.MENTEE, Scope.MENTOR] if session.get(Mentor, user.id) else [Scope.MENTEE]
    return [address_of(side, made.get(side)) for side in sides]


def address_of(scope: Scope, feed: CalendarFeed | None) -> Address:
    url = ""
    if feed is not None:
        secret = addresses.secret_of(settings().secret_key, feed.id, feed.rotation)
        url = settings().public_url + url_for("calendar.feed", secret=secret)
    return Address(scope, feeds.title(scope, site_of(settings())), feed, url)


def back_to(scope: str) -> ResponseReturnValue:
    return redirect(url_for("calendar.index", _anchor=scope), code=303)
