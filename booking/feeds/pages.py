"""The page of one's calendar addresses: each with what it holds and who last read it, replaced and removed alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import login_required
from wtforms import BooleanField, RadioField, StringField

from booking.domain.calendar import Scope
from booking.feeds import calendars as feeds
from booking.feeds.views import bp
from booking.models.feeds import LONGEST_NAME, CalendarFeed
from booking.queries.calendars import feeds_of, site_of
from booking.services import feeds as addresses
from marketplace.accounts.current import signed_in, verified
from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.fields import OneOf, Words
from marketplace.core.forms import Form
from marketplace.core.http import settings, status_of
from marketplace.core.language import spoken
from marketplace.mentors.models import Mentor

CONTENTS = {
    Scope.BOTH: lazy_gettext("All my sessions"),
    Scope.MENTOR: lazy_gettext("Sessions I give"),
    Scope.MENTEE: lazy_gettext("Sessions I have booked"),
    Scope.BUSY: lazy_gettext("Only when I am busy"),
    Scope.FREE_BUSY: lazy_gettext("When I am busy, for programs (VFREEBUSY)"),
    Scope.HOURS: lazy_gettext("When I can be booked, for programs (VAVAILABILITY)"),
}


class NewForm(Form):
    """`scope` offers what this person's calendars can hold."""

    scope = RadioField(
        lazy_gettext("What it shows"), [OneOf(lazy_gettext("Choose what it shows."))], validate_choice=False
    )
    name = StringField(lazy_gettext("Name"), [Words(LONGEST_NAME)])

    def offer(self, *, to_mentor: bool) -> NewForm:
        offered = [scope for scope in Scope if to_mentor or not scope.is_mentors]
        self.scope.choices = [(str(scope), str(CONTENTS[scope])) for scope in offered]
        return self


class OptionsForm(Form):
    """One for each calendar on the page, told apart by its prefix."""

    name = StringField(lazy_gettext("Name"), [Words(LONGEST_NAME)])
    with_join_link = BooleanField(lazy_gettext("Show the join link in this calendar"))
    with_cancelled = BooleanField(lazy_gettext("Show cancelled sessions for a while"))


@dataclass(frozen=True, slots=True)
class Address:
    """A calendar as its owner's page shows it. `revision` is what there is to know now."""

    feed: CalendarFeed
    form: OptionsForm
    title: str
    url: str
    revision: int

    @property
    def contents(self) -> str:
        return str(CONTENTS[Scope(self.feed.scope)])

    @property
    def has_events(self) -> bool:
        return Scope(self.feed.scope).has_events

    @property
    def names_people(self) -> bool:
        return Scope(self.feed.scope).names_people

    @property
    def is_up_to_date(self) -> bool:
        """Whether the app that read it last knows all that it shows now."""
        return self.feed.last_read_revision == self.revision

    @property
    def webcal(self) -> str:
        return "webcal://" + self.url.partition("://")[2]

    @property
    def google(self) -> str:
        return f"https://calendar.google.com/calendar/r?cid={quote(self.webcal, safe='')}"

    @property
    def outlook(self) -> str:
        return f"https://outlook.live.com/calendar/0/addfromweb?url={quote(self.url, safe='')}&name={quote(self.title)}"


@bp.get("/calendar")
@login_required
def index() -> ResponseReturnValue:
    return _page(_new_form(fresh=True), {})


@bp.post("/calendar")
@login_required
def make() -> ResponseReturnValue:
    me, form = verified(), _new_form()
    if not form.validate():
        return _page(form, {}), 422
    scope, name = Scope(form.scope.data), form.name.data or ""
    try:
        feed = addresses.make_feed(
            db.session(), me.id, scope, name=name, secret_key=settings().secret_key, now=utcnow()
        )
    except addresses.TooManyCalendars as refusal:
        db.session.rollback()
        form.form_errors.append(spoken(refusal))
        return _page(form, {}), status_of(refusal)
    db.session.commit()
    return _back_to(feed.id)


@bp.post("/calendar/<int:feed_id>/address")
@login_required
def rotate(feed_id: int) -> ResponseReturnValue:
    addresses.rotate(db.session(), signed_in().id, feed_id, secret_key=settings().secret_key)
    db.session.commit()
    return _back_to(feed_id)


@bp.post("/calendar/<int:feed_id>/options")
@login_required
def options(feed_id: int) -> ResponseReturnValue:
    feed = addresses.own_feed(db.session(), signed_in().id, feed_id)
    form = OptionsForm(prefix=_prefix(feed))
    if not form.validate():
        return _page(_new_form(fresh=True), {feed_id: form}), 422
    wish = addresses.Wish(form.name.data or "", form.with_join_link.data, form.with_cancelled.data)
    addresses.change(db.session(), signed_in().id, feed_id, wish, now=utcnow())
    db.session.commit()
    return _back_to(feed_id)


@bp.post("/calendar/<int:feed_id>/end")
@login_required
def remove(feed_id: int) -> ResponseReturnValue:
    addresses.remove(db.session(), signed_in().id, feed_id)
    db.session.commit()
    flash(gettext("The address is removed. What an app has read by it, the app keeps until it is removed there too."))
    return redirect(url_for("calendar.index"), code=303)


def _page(form: NewForm, changed: Mapping[int, OptionsForm]) -> str:
    """`changed` are the forms that were sent and are not right yet, by their calendar."""
    me = signed_in()
    shown = [_address(feed, changed.get(feed.id), me) for feed in feeds_of(db.session(), me.id)]
    return render_template("calendar/index.html", addresses=shown, form=form, now=utcnow())


def _new_form(*, fresh: bool = False) -> NewForm:
    """A fresh one has the first of its choices chosen."""
    is_mentor = db.session().get(Mentor, signed_in().id) is not None
    form = NewForm(formdata=None, scope=Scope.BOTH if is_mentor else Scope.MENTEE) if fresh else NewForm()
    return form.offer(to_mentor=is_mentor)


def _prefix(feed: CalendarFeed) -> str:
    return f"calendar{feed.id}-"


def _address(feed: CalendarFeed, changed: OptionsForm | None, owner: User) -> Address:
    secret = addresses.secret_of(settings().secret_key, feed.id, feed.rotation)
    return Address(
        feed=feed,
        form=changed or OptionsForm(formdata=None, obj=feed, prefix=_prefix(feed)),
        title=feeds.title(Scope(feed.scope), site_of(settings())),
        url=settings().public_url + url_for("calendar.feed", secret=secret),
        revision=owner.calendar_revision,
    )


def _back_to(feed_id: int) -> ResponseReturnValue:
    return redirect(url_for("calendar.index", _anchor=f"calendar{feed_id}"), code=303)
