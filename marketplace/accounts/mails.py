"""The letters about accounts. They repeat nothing that a stranger may have typed, such as a name."""

from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.accounts.services import ALREADY_HERE, VERIFY
from marketplace.accounts.tokens import Claim, make
from marketplace.core.http import settings
from marketplace.core.letters import link, written
from marketplace.core.mail import Letter, MailRow, writes


@writes(VERIFY)
def verification(session: Session, row: MailRow) -> Letter | None:
    user = session.get(User, row.user_id)
    if user is None or user.is_verified:
        return None
    subject = f"Confirm your address for {settings().site_name}"
    return written("accounts_verify", to=user.email, subject=subject, verify_link=_verify_link(user, row))


@writes(ALREADY_HERE)
def already_here(session: Session, row: MailRow) -> Letter | None:
    user = session.get(User, row.user_id)
    if user is None:
        return None
    return written(
        "accounts_already_here",
        to=user.email,
        subject=f"You already have an account at {settings().site_name}",
        sign_in_link=link("accounts.sign_in", **({"next": onward} if (onward := _onward(row)) else {})),
        verify_link=None if user.is_verified else _verify_link(user, row),
    )


def _verify_link(user: User, row: MailRow) -> str:
    claim = Claim(user.id, user.email, _onward(row))
    return link("accounts.verify", token=make(claim, secret_key=settings().secret_key))


def _onward(row: MailRow) -> str:
    return str(row.arguments.get("onward") or "")
