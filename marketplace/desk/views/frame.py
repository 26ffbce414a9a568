"""What the pages of the desk share: whose they are, and the way from one part of a profile to the next."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from marketplace.accounts.current import signed_in, to_sign_in, visitor
from marketplace.core.db import db
from marketplace.core.forms import Form
from marketplace.core.http import settings
from marketplace.mentors.domain.checklist import Need, Point, checklist, missing
from marketplace.mentors.domain.profile import Section
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import own_profile, profile_facts
from marketplace.mentors.words import SECTIONS

bp = Blueprint("desk", __name__, url_prefix="/desk")
FOR_ALL = "desk.beginning"
PART_OF = {
    Point.BASICS: Section.BASICS,
    Point.STORY: Section.STORY,
    Point.WAYS: Section.WAYS,
    Point.TOPICS: Section.TOPICS,
}
TABS = (
    ("desk.home", lazy_gettext("My desk")),
    ("desk.profile", lazy_gettext("Profile")),
    ("hours.week", lazy_gettext("Working hours")),
    ("offerings.index", lazy_gettext("What you offer")),
    ("payouts.page", lazy_gettext("Getting paid")),
    ("earnings.page", lazy_gettext("Earnings")),
)
STILL_WRITING = frozenset({MentorStatus.DRAFT, MentorStatus.CHANGES_WANTED})


@bp.before_request
def only_signed_in() -> ResponseReturnValue | None:
    """Everybody has a desk; who is no mentor yet can become one there. What it takes is for visitors, too."""
    return to_sign_in() if visitor() is None and request.endpoint != FOR_ALL else None


@bp.context_processor
def tabs() -> dict[str, object]:
    """The pages of a desk that this application has."""
    return {"desk_tabs": [(endpoint, label) for endpoint, label in TABS if endpoint in current_app.view_functions]}


def my_profile() -> Mentor:
    """With all that it shows. Raises NotFound for who is no mentor."""
    return own_profile(db.session(), signed_in().id)


def pressed() -> str:
    """The button that sent the form: `save`, or one that only makes the page again from what was typed."""
    return request.form.get("action", "save")


def part_page(section: Section, form: Form, mentor: Mentor, *, preview: str = "", status: int = 422) -> tuple[str, int]:
    """A part of the profile to be filled in, or filled in wrongly."""
    page = render_template(
        f"desk/{section}.html", form=form, mentor=mentor, section=section, sections=SECTIONS, preview=preview
    )
    return page, status if form.errors else 200


def kept(section: Section) -> ResponseReturnValue:
    """After the service: commit, and on. Who is still writing is led to the next part that is missing, and from the
    last to the desk, where the button to send it in is."""
    db.session.commit()
    mentor = my_profile()
    part = next_part(mentor)
    if part is None or part is section or mentor.state not in STILL_WRITING:
        flash(_("Saved."))
        return redirect(url_for("desk.home" if mentor.state in STILL_WRITING else "desk.profile"), code=303)
    flash(_("Saved. Next: %(part)s.", part=SECTIONS[part]))
    return redirect(url_for(f"desk.{part}"), code=303)


def next_part(mentor: Mentor) -> Section | None:
    """The first part without which nobody can ask for approval."""
    items = checklist(profile_facts(mentor, site_meeting_url=settings().meeting_url))
    return next((PART_OF[point] for point in missing(items, Need.APPLY) if point in PART_OF), None)
