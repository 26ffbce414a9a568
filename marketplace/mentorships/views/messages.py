"""What the two write to each other: one thread for a mentorship."""

from __future__ import annotations

from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import status_of
from marketplace.core.ids import public_id as drawn_id
from marketplace.core.language import spoken
from marketplace.mentorships.domain.visibility import Access, Thing
from marketplace.mentorships.forms.messages import MessageForm
from marketplace.mentorships.forms.papers import is_public_id
from marketplace.mentorships.models.messages import AnswerWanted
from marketplace.mentorships.queries.messages import closed_to, thread_of
from marketplace.mentorships.queries.pairs import Pair
from marketplace.mentorships.services import messages as service
from marketplace.mentorships.services.messages import ThreadClosed, TooManyMessages
from marketplace.mentorships.services.silence import need_no_answer
from marketplace.mentorships.views.frame import bp, mine
from marketplace.mentorships.views.papers import writer_of


@bp.get("/mentorships/<public_id>/messages")
@login_required
def messages(public_id: str) -> ResponseReturnValue:
    """Whoever has the newest page before them has read what is there; the other one is not told."""
    return _page(mine(public_id, Thing.MESSAGE), MessageForm(formdata=None, data={"form": drawn_id()}))


@bp.post("/mentorships/<public_id>/messages")
@login_required
def send(public_id: str) -> ResponseReturnValue:
    pair, form = mine(public_id, Thing.MESSAGE, Access.WRITE), MessageForm()
    if not form.validate_on_submit():
        return _page(pair, form), 422
    name = form.form.data or ""
    try:
        service.send(db.session(), writer_of(pair), form.words.data, form=name if is_public_id(name) else drawn_id())
    except (ThreadClosed, TooManyMessages) as refusal:
        db.session.rollback()
        form.words.errors = [spoken(refusal)]
        return _page(mine(public_id, Thing.MESSAGE), form), status_of(refusal)
    db.session.commit()
    return redirect(url_for("mentorships.messages", public_id=public_id, _anchor="reply"), code=303)


@bp.post("/mentorships/<public_id>/messages/<any(block,unblock):act>")
@login_required
def change_thread(public_id: str, act: str) -> ResponseReturnValue:
    pair = mine(public_id, Thing.BLOCK, Access.WRITE)
    name = pair.other(signed_in().id).name
    if act == "block":
        service.block(db.session(), writer_of(pair))
        flash(_("No more messages of %(name)s reach you. Sessions that are booked stay booked.", name=name))
    else:
        service.unblock(db.session(), writer_of(pair))
        flash(_("You can write to each other again."))
    db.session.commit()
    return redirect(url_for("mentorships.messages", public_id=public_id), code=303)


@bp.post("/mentorships/<public_id>/messages/no-answer")
@login_required
def no_answer(public_id: str) -> ResponseReturnValue:
    """Of a mentor to whom somebody has said thank you."""
    pair = mine(public_id, Thing.NO_ANSWER, Access.WRITE)
    need_no_answer(db.session(), pair.row.id)
    db.session.commit()
    return redirect(url_for("mentorships.messages", public_id=public_id, _anchor="reply"), code=303)


def _page(pair: Pair, form: MessageForm) -> str:
    me, session, zone = signed_in(), db.session(), viewer_zone()
    before = request.args.get("before", "")
    thread = thread_of(session, pair.row.id, me.id, before=before)
    closed = closed_to(session, pair.row, me.id, utcnow())
    newest = thread.messages[-1].id if thread.messages else 0
    if not before and newest > thread.read_to:
        service.read_to(session, pair.row.id, me.id, newest)
        session.commit()
    by_day = groupby(thread.messages, key=lambda each: each.at.astimezone(zone).date())
    return render_template(
        "mentorships/messages.html",
        pair=pair,
        me=me,
        other=pair.other(me.id),
        thread=thread,
        days=[(day, list(each)) for day, each in by_day],
        closed=closed,
        is_waited_for=me.id == pair.row.mentor_id and session.get(AnswerWanted, pair.row.id) is not None,
        form=form,
        is_newest=not before,
        zone=zone,
    )
