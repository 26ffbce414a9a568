"""A mentor's own journal."""

from __future__ import annotations

from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import status_of
from marketplace.core.ids import public_id as drawn_id
from marketplace.core.language import spoken
from marketplace.core.paging import number
from marketplace.mentors.queries import own_mentor
from marketplace.mentorships.forms.own import EntryForm
from marketplace.mentorships.forms.papers import is_public_id
from marketplace.mentorships.models.own import JournalEntry
from marketplace.mentorships.queries.own import entry_of, journal_of
from marketplace.mentorships.services import journal as service
from marketplace.mentorships.services.journal import EntryChanged
from marketplace.mentorships.views.frame import bp
from marketplace.mentorships.words.own import prompt_of


@bp.get("/journal")
@login_required
def journal() -> ResponseReturnValue:
    return _journal(EntryForm(formdata=None, data={"form": drawn_id()}))


@bp.post("/journal")
@login_required
def write_entry() -> ResponseReturnValue:
    me, form, now = _mentor_id(), EntryForm(), utcnow()
    if not form.validate_on_submit():
        return _journal(form), 422
    name, today = form.form.data or "", now.astimezone(signed_in().tz).date()
    name = name if is_public_id(name) else drawn_id()
    service.write_entry(db.session(), me, form.words.data, today=today, form=name, now=now)
    db.session.commit()
    flash(_("Kept, for you alone."))
    return redirect(url_for("mentorships.journal"), code=303)


@bp.get("/journal/<public_id>")
@login_required
def entry(public_id: str) -> ResponseReturnValue:
    found = entry_of(db.session(), _mentor_id(), public_id)
    return _entry(found, EntryForm(formdata=None, data={"words": found.words, "base": found.version}))


@bp.post("/journal/<public_id>")
@login_required
def change_entry(public_id: str) -> ResponseReturnValue:
    me, form = _mentor_id(), EntryForm()
    found = entry_of(db.session(), me, public_id)
    if not form.validate_on_submit():
        return _entry(found, form), 422
    base = number(form.base.data or "") or 0
    try:
        service.change_entry(db.session(), me, public_id, form.words.data, base=base, now=utcnow())
    except EntryChanged as refusal:
        db.session.rollback()
        return _both_texts(entry_of(db.session(), me, public_id), form, refusal)
    db.session.commit()
    flash(_("Kept, for you alone."))
    return redirect(url_for("mentorships.journal", _anchor=f"e-{public_id}"), code=303)


@bp.post("/journal/<public_id>/remove")
@login_required
def remove_entry(public_id: str) -> ResponseReturnValue:
    service.remove_entry(db.session(), _mentor_id(), public_id)
    db.session.commit()
    flash(_("The entry is gone."))
    return redirect(url_for("mentorships.journal"), code=303)


def _mentor_id() -> int:
    return own_mentor(db.session(), signed_in().id).id


def _both_texts(kept: JournalEntry, form: EntryForm, refusal: EntryChanged) -> ResponseReturnValue:
    """What was typed stays in the field, and the next press is made from what is kept."""
    form.words.errors = [spoken(refusal)]
    form.base.data = str(kept.version)
    return _entry(kept, form, kept_words=kept.words), status_of(refusal)


def _journal(form: EntryForm) -> str:
    me, before = _mentor_id(), request.args.get("before", "")
    page = journal_of(db.session(), me, before=before)
    today = utcnow().astimezone(signed_in().tz).date()
    return render_template(
        "mentorships/journal.html",
        form=form,
        page=page,
        months=[(month, list(entries)) for month, entries in groupby(page.entries, key=lambda each: each.month)],
        is_newest=not before,
        today=today,
        prompt_of=prompt_of,
        zone=signed_in().tz,
    )


def _entry(found: JournalEntry, form: EntryForm, *, kept_words: str = "") -> str:
    return render_template(
        "mentorships/journal_entry.html",
        entry=found,
        form=form,
        kept_words=kept_words,
        prompt=prompt_of(found.month),
        zone=signed_in().tz,
    )
