"""The right to withdraw as mentees read it: each version of the text has a page, as long as there are sales by it."""

from email.utils import parseaddr

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.core.errors import NotFound
from marketplace.core.http import settings
from payments.domain.withdrawal import VERSIONS
from payments.views.frame import bp


@bp.get("/withdrawal/<version>")
def withdrawal(version: str) -> ResponseReturnValue:
    if version not in VERSIONS:
        raise NotFound("There is no such text.")
    address = parseaddr(settings().mail_from)[1]
    return render_template(f"payments/withdrawal/{version}.html", version=version, address=address)
