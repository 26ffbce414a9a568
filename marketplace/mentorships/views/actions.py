"""What the two will do, wherever it is written down, and check-ins between sessions."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.ids import public_id as drawn_id
from marketplace.mentorships.domain.visibility import Access, Thing
from marketplace.mentorships.forms.papers import is_public_id
from marketplace.mentorships.forms.sessions import ActionForm, CheckInForm, put_owners
from marketplace.mentorships.queries.pairs import Pair
from marketplace.mentorships.queries.sessions import check_ins_of, meeting_of
from marketplace.mentorships.services.actions import Intent, intend, mark, remove
from marketplace.mentorships.services.check_ins import check_in, monday_of, see
from marketplace.mentorships.views.frame import bp, mine
from marketplace.mentorships.views.papers import writer_of


def owners_of(pair: Pair) -> dict[int, str]:
    """The mentee first: it is their growth."""
    return {pair.row.mentee_id: pair.row.mentee.name, pair.row.mentor_id: pair.row.mentor.user.name}


def empty_action(pair: Pair, *, back: str = "") -> ActionForm:
    data = {"form": drawn_id(), "back": back, "owner": str(pair.row.mentee_id)}
    form = ActionForm(formdata=None, data=data)
    put_owners(form, owners_of(pair))
    return form


@bp.post("/mentorships/<public_id>/actions")
@login_required
def add_action(public_id: str) -> ResponseReturnValue:
    pair, form = mine(public_id, Thing.ACTION, Access.WRITE), ActionForm()
    put_owners(form, owners_of(pair))
    if not form.validate_on_submit():
        return _action_page(pair, form), 422
    before = _session_of(pair, form.session.data)
    intent = Intent(form.words.data, int(form.owner.data), form.cue.data, form.due.data, before)
    name = form.form.data or ""
    intend(db.session(), writer_of(pair), intent, form=name if is_public_id(name) else drawn_id())
    db.session.commit()
    return redirect(_back(pair, form.back.data), code=303)


@bp.post("/mentorships/<public_id>/actions/<action_id>/<any(done,open,remove):act>")
@login_required
def change_action(public_id: str, action_id: str, act: str) -> ResponseReturnValue:
    pair, form = mine(public_id, Thing.ACTION, Access.WRITE), ActionForm()
    if act == "remove":
        remove(db.session(), writer_of(pair), action_id)
    else:
        mark(db.session(), writer_of(pair), action_id, done=act == "done")
    db.session.commit()
    return redirect(_back(pair, form.back.data), code=303)


@bp.route("/mentorships/<public_id>/check-in", methods=["GET", "POST"])
@login_required
def make_check_in(public_id: str) -> ResponseReturnValue:
    pair, me = mine(public_id, Thing.CHECK_IN, Access.WRITE), signed_in()
    today = utcnow().astimezone(me.tz).date()
    known = [each for each in check_ins_of(db.session(), pair.row.id) if each.week == monday_of(today)]
    said = {"progress": known[0].progress, "is_stuck": known[0].is_stuck, "words": known[0].words} if known else {}
    form = CheckInForm(data=said)
    if not form.validate_on_submit():
        page = render_template("mentorships/check_in.html", pair=pair, me=me, other=pair.other(me.id), form=form)
        return (page, 422) if form.errors else page
    given = {"progress": form.progress.data, "is_stuck": form.is_stuck.data, "words": form.words.data}
    check_in(db.session(), writer_of(pair), today=today, **given)
    db.session.commit()
    flash(_("Kept. %(name)s sees it.", name=pair.row.mentor.user.name))
    return redirect(url_for("mentorships.page", public_id=public_id), code=303)


@bp.post("/mentorships/<public_id>/check-ins/seen")
@login_required
def have_seen(public_id: str) -> ResponseReturnValue:
    pair = mine(public_id, Thing.SEEN, Access.WRITE)
    see(db.session(), writer_of(pair))
    db.session.commit()
    return redirect(url_for("mentorships.page", public_id=public_id), code=303)


def _session_of(pair: Pair, public_id: str | None) -> int | None:
    """The session of this pair that it is to be done before. Raises NotFound for any other."""
    if not public_id:
        return None
    meeting = meeting_of(db.session(), public_id, signed_in().id)
    if meeting.mentorship != pair.row.public_id:
        raise NotFound("There is no such session.")
    return meeting.booking.id


def _back(pair: Pair, session: str | None) -> str:
    if session and is_public_id(session):
        return url_for("mentorships.notebook", public_id=session, _anchor="actions")
    return url_for("mentorships.page", public_id=pair.row.public_id, _anchor="actions")


def _action_page(pair: Pair, form: ActionForm) -> str:
    """The form alone, with what is wrong."""
    me = signed_in()
    return render_template("mentorships/action.html", pair=pair, me=me, other=pair.other(me.id), form=form)
