"""Calendars: the addresses that apps subscribe to, and one session to keep. The page beside hands the addresses out.

Apps poll for ever, so the way to a 304 is one indexed read: no cookie session, no account, no booking. An address that
was replaced answers 404 like one that never was, since nothing of it is kept.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import cast

from flask import Blueprint, Flask, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import login_required
from werkzeug.http import is_resource_modified

from booking import invites
from booking.domain.apps import app_named
from booking.domain.calendar import Scope, Site, Subscription, asked_window, epoch_of, starting_in, window
from booking.domain.intervals import Interval
from booking.feeds import calendars as feeds
from booking.feeds.bodies import KeptBodies
from booking.feeds.reads import Read, ReadLog, write_reads
from booking.ics import MEDIA_TYPE
from booking.queries.bookings import envelope_of
from booking.queries.calendars import appointments, confirmed_appointment, open_schedule, polled, site_of, subscription
from booking.services import feeds as addresses
from marketplace.accounts.current import signed_in
from marketplace.core import cookies
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound, RuleBroken
from marketplace.core.http import settings
from marketplace.core.single_statements import single_statements

bp = Blueprint("calendar", __name__)


def is_calendar(path: str) -> bool:
    """Calendar apps are known by the address alone: they are given no cookie, and none of theirs is read."""
    return path.startswith("/calendar/") and path.endswith(".ics")


@bp.record_once
def prepare(state: BlueprintSetupState) -> None:
    app = cast("Flask", state.app)
    cookies.none_for(app, is_calendar)
    app.extensions["calendar_reads"] = ReadLog()
    app.extensions["calendar_bodies"] = KeptBodies()


@bp.get("/calendar/<secret>.ics")
def feed(secret: str) -> Response:
    now, site, key = utcnow(), site_of(settings()), addresses.fingerprint(secret)
    epoch = epoch_of(now)
    found = polled(single_statements(), key)
    if found is None:
        raise gone()
    if not found.scope.has_events:
        return noted(answer_of_data(key, found, epoch, site), found, now)
    version = feeds.version_of(found, epoch=epoch, site=site)
    if not is_resource_modified(request.environ, etag=version.etag, last_modified=version.last_modified):
        answer = validated(Response(status=304, content_type=MEDIA_TYPE), version)
    elif kept := bodies().get(found.feed_id, version):
        answer = whole(found, version, kept)
    else:
        answer = written(key, epoch, site)
    return noted(answer, found, now)


def bodies() -> KeptBodies:
    found: KeptBodies = current_app.extensions["calendar_bodies"]
    return found


def written(key: bytes, epoch: datetime, site: Site) -> Response:
    """Revision and bookings from one snapshot: a new version never goes out with an old body."""
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        found = subscription(connection, key)
        if found is None:
            raise gone()
        sessions = appointments(connection, found.user_id, found.scope, window(epoch), site)
    version, body = feeds.version_of(found, epoch=epoch, site=site), feeds.body(found, sessions, epoch=epoch, site=site)
    bodies().keep(found.feed_id, version, body)
    return whole(found, version, body)


def answer_of_data(key: bytes, found: Subscription, epoch: datetime, site: Site) -> Response:
    """VFREEBUSY or VAVAILABILITY, in the time that is asked for."""
    within = asked_window(epoch, request.args.get("from", ""), request.args.get("to", ""))
    if within is None:
        raise RuleBroken("Give from and to as dates such as 2026-12-01, or as instants such as 2026-12-01T09:30Z.")
    if found.scope is Scope.HOURS:
        return hours_answer(found, within, epoch, site)
    version = feeds.version_of(found, epoch=epoch, site=site, besides=within)
    if not is_resource_modified(request.environ, etag=version.etag, last_modified=version.last_modified):
        return validated(Response(status=304, content_type=MEDIA_TYPE), version)
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        found = subscription(connection, key) or found
        sessions = appointments(connection, found.user_id, found.scope, starting_in(within), site)
    version = feeds.version_of(found, epoch=epoch, site=site, besides=within)
    return whole(found, version, feeds.free_busy_body(found, sessions, within, epoch=epoch, site=site))


def hours_answer(found: Subscription, within: Interval, epoch: datetime, site: Site) -> Response:
    """Hours have no revision, so the tag is that of the bytes, and there is no date to ask by."""
    schedule = open_schedule(db.session(), found.user_id, envelope_of(settings()))
    body = feeds.hours_body(found, schedule, within, epoch=epoch, site=site)
    version = feeds.version_of(found, epoch=epoch, site=site, besides=body)
    is_new = is_resource_modified(request.environ, etag=version.etag)
    answer = (
        whole(found, version, body) if is_new else validated(Response(status=304, content_type=MEDIA_TYPE), version)
    )
    answer.headers.pop("Last-Modified", None)
    return answer


def whole(found: Subscription, version: feeds.Version, body: bytes) -> Response:
    answer = Response(body, content_type=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'inline; filename="office-hours-{found.scope}.ics"'
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
    read = Read(now, app_named(request.headers.get("User-Agent", "")), found.revision)
    if due := current_app.extensions["calendar_reads"].note(found.feed_id, read):
        answer.call_on_close(partial(write_reads, db.engine, due))
    return answer


@bp.get("/sessions/<public_id>.ics")
@login_required
def session_ics(public_id: str) -> ResponseReturnValue:
    site = site_of(settings())
    found = confirmed_appointment(db.session(), public_id, signed_in().id, site)
    if found is None:
        raise NotFound("There is no such session in your calendar.")
    appointment, side = found
    answer = Response(invites.download(appointment, side, site=site), content_type=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="session-{appointment.public_id}.ics"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
