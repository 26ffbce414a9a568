"""The first page of the desk: this week, what is missing, and the steps from draft to approved and back."""

from datetime import date, timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.queries.moves import proposals_of
from booking.week import week_of
from marketplace.accounts.current import signed_in, verified, visitor
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.desk.forms.moves import PauseForm
from marketplace.desk.showing.next_step import links
from marketplace.desk.views.frame import bp, my_profile, next_part
from marketplace.mentors.domain.checklist import Need, missing
from marketplace.mentors.domain.profile import is_to_be_asked
from marketplace.mentors.domain.states import MENTORS, moves_from
from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import status_of
from marketplace.mentors.services import moves
from marketplace.mentors.services.begin import become_mentor
from marketplace.mentors.services.profile import keep_topics
from marketplace.mentors.words import SECTIONS
from payments.answers_wanted import answers_wanted
from payments.readiness import readiness


@bp.get("")
def home() -> ResponseReturnValue:
    if status_of(db.session(), signed_in().id) is None:
        return render_template("desk/begin.html")
    return _desk()


def _desk(typed: PauseForm | None = None) -> str:
    mentor, now = my_profile(), utcnow()
    today = now.astimezone(mentor.tz).date()
    began = mentor.is_public or mentor.approved_at is not None
    items = readiness(db.session(), mentor, settings())
    return render_template(
        "desk/home.html",
        mentor=mentor,
        items=items,
        links=links(),
        bookable=not missing(items, Need.BE_BOOKED),
        may_submit=not missing(items, Need.APPLY),
        next_part=next_part(mentor),
        sections=SECTIONS,
        moves=moves_from(mentor.state, MENTORS),
        week=week_of(db.session(), mentor, today - timedelta(days=today.weekday()), today=today) if began else None,
        proposals=[each for each in proposals_of(db.session(), mentor.id, now) if each.booking.mentor_id == mentor.id],
        pause_form=typed or PauseForm(formdata=None, data={"free_again_on": mentor.free_again_on}),
        today=today,
        old_topics=_to_be_asked(mentor, today),
        wanted=answers_wanted(db.session(), mentor.id, mentor.tz, utcnow()),
    )


def _to_be_asked(mentor: Mentor, today: date) -> list[str]:
    """Topics of which the mentor has said nothing for a year."""
    approved_on = mentor.approved_at.astimezone(mentor.tz).date() if mentor.approved_at else None
    return [each.name for each in mentor.topics if is_to_be_asked(each.kept_fresh_on, approved_on, today)]


@bp.post("/topics-kept")
def topics_kept() -> ResponseReturnValue:
    keep_topics(db.session(), my_profile().id, now=utcnow())
    db.session.commit()
    flash(_("Kept. You are asked again in a year."))
    return redirect(url_for("desk.home"), code=303)


@bp.get("/begin")
def beginning() -> ResponseReturnValue:
    """What it takes to become a mentor, before anybody signs up."""
    person = visitor()
    if person is not None and status_of(db.session(), person.id) is not None:
        return redirect(url_for("desk.home"), code=303)
    return render_template("desk/begin.html")


@bp.post("/begin")
def begin() -> ResponseReturnValue:
    become_mentor(db.session(), verified().id)
    db.session.commit()
    return redirect(url_for("desk.basics"), code=303)


@bp.post("/submit")
def submit() -> ResponseReturnValue:
    moves.submit(db.session(), my_profile().id, now=utcnow())
    db.session.commit()
    flash(_("Your profile is with us now. We read it and answer by mail."))
    return redirect(url_for("desk.home"), code=303)


@bp.post("/withdraw")
def withdraw() -> ResponseReturnValue:
    moves.withdraw(db.session(), my_profile().id, now=utcnow())
    db.session.commit()
    flash(_("You have taken it back. Nobody reads it until you send it in again."))
    return redirect(url_for("desk.home"), code=303)


@bp.post("/pause")
def pause() -> ResponseReturnValue:
    mentor, now, form = my_profile(), utcnow(), PauseForm()
    form.today = now.astimezone(mentor.tz).date()
    if not form.validate_on_submit():
        return _desk(form), 422
    moves.pause(db.session(), mentor.id, free_again_on=form.free_again_on.data, now=now)
    db.session.commit()
    flash(_("You take no new bookings now. What is booked stays."))
    return redirect(url_for("desk.home"), code=303)


@bp.post("/resume")
def resume() -> ResponseReturnValue:
    moves.resume(db.session(), my_profile().id, now=utcnow())
    db.session.commit()
    flash(_("Welcome back. You can be booked again."))
    return redirect(url_for("desk.home"), code=303)
