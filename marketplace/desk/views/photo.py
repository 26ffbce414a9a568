"""The photo: the one page that takes a file."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream

from marketplace.accounts.current import visitor
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import http_error
from marketplace.core.language import spoken
from marketplace.desk.forms.profile import PhotoForm
from marketplace.desk.views.frame import bp, kept, my_profile, part_page
from marketplace.mentors.domain.profile import Section
from marketplace.mentors.models import Mentor
from marketplace.mentors.pictures import MOST_BYTES, BadPhoto, Picture, picture_of
from marketplace.mentors.queries import status_of
from marketplace.mentors.services.photo import remove_photo, save_photo

FIELDS_BYTES = 64 * 1024
"""What the form has beside the file."""
READ_TO_THE_END = 40 * 1024 * 1024
"""Of what is refused. A browser that is still sending hears no answer; what is larger than that hears none."""


@bp.url_value_preprocessor
def allow_a_photo(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before the token is looked for, which reads the form. Only for people who are signed in."""
    if endpoint == "desk.photo" and visitor():
        request.max_content_length = MOST_BYTES + FIELDS_BYTES


@bp.route("/profile/photo", methods=["GET", "POST"])
def photo() -> ResponseReturnValue:
    mentor = my_profile()
    form = PhotoForm(data={"alt": mentor.photo.alt if mentor.photo else ""})
    if not form.validate_on_submit():
        return part_page(Section.PHOTO, form, mentor)
    try:
        picture = _sent(form, mentor)
    except BadPhoto as bad:
        form.photo.errors = [spoken(bad)]
        return part_page(Section.PHOTO, form, mentor)
    save_photo(db.session(), mentor.id, picture, alt=form.alt.data, now=utcnow())
    return kept(Section.PHOTO)


@bp.post("/profile/photo/remove")
def remove() -> ResponseReturnValue:
    mentor = my_profile()
    remove_photo(db.session(), mentor.id, now=utcnow())
    db.session.commit()
    flash(_("Your photo is removed."))
    return redirect(url_for("desk.photo"), code=303)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Said beside the field. Whatever else was sent is not known: nobody has read it."""
    person = visitor()
    if request.endpoint != "desk.photo" or person is None or status_of(db.session(), person.id) is None:
        return http_error(error)
    _read_to_the_end()
    mentor = my_profile()
    form = PhotoForm(formdata=None, data={"alt": mentor.photo.alt if mentor.photo else ""})
    form.photo.errors = [_("This file is too large: %(most)s MB at most.", most=MOST_BYTES // 1024**2)]
    return part_page(Section.PHOTO, form, mentor, status=413)


def _sent(form: PhotoForm, mentor: Mentor) -> Picture | None:
    """Raises BadPhoto, also when there is neither an old one nor a new one."""
    if form.photo.data is None:
        if mentor.photo is None:
            raise BadPhoto("Choose a photo.")
        return None
    return picture_of(form.photo.data.read())


def _read_to_the_end() -> None:
    body, left = get_input_stream(request.environ), READ_TO_THE_END
    while left > 0 and (piece := body.read(64 * 1024)):
        left -= len(piece)
