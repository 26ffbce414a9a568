"""The flask commands about accounts: for whoever runs the site, when nobody else can help."""

import click
from flask.cli import with_appcontext

from marketplace.accounts import credentials
from marketplace.accounts.models import User
from marketplace.accounts.passwords import passwords
from marketplace.accounts.queries import user_by_typed_address
from marketplace.accounts.services import suspension
from marketplace.accounts.services.close import StillNeeded, close_for
from marketplace.accounts.services.second_step import SECOND_STEP_REMOVED, turn_off
from marketplace.accounts.services.sign_up import Applicant
from marketplace.accounts.services.sign_up import create_operator as add_operator
from marketplace.core import audit
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import DomainError
from marketplace.core.http import settings
from marketplace.core.language import said


@click.command("create-operator")
@click.argument("email")
@click.option("--name", required=True, help="As mentors and mentees will see it.")
@click.password_option()
@with_appcontext
def create_operator(email: str, name: str, password: str) -> None:
    """Add an account that runs this site. It asks for the password."""
    try:
        address = credentials.clean_address(email)
        secret = credentials.clean_password(password, address=address)
        applicant = Applicant(address, secret, credentials.clean_name(name), settings().default_zone)
        add_operator(db.session(), applicant, passwords=passwords(settings().environment), now=utcnow())
    except DomainError as refused:
        raise click.ClickException(str(refused)) from refused
    db.session.commit()
    click.echo(f"{address} can now sign in at {settings().public_url}/sign-in")


@click.command("suspend-account")
@click.argument("email")
@click.option("--reason", required=True, help="Kept with who did what.")
@with_appcontext
def suspend_account(email: str, reason: str) -> None:
    """Sign somebody out everywhere, and keep them out."""
    user = _account(email)
    suspension.suspend(db.session(), user.id, actor_id=None, reason=reason, now=utcnow())
    db.session.commit()
    click.echo(f"{user.email} is signed out and cannot sign in. A mentor's page stays as it is.")


@click.command("restore-account")
@click.argument("email")
@click.option("--reason", required=True, help="Kept with who did what.")
@with_appcontext
def restore_account(email: str, reason: str) -> None:
    """Let somebody in again."""
    user = _account(email)
    suspension.restore(db.session(), user.id, actor_id=None, reason=reason, now=utcnow())
    db.session.commit()
    click.echo(f"{user.email} can sign in again.")


@click.command("close-account")
@click.argument("email")
@click.option("--reason", required=True, help="Kept with who did what.")
@with_appcontext
def close_account(email: str, reason: str) -> None:
    """For somebody who has asked for it and cannot sign in, such as one whom you keep out."""
    user = _account(email)
    try:
        close_for(db.session(), user.id, reason=reason, now=utcnow())
    except StillNeeded as needed:
        told = "\n".join(said(each) for each in needed.reasons)
        raise click.ClickException(f"{user.email} cannot be closed yet. They would read:\n{told}") from needed
    db.session.commit()
    click.echo("It is closed, and names nobody any more. A last letter tells them.")


@click.command("remove-second-step")
@click.argument("email")
@with_appcontext
def remove_second_step(email: str) -> None:
    """For somebody who has lost both app and recovery codes, and has shown you otherwise who they are."""
    user, now = _account(email), utcnow()
    if not turn_off(db.session(), user.id, now=now):
        raise click.ClickException(f"{user.email} has no second step.")
    audit.note(db.session(), SECOND_STEP_REMOVED, now=now, actor_id=None, about_id=user.id)
    db.session.commit()
    click.echo(f"{user.email} signs in by password alone. A letter tells them.")


def _account(email: str) -> User:
    user = user_by_typed_address(db.session(), email)
    if user is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    return user


COMMANDS = (create_operator, suspend_account, restore_account, close_account, remove_second_step)
