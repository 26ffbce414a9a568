"""The copy of all that is known of whoever asks."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.current import signed_in
from marketplace.accounts.fresh import fresh_sign_in
from marketplace.accounts.own_copy import archive, copy_of
from marketplace.accounts.own_copy_words import currencies_of, lines_of
from marketplace.accounts.views.frame import bp, page
from marketplace.core.assets import assets
from marketplace.core.belongings import in_order
from marketplace.core.clock import utcnow
from marketplace.core.db import db


@bp.get("/account/copy")
@fresh_sign_in
def own_copy() -> ResponseReturnValue:
    return page("copy", titles=[each.title for each in in_order()])


@bp.get("/account/copy.zip")
@fresh_sign_in
def own_copy_archive() -> ResponseReturnValue:
    user = signed_in()
    copy = copy_of(db.session(), user.id, now=utcnow())
    currencies = currencies_of(copy.parts)
    parts = [(part, [lines_of(row, part, user.tz, currencies) for row in part.rows]) for part in copy.parts]
    styles = assets()["copy.css"].plain.decode()
    told = render_template("accounts/copy_archive.html", copy=copy, parts=parts, user=user, styles=styles)
    written = archive(copy, told)
    name = f"attachment; filename=everything-{copy.made_at:%Y-%m-%d}.zip"
    return Response(written, mimetype="application/zip", headers={"Content-Disposition": name})
