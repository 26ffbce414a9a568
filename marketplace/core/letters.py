"""How a fact's writer makes its letter: both parts from templates/mail/, links that work outside the site."""

from email_validator import EmailNotValidError, validate_email
from flask import current_app

from marketplace.core.http import settings
from marketplace.core.mail import Letter


def link(endpoint: str, **values: object) -> str:
    """An address on the site for people who are not on it: `public_url` and the endpoint's path."""
    return settings().public_url + current_app.url_map.bind("").build(endpoint, values)


def written(template: str, *, to: str, subject: str, **context: object) -> Letter:
    """The Letter that `mail/<template>.txt` and `mail/<template>.html` make of the context.

    Not by render_template: what every page knows (who is signed in, the menu) does not exist where mail is written.
    """
    known = {"site_name": settings().site_name, "subject": subject, "home": settings().public_url, **context}
    text, html = (
        current_app.jinja_env.get_template(f"mail/{template}.{kind}").render(known).strip() + "\n"
        for kind in ("txt", "html")
    )
    return Letter(to=mailbox(to), subject=subject, text=text, html=html)


def mailbox(address: str) -> str:
    """The address with its domain as mail servers know it: not every one of them takes `münchen.example`."""
    try:
        return validate_email(address, check_deliverability=False).ascii_email or address
    except EmailNotValidError:
        return address
