"""How a fact's writer makes its letter: both parts from templates/mail/, links that work outside the site."""

from email_validator import EmailNotValidError, validate_email
from flask import current_app

from marketplace.core import language
from marketplace.core.http import settings
from marketplace.core.mail import Letter

NOWHERE = "closed.invalid"
"""The domain of addresses that closed accounts have in the place of theirs (RFC 2606: it never exists)."""


def link(endpoint: str, **values: object) -> str:
    """An address on the site for people who are not on it: `public_url` and the endpoint's path."""
    return settings().public_url + current_app.url_map.bind("").build(endpoint, values)


def written(template: str, *, to: str, subject: str, **context: object) -> Letter:
    """The Letter that `mail/<template>.txt` and `mail/<template>.html` make of the context, in the language being
    spoken: the postman speaks the reader's while a fact's writer writes.

    Not by render_template: what every page knows (who is signed in, the menu) does not exist where mail is written.
    """
    frame = {"site_name": settings().site_name, "subject": subject, "home": settings().public_url}
    known = {**frame, "language": language.current(), "direction": language.direction(), **context}
    text, html = (
        current_app.jinja_env.get_template(f"mail/{template}.{kind}").render(known).strip() + "\n"
        for kind in ("txt", "html")
    )
    return Letter(to=mailbox(to), subject=subject, text=text, html=html)


def is_nowhere(address: str) -> bool:
    return address.endswith(f"@{NOWHERE}")


def mailbox(address: str) -> str:
    """The address with its domain as mail servers know it: not every one of them takes `münchen.example`."""
    try:
        return validate_email(address, check_deliverability=False).ascii_email or address
    except EmailNotValidError:
        return address
