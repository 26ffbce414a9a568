"""Which language a person reads: the account's, else the one chosen in the footer, else what the browser asks for."""

from flask import has_request_context, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.datastructures import LanguageAccept

from marketplace.accounts.current import visitor
from marketplace.accounts.models import User
from marketplace.core.language import DEFAULT, LANGUAGES

COOKIE = "language"


def chosen_language() -> str:
    """Of this request; English outside of one."""
    if not has_request_context():
        return DEFAULT
    try:
        person = visitor()
    except SQLAlchemyError:  # the page that says so must come out even when the database is away
        person = None
    wanted = person.locale if person else request.cookies.get(COOKIE)
    return wanted if wanted in LANGUAGES else best_of(request.accept_languages) or DEFAULT


def best_of(wanted: LanguageAccept) -> str | None:
    """The first of ours in the order of preference. werkzeug's `best_match` puts `de` before `en-GB,de;q=0.5`, since it
    looks for whole tags first."""
    primary = (tag.replace("_", "-").partition("-")[0].lower() for tag, quality in wanted if quality > 0)
    return next((code for code in primary if code in LANGUAGES), None)


def language_of(session: Session, user_id: int) -> str:
    """For letters to this person."""
    return session.scalar(select(User.locale).where(User.id == user_id)) or DEFAULT
