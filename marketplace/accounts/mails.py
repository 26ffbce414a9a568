"""The letters about accounts. They repeat nothing that a stranger may have typed, such as a name."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.accounts.queries import user_by_address
from marketplace.accounts.services.letters import (
    ADDRESS_ASKED,
    ADDRESS_MOVED,
    ALREADY_HERE,
    CLOSED,
    NEW_ADDRESS,
    NEWS,
    RESET,
    VERIFY,
    News,
)
from marketplace.accounts.services.new_password import state_of
from marketplace.accounts.tokens import Claim, Move, Proof, Reset, Undo, make
from marketplace.core import formats
from marketplace.core.http import settings
from marketplace.core.letters import link, written
from marketplace.core.mail import Letter, MailRow, writes


@writes(VERIFY)
def verification(session: Session, row: MailRow) -> Letter | None:
    user = session.get(User, row.user_id)
    if user is None or user.is_verified:
        return None
    subject = _("Confirm your address for %(site)s", site=settings().site_name)
    return written("accounts_verify", to=user.email, subject=subject, verify_link=_verify_link(user, row))


@writes(ALREADY_HERE)
def already_here(session: Session, row: MailRow) -> Letter | None:
    """Where nobody has confirmed the address, a password of their own makes the account its reader's."""
    user, onward = session.get(User, row.user_id), _onward(row)
    if user is None:
        return None
    return _already_here(user, sign_in_link=link("accounts.sign_in", **({"next": onward} if onward else {})))


def _already_here(user: User, *, sign_in_link: str) -> Letter:
    return written(
        "accounts_already_here",
        to=user.email,
        subject=_("You already have an account at %(site)s", site=settings().site_name),
        sign_in_link=sign_in_link,
        forgotten_link=link("accounts.forgotten"),
        reset_link=None if user.is_verified else _reset_link(user),
    )


@writes(RESET)
def reset(session: Session, row: MailRow) -> Letter | None:
    user = session.get(User, row.user_id)
    if user is None:
        return None
    subject = _("A new password for %(site)s", site=settings().site_name)
    return written("accounts_reset", to=user.email, subject=subject, reset_link=_reset_link(user))


@writes(NEWS)
def news(session: Session, row: MailRow) -> Letter | None:
    user = session.get(User, row.user_id)
    if user is None:
        return None
    subject, sentence = WORDS[News(str(row.arguments["news"]))]
    return written(
        "accounts_news",
        to=user.email,
        subject=str(subject),
        sentence=sentence,
        at=formats.local_with_zone(row.created_at, user.zone),
        forgotten_link=link("accounts.forgotten"),
    )


@writes(NEW_ADDRESS)
def new_address(session: Session, row: MailRow) -> Letter | None:
    """Where the address has an account already, its owner is told that; who asked for it never is."""
    user, new = session.get(User, row.user_id), _address(row, "new")
    if user is None or user.new_email != new:
        return None
    owner = user_by_address(session, new)
    if owner is not None:
        return _already_here(owner, sign_in_link=link("accounts.sign_in"))
    move_link = _link_of("accounts.move_address", Move(user.id, _address(row, "old"), new))
    subject = _("Confirm your new address for %(site)s", site=settings().site_name)
    return written("accounts_new_address", to=new, subject=subject, old=_address(row, "old"), move_link=move_link)


@writes(ADDRESS_ASKED)
def address_asked(session: Session, row: MailRow) -> Letter | None:
    user, new = session.get(User, row.user_id), _address(row, "new")
    if user is None or user.new_email != new:
        return None
    subject = _("Another address was asked for")
    return written(
        "accounts_address_asked",
        to=_address(row, "to"),
        subject=subject,
        new=new,
        forgotten_link=link("accounts.forgotten"),
    )


@writes(ADDRESS_MOVED)
def address_moved(_session: Session, row: MailRow) -> Letter:
    """To both; the old one can take the account back."""
    to, old, new = (_address(row, name) for name in ("to", "old", "new"))
    undo_link = _link_of("accounts.move_back", Undo(row.user_id, old, new)) if to == old else None
    subject = _("Your account has a new address")
    return written("accounts_address_moved", to=to, subject=subject, new=new, undo_link=undo_link)


@writes(CLOSED)
def closed(_session: Session, row: MailRow) -> Letter:
    subject = _("Your account at %(site)s is closed", site=settings().site_name)
    return written("accounts_closed", to=_address(row, "to"), subject=subject)


WORDS = {
    News.PASSWORD_CHANGED: (
        lazy_gettext("Your password was changed"),
        lazy_gettext("Your password was changed by somebody who knew the old one. Every other browser was signed out."),
    ),
    News.PASSWORD_RESET: (
        lazy_gettext("You have a new password"),
        lazy_gettext(
            "A new password was chosen with a link that we sent to this address. Every browser was signed out."
        ),
    ),
    News.SECOND_STEP_ON: (
        lazy_gettext("Your second step is on"),
        lazy_gettext("From now on signing in takes your password and a code of your authenticator app."),
    ),
    News.SECOND_STEP_OFF: (
        lazy_gettext("Your second step is off"),
        lazy_gettext("From now on your password alone signs you in."),
    ),
    News.RECOVERY_CODE_USED: (
        lazy_gettext("A recovery code was used"),
        lazy_gettext("Somebody signed in with your password and one of your recovery codes. It does not work again."),
    ),
    News.CODES_GUESSED: (
        lazy_gettext("Somebody knows your password"),
        lazy_gettext("Somebody gave your password and then too many wrong codes, so your second step kept them out."),
    ),
}


def _verify_link(user: User, row: MailRow) -> str:
    return _link_of("accounts.verify", Claim(user.id, user.email, _onward(row)))


def _reset_link(user: User) -> str:
    return _link_of("accounts.reset", Reset(user.id, state_of(user, secret_key=settings().secret_key)))


def _link_of(endpoint: str, proof: Proof) -> str:
    return link(endpoint, token=make(proof, secret_key=settings().secret_key))


def _address(row: MailRow, name: str) -> str:
    return str(row.arguments[name])


def _onward(row: MailRow) -> str:
    return str(row.arguments.get("onward") or "")
