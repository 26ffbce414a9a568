"""The commands that look at Stripe's events, and that hold all rows against Stripe."""

import json
from datetime import datetime

import click
from flask.cli import with_appcontext

from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import DomainError
from marketplace.core.http import settings
from payments.domain.books import as_beancount, as_csv
from payments.domain.inbox import EventStatus
from payments.models.sales import StripeEvent
from payments.queries import inbox as inbox_queries
from payments.queries.books import books_of
from payments.queries.inbox import EventLine
from payments.reconciling.lines import Result
from payments.reconciling.run import reconcile as reconciling
from payments.services import inbox
from payments.services.reconcile_runs import keep_run
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till


@click.group("events")
def events() -> None:
    """Look at what Stripe has told this site, and act on it again."""


@events.command("list")
@click.option("--state", type=click.Choice([status.value for status in EventStatus]), help="Only those.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@with_appcontext
def list_events(state: str | None, limit: int) -> None:
    """The newest first, one a line, in UTC."""
    lines = inbox_queries.event_lines(db.session(), EventStatus(state) if state else None, limit=limit)
    for line in lines:
        click.echo(f"{line.received_at:%Y-%m-%d %H:%M}  {line.status:<6}  {line.id}  {line.type}  {in_words(line)}")
    if not lines:
        click.echo("There are no such events.")


@events.command("show")
@click.argument("event_id", metavar="ID")
@with_appcontext
def show(event_id: str) -> None:
    """What became of one, and all that Stripe said."""
    event = _found(event_id)
    line = inbox_queries.line_of(event)
    click.echo(f"{line.id}  {line.type}  of {line.object_id}")
    click.echo(f"came {line.received_at:%Y-%m-%d %H:%M:%S} UTC by {line.source}; {line.status}  {in_words(line)}")
    click.echo(json.dumps(event.body, indent=2, sort_keys=True))


@events.command("replay")
@click.argument("event_id", metavar="ID")
@with_appcontext
def replay(event_id: str) -> None:
    """Let the worker act on one again, whatever became of it. Harmless: it only looks at Stripe."""
    _found(event_id)
    inbox.replay(db.session(), event_id, now=utcnow())
    db.session.commit()
    click.echo(f"The worker acts on {event_id} again.")


@events.command("park")
@click.argument("event_id", metavar="ID")
@with_appcontext
def park(event_id: str) -> None:
    """Set one aside: it is not tried any more, and nobody is reminded of it."""
    _found(event_id)
    inbox.park(db.session(), event_id, now=utcnow())
    db.session.commit()
    click.echo(f"{event_id} is set aside.")


@click.command("reconcile")
@with_appcontext
@click.pass_context
def reconcile(context: click.Context) -> None:
    """Hold every open sum against Stripe and heal what can be healed; exit code 1 if something is left to you."""
    till = Till(db.session(), StripeGateway(settings()), settings(), utcnow())
    found = list(reconciling(till))
    for line in found:
        click.echo(f"{line.result:<6}  {line.thing}  {line.says}")
    keep_run(db.session(), [line.as_kept() for line in found], by="command", now=till.now)
    db.session.commit()
    left = sum(line.result is Result.LEFT for line in found)
    click.echo(f"{len(found) - left} healed, {left} left to you." if found else "Everything agrees with Stripe.")
    if left:
        context.exit(1)


@click.command("books")
@click.argument("month", type=click.DateTime(["%Y-%m"]))
@click.option("--as", "form", type=click.Choice(["csv", "beancount"]), default="beancount", show_default=True)
@with_appcontext
def books(month: datetime, form: str) -> None:
    """Print the books of a month (2026-12), as of UTC, for a file of your own."""
    found = books_of(db.session(), month.date())
    click.echo(as_csv(found) if form == "csv" else as_beancount(found, settings().site_name), nl=False)


def in_words(line: EventLine) -> str:
    """What went wrong and what happens next; empty for what is done."""
    if line.status is EventStatus.DONE:
        return ""
    if line.next_at is not None:
        coming = f"tried {line.attempts} ×, again {line.next_at:%Y-%m-%d %H:%M}"
    else:
        coming = f"tried {line.attempts} ×, left to you" if line.is_left else "set aside"
    return f"{coming}. {line.error}" if line.error else coming


def _found(event_id: str) -> StripeEvent:
    try:
        return inbox_queries.event_with(db.session(), event_id)
    except DomainError as refused:
        raise click.ClickException(str(refused)) from refused
