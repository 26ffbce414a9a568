"""`flask seed-demo`."""

import click
from flask.cli import with_appcontext

from marketplace.accounts.passwords import passwords
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.formats import listed
from marketplace.core.http import settings
from marketplace.demo.people import PASSWORD
from marketplace.demo.seed import seed


@click.command("seed-demo")
@with_appcontext
def seed_demo() -> None:
    """Add the sample people with their hours and offerings; never in production."""
    if settings().production:
        raise click.ClickException("Sample people all have the same known password: they are not for production.")
    click.echo(add_people())


def add_people() -> str:
    """Commits, and says who was added."""
    names = seed(db.session(), settings=settings(), passwords=passwords(settings().environment), now=utcnow())
    db.session.commit()
    return f"Added {listed(names)}; the password is “{PASSWORD}”." if names else "All sample people are there already."
