"""The menu: what there is for whoever looks at the page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _

from marketplace.accounts.models import User
from marketplace.accounts.onward import onward, page_of_this_request
from marketplace.core.db import db
from marketplace.mentors.domain.states import PUBLIC, MentorStatus
from marketplace.mentors.queries import status_of, waiting_count
from marketplace.mentorships.queries.messages import unread_of

ENTRANCES = ("accounts.sign_in", "accounts.sign_up")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    label: str
    url: str
    current: bool


def menu(person: User | None) -> list[MenuEntry]:
    """One account books and mentors, so both sides stand side by side. Only pages that this application has: it can be
    run without some of its parts."""
    wanted = [(_("Find a mentor"), "search.results")]
    if person is None:
        wanted += [(_("Become a mentor"), "desk.beginning")]
        wanted += [(_("Sign in"), "accounts.sign_in"), (_("Sign up"), "accounts.sign_up")]
    else:
        wanted += [(_("My sessions"), "pages.sessions"), *_together(person), *_mentors_side(person)]
        wanted += [(_("Calendar"), "calendar.index"), (_("Account"), "accounts.account")]
        wanted += [(_vetting(), "operator.mentors"), (_("Overview"), "operator.home")] if person.is_operator else []
    return [
        MenuEntry(label, url_for(endpoint, next=_way_back(endpoint)), request.endpoint == endpoint)
        for label, endpoint in wanted
        if endpoint in current_app.view_functions
    ]


def _way_back(endpoint: str) -> str | None:
    """Who signs in or up comes back to the page on which they pressed it."""
    if endpoint not in ENTRANCES or request.endpoint in {None, "pages.home"}:
        return None
    return (onward() if request.blueprint == "accounts" else page_of_this_request()) or None


def _together(person: User) -> list[tuple[str, str]]:
    """For whoever has a mentorship, with how many messages wait there."""
    unread = unread_of(db.session(), person.id)
    if not unread.mentorships:
        return []
    waiting = _("Mentorships (%(waiting)s)", waiting=unread.messages) if unread.messages else _("Mentorships")
    return [(str(waiting), "mentorships.index")]


def _mentors_side(person: User) -> list[tuple[str, str]]:
    """Who has never been approved has no week to look at."""
    status = status_of(db.session(), person.id)
    if status is None:
        return [] if person.is_operator else [(_("Become a mentor"), "desk.home")]
    has_a_week = status in PUBLIC or status is MentorStatus.SUSPENDED
    return [(_("My desk"), "desk.home"), *([(_("My week"), "pages.week")] if has_a_week else [])]


def _vetting() -> str:
    """With how many profiles wait to be read, which is all that operators are told of them."""
    waiting = waiting_count(db.session())
    return str(_("Mentors (%(waiting)s)", waiting=waiting) if waiting else _("Mentors"))
