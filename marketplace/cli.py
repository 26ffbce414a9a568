"""The flask commands."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from marketplace.accounts import credentials
from marketplace.accounts.passwords import passwords
from marketplace.accounts.services import Applicant
from marketplace.accounts.services import create_operator as add_operator
from marketplace.core import worker
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import DomainError
from marketplace.core.http import settings
from marketplace.doctor.commands import doctor
from payments.cli import events, reconcile


def init_app(app: Flask) -> None:
    app.cli.command("worker")(run_worker)
    app.cli.add_command(create_operator)
    app.cli.add_command(events)
    app.cli.add_command(reconcile)
    app.cli.add_command(doctor)


def run_worker() -> None:
    """Run jobs and sweeps until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    runner = worker.build(app, settings())
    runner.run_worker(concurrency=4)


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
