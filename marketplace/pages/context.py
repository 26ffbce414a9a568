"""What every page knows: who looks at it, what time it is, the menu, and how sums and times are written."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from marketplace.accounts.current import visitor
from marketplace.accounts.models import User
from marketplace.core import formats
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from marketplace.pages.words import state_words

FILTERS = {
    "money": Money.format,
    "local": formats.local,
    "local_with_zone": formats.local_with_zone,
    "local_span": formats.local_span,
    "dated": formats.dated,
    "day": formats.day,
    "long_day": formats.long_day,
    "clock_time": formats.clock_time,
    "zone_place": formats.zone_place,
    "instant": formats.instant,
    "length_words": formats.length,
    "month_name": formats.month_name,
    "counted": formats.counted,
    "countdown": formats.countdown,
    "state_words": state_words,
}


@dataclass(frozen=True, slots=True)
class MenuEntry:
    label: str
    url: str
    current: bool


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(FILTERS)
    app.context_processor(page_context)


def page_context() -> dict[str, object]:
    try:
        person = visitor()
        mentors = person is not None and is_mentor(person)
    except SQLAlchemyError:  # the page that says so must come out even when the database is away
        person, mentors = None, False
    return {
        "site_name": settings().site_name,
        "now": utcnow(),
        "visitor": person,
        "is_mentor": mentors,
        "menu": menu(person, mentors),
    }


def is_mentor(user: User) -> bool:
    return db.session.scalar(select(Mentor.id).where(Mentor.id == user.id)) is not None


def menu(person: User | None, mentors: bool) -> list[MenuEntry]:
    """Only pages that this application has: it can be run without some of its parts."""
    wanted = [("Find a mentor", "pages.home")]
    if person is None:
        wanted += [("Sign in", "accounts.sign_in"), ("Sign up", "accounts.sign_up")]
    else:
        wanted += [("My sessions", "pages.sessions")]
        wanted += [("My week", "pages.week")] if mentors else []
        wanted += [("Bookings", "operator.bookings")] if person.is_operator else []
        wanted += [("Calendar", "calendar.index"), ("Account", "accounts.account")]
    return [
        MenuEntry(label, url_for(endpoint), request.endpoint == endpoint)
        for label, endpoint in wanted
        if endpoint in current_app.view_functions
    ]
