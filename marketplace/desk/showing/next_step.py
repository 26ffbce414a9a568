"""Where each point of a mentor's list is done, and where somebody goes on whom nobody can book yet."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _

from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.mentors.domain.checklist import Need, Point
from marketplace.mentors.domain.states import MENTORS, Move, moves_from
from marketplace.mentors.queries import own_profile
from marketplace.mentors.words import POINTS
from payments.readiness import readiness

WHERE = {
    Point.VERIFIED: "accounts.account",
    Point.BASICS: "desk.basics",
    Point.STORY: "desk.story",
    Point.WAYS: "desk.ways",
    Point.TOPICS: "desk.topics",
    Point.JOURNEY: "desk.journey",
    Point.GIFTS: "desk.ways",
    Point.PHOTO: "desk.photo",
    Point.MEETING: "desk.basics",
    Point.OFFERING: "offerings.index",
    Point.PAYOUTS: "payouts.page",
    Point.HOURS: "hours.week",
}


@dataclass(frozen=True, slots=True)
class NextStep:
    label: str
    url: str


def links() -> dict[Point, str]:
    """Where each point is done, as far as this application has the page."""
    return {point: url_for(page) for point, page in WHERE.items() if page in current_app.view_functions}


def step_after(point: Point, mentor_id: int) -> NextStep | None:
    """For the page on which a point is done: what comes next until the mentor can be booked. None while the point
    itself is open, and when the rest is not the mentor's to do."""
    mentor, reachable = own_profile(db.session(), mentor_id), links()
    items = readiness(db.session(), mentor, settings())
    left = [item.point for item in items if not item.done and item.need is not Need.SHINE]
    if point in left:
        return None
    for each in left:
        if each in reachable:
            return NextStep(str(POINTS[each]), reachable[each])
    may_submit = Move.SUBMIT in moves_from(mentor.state, MENTORS)
    return NextStep(_("Send it in"), url_for("desk.home")) if may_submit else None
