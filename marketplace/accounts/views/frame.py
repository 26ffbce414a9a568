"""What the pages about accounts share."""

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts import passwords
from marketplace.accounts.onward import onward
from marketplace.accounts.passwords import Passwords
from marketplace.core.errors import TooMany
from marketplace.core.forms import Form
from marketplace.core.http import retry_after, settings
from marketplace.core.language import spoken

bp = Blueprint("accounts", __name__)


def page(name: str, **context: object) -> str:
    return render_template(f"accounts/{name}.html", **{"onward": onward() or None, **context})


def too_often(refusal: TooMany, name: str, form: Form, **context: object) -> ResponseReturnValue:
    """The page once more, with what was typed and with when to try again."""
    form.form_errors.append(spoken(refusal))
    answer = make_response(page(name, form=form, **context), 429)
    answer.headers["Retry-After"] = retry_after(refusal)
    return answer


def site_passwords() -> Passwords:
    return passwords.passwords(settings().environment)
