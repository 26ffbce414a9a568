"""The notebook of a session: what both write step by step, what each writes for themselves, and what comes of it."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from booking.queries.fit_calls import answers_of
from booking.words.bookings import answered
from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.http import settings
from marketplace.core.ids import public_id as drawn_id
from marketplace.mentorships.domain.sessions import STEPS, Part, own_part, thing_of
from marketplace.mentorships.domain.visibility import Access, Role, Thing, access
from marketplace.mentorships.forms.papers import is_public_id
from marketplace.mentorships.forms.sessions import HeardForm, NotesForm
from marketplace.mentorships.queries.sessions import Meeting, actions_of, heard_answer, meeting_of, notes_of
from marketplace.mentorships.services.check_ins import answer_heard
from marketplace.mentorships.services.notes import Kept, Writing, drop_aside, keep, put_together
from marketplace.mentorships.views.actions import empty_action
from marketplace.mentorships.views.frame import bp, mine
from marketplace.mentorships.views.papers import writer_of
from marketplace.mentorships.words.pairs import STEPS_ASKED


@bp.get("/sessions/<public_id>/notes")
@login_required
def notebook(public_id: str) -> ResponseReturnValue:
    return _page(meeting_of(db.session(), public_id, signed_in().id))


@bp.post("/sessions/<public_id>/notes")
@login_required
def keep_shared(public_id: str) -> ResponseReturnValue:
    return _keep(public_id, list(STEPS))


@bp.post("/sessions/<public_id>/notes/own")
@login_required
def keep_own(public_id: str) -> ResponseReturnValue:
    meeting = meeting_of(db.session(), public_id, signed_in().id)
    return _keep(public_id, [own_part(_role(meeting))])


@bp.post("/sessions/<public_id>/notes/<part>/<form>/<any(together,drop):act>")
@login_required
def settle(public_id: str, part: str, form: str, act: str) -> ResponseReturnValue:
    """Of two texts: put together, or the one that is kept beside let go."""
    meeting = meeting_of(db.session(), public_id, signed_in().id)
    if part not in {*STEPS, own_part(_role(meeting))}:
        raise NotFound("There is nothing here.")
    if act == "together":
        put_together(db.session(), _writing(meeting, form), Part(part), form)
    else:
        drop_aside(db.session(), meeting.booking.id, Part(part), form)
    db.session.commit()
    return redirect(url_for("mentorships.notebook", public_id=public_id, _anchor=f"part-{part}"), code=303)


@bp.post("/sessions/<public_id>/heard")
@login_required
def heard(public_id: str) -> ResponseReturnValue:
    """Of a mentee who was listened to, to themselves."""
    meeting = meeting_of(db.session(), public_id, signed_in().id)
    pair, form = mine(meeting.mentorship, Thing.HEARD, Access.WRITE), HeardForm()
    if not _asks_whether_heard(meeting, Role.MENTEE):
        raise NotFound("There is nothing here.")
    if not form.validate_on_submit():
        return _page(meeting, heard_form=form), 422
    answer_heard(db.session(), meeting.booking.id, writer_of(pair), form.heard(), form.words.data)
    db.session.commit()
    flash(_("Kept, for you alone."))
    return redirect(url_for("mentorships.notebook", public_id=public_id), code=303)


def _keep(public_id: str, parts: list[Part]) -> ResponseReturnValue:
    meeting = meeting_of(db.session(), public_id, signed_in().id)
    role = _role(meeting)
    form = NotesForm.of([part for part in parts if access(role, thing_of(part)) is Access.WRITE])
    if not form.judge():
        if _is_asked_by_script():
            return jsonify(errors=form.errors_of), 422
        return _page(meeting, notes_form=form), 422
    name = form.form.data or ""
    kept = keep(db.session(), _writing(meeting, name if is_public_id(name) else drawn_id()), form.drafts())
    db.session.commit()
    if _is_asked_by_script():
        return jsonify({each.part: {"version": each.version, "aside": each.is_aside} for each in kept})
    _tell(kept)
    return redirect(url_for("mentorships.notebook", public_id=public_id), code=303)


def _tell(kept: list[Kept]) -> None:
    if any(each.is_aside for each in kept):
        flash(_("The other one of you has written here meanwhile. Both texts are kept: put them together."), "warning")
    else:
        flash(_("Kept."))


def _is_asked_by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _role(meeting: Meeting) -> Role:
    return Role.MENTOR if signed_in().id == meeting.booking.mentor_id else Role.MENTEE


def _writing(meeting: Meeting, form: str) -> Writing:
    return Writing(meeting.booking.id, signed_in().id, form, utcnow())


def _asks_whether_heard(meeting: Meeting, role: Role) -> bool:
    return role is Role.MENTEE and meeting.is_listening and meeting.booking.ends_at <= utcnow()


def _page(meeting: Meeting, *, notes_form: NotesForm | None = None, heard_form: HeardForm | None = None) -> str:
    me, role, session = signed_in(), _role(meeting), db.session()
    pair = mine(meeting.mentorship, Thing.SHARED_NOTE)
    asked = _asks_whether_heard(meeting, role)
    answer = heard_answer(session, meeting.booking.id) if asked else None
    said = {"answer": answer.answer, "words": answer.words} if answer else {}
    return render_template(
        "mentorships/notebook.html",
        meeting=meeting,
        booking=meeting.booking,
        join_url=pair.row.mentor.meets_at(settings().meeting_url) if meeting.booking.is_ahead(utcnow()) else "",
        pair=pair,
        me=me,
        other=pair.other(me.id),
        role=role,
        steps=STEPS_ASKED,
        brief=answered(answers_of(session, meeting.booking.id)),
        own=own_part(role),
        notes=notes_of(session, meeting.booking.id, role),
        notes_form=notes_form,
        page_form=drawn_id(),
        actions=[] if meeting.is_listening else actions_of(session, pair.row.id),
        new_action=empty_action(pair, back=meeting.booking.public_id),
        heard_form=heard_form or HeardForm(formdata=None, data=said) if asked else None,
        zone=viewer_zone(),
        today=utcnow().astimezone(viewer_zone()).date(),
    )
