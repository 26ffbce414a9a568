"""`flask doctor`."""

import click
from flask.cli import with_appcontext

from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.doctor.examination import examine
from marketplace.doctor.finding import Finding, Level, Patient


@click.command("doctor")
@with_appcontext
@click.pass_context
def doctor(context: click.Context) -> None:
    """Look at every part and every rule, a line each; exit code 1 if a part is missing or a rule does not hold."""
    broken = 0
    for finding in examine(Patient(db.session(), settings(), utcnow())):
        click.echo(line(finding))
        broken += finding.level is Level.BROKEN
    if broken:
        context.exit(1)


def line(finding: Finding) -> str:
    advice = f" {finding.advice}" if finding.advice else ""
    return f"{finding.level:<9}  {finding.check}: {finding.says}.{advice}"
