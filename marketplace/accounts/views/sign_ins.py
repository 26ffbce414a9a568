"""Where a person is signed in, and ending that from afar."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in, this_sign_in
from marketplace.accounts.queries import sign_ins_of
from marketplace.accounts.services.sign_ins import end_all, end_one
from marketplace.accounts.views.frame import bp, page
from marketplace.core.clock import utcnow
from marketplace.core.db import db


@bp.get("/account/sign-ins")
@login_required
def sign_ins() -> ResponseReturnValue:
    user = signed_in()
    return page("sign_ins", found=sign_ins_of(db.session(), user.id, utcnow()), here=this_sign_in(), zone=user.zone)


@bp.post("/account/sign-ins/<sign_in_id>/end")
@login_required
def end_sign_in(sign_in_id: str) -> ResponseReturnValue:
    end_one(db.session(), signed_in().id, sign_in_id)
    db.session.commit()
    flash(_("That browser is signed out."))
    return redirect(url_for("accounts.sign_ins"), code=303)


@bp.post("/account/sign-ins/end-others")
@login_required
def end_other_sign_ins() -> ResponseReturnValue:
    end_all(db.session(), signed_in().id, but=this_sign_in())
    db.session.commit()
    flash(_("You are signed out everywhere but here."))
    return redirect(url_for("accounts.sign_ins"), code=303)
