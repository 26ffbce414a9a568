"""The parts that the site is made of: the database, the worker, mail, Stripe."""

import os
import smtplib

from sqlalchemy import text

from marketplace.core import migrating, postman
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.formats import counted
from marketplace.core.worker import STALLED_AFTER_SECONDS
from marketplace.doctor.finding import Finding, Level, Patient, ok
from payments.domain.inbox import NEEDED_EVENTS
from payments.domain.payouts import ACCOUNT_EVENTS
from payments.stripe_api.gateway import StripeDenied, StripeGateway, StripeRefused

OLDEST_POSTGRESQL = 15
LONGEST_WAIT_MINUTES = 5

SIGN_OF_LIFE = text("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
FAILED_TODAY = text("""
    SELECT j.task_name, count(DISTINCT j.id) FROM procrastinate_jobs j
    JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'failed' AND e.at > now() - interval '1 day'
    WHERE j.status = 'failed' GROUP BY j.task_name ORDER BY 2 DESC, 1
""")
WAITING_LONGEST = text("""
    SELECT extract(epoch FROM now() - min(e.at)) / 60 FROM procrastinate_jobs j
    JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' WHERE j.status = 'todo'
""")


def database(patient: Patient) -> Finding:
    version, number, has_gist = patient.session.execute(
        text(
            "SELECT current_setting('server_version'), current_setting('server_version_num')::int / 10000,"
            " EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist')"
        )
    ).one()
    if number < OLDEST_POSTGRESQL:
        says = f"PostgreSQL {version} is older than {OLDEST_POSTGRESQL}"
        return Finding(Level.BROKEN, "database", says, "Move to a newer server.")
    if not has_gist:
        return Finding(Level.BROKEN, "database", "btree_gist is missing", "CREATE EXTENSION btree_gist.")
    return ok("database", f"PostgreSQL {version} with btree_gist")


def tables(patient: Patient) -> Finding:
    present, newest = migrating.present(patient.session.connection()), migrating.newest()
    if present == newest:
        return ok("tables", f"at {', '.join(sorted(newest))}, as this version needs")
    says = f"at {', '.join(sorted(present)) or 'nothing'}, and this version needs {', '.join(sorted(newest))}"
    return Finding(Level.BROKEN, "tables", says, "flask db upgrade.")


def worker(patient: Patient) -> Finding:
    """Heartbeats are real time, whatever our movable clock says."""
    silent = patient.session.scalar(SIGN_OF_LIFE)
    if silent is None:
        return Finding(Level.BROKEN, "worker", "none has ever run, or all were ended", "Start one: flask worker.")
    if silent > STALLED_AFTER_SECONDS:
        return Finding(Level.BROKEN, "worker", f"no sign of life for {int(silent)} s", "Start one: flask worker.")
    return ok("worker", f"gave a sign of life {int(silent)} s ago")


def jobs(patient: Patient) -> Finding:
    failed = patient.session.execute(FAILED_TODAY).all()
    waited = int(patient.session.scalar(WAITING_LONGEST) or 0)
    if failed:
        names = ", ".join(f"{count} × {name}" for name, count in failed)
        advice = "The worker’s log says why. What matters is asked for again by itself."
        return Finding(Level.ATTENTION, "jobs", f"failed within a day: {names}", advice)
    if waited >= LONGEST_WAIT_MINUTES:
        says = f"one has waited for {counted(waited, 'minute')}"
        return Finding(Level.ATTENTION, "jobs", says, "Run another worker, or see what keeps this one busy.")
    return ok("jobs", "none failed within a day, and none waits long")


def mail(patient: Patient) -> Finding:
    patient.session.rollback()
    if not patient.settings.smtp_url:
        return _files(patient)
    try:
        with postman.connect(patient.settings.smtp_url) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as failure:
        says = f"the server does not take our connection: {failure}"
        return Finding(Level.BROKEN, "mail", says, "Check SMTP_URL; letters wait meanwhile.")
    return ok("mail", "the server takes our connection")


def _files(patient: Patient) -> Finding:
    folder = patient.settings.instance / "mail"
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(nearest, os.W_OK):
        return Finding(Level.BROKEN, "mail", f"{nearest} cannot be written to", "Set SMTP_URL, or another INSTANCE.")
    return ok("mail", f"kept as files in {folder}, since SMTP_URL is not set")


def stripe_key(patient: Patient) -> Finding:
    patient.session.rollback()
    if not patient.settings.stripe_secret_key:
        return Finding(Level.ATTENTION, "Stripe’s key", "none is set, so nothing can be sold", "Set STRIPE_SECRET_KEY.")
    gateway = StripeGateway(patient.settings)
    try:
        gateway.endpoints()
    except StripeDenied:
        says, advice = "Stripe does not take it", "Set a valid key; a restricted one needs to read webhook endpoints."
        return Finding(Level.BROKEN, "Stripe’s key", says, f"{advice} See README.")
    except (GatewayUnavailable, StripeRefused) as failure:
        return Finding(Level.ATTENTION, "Stripe’s key", str(failure), "Look again later.")
    if patient.settings.production and not gateway.live:
        says = "it is one for trying out: no money moves"
        return Finding(Level.ATTENTION, "Stripe’s key", says, "Set the live key when the site opens.")
    return ok("Stripe’s key", "Stripe takes it")


def webhook_endpoint(patient: Patient) -> Finding:
    """Without one the site still learns of everything, minutes later."""
    patient.session.rollback()
    address, name = f"{patient.settings.public_url}/webhooks/stripe", "Stripe’s webhooks"
    wanted = "checkout.session.* and refund.*"
    if not patient.settings.stripe_secret_key:
        return Finding(Level.ATTENTION, name, "not looked at without a key")
    try:
        found = [each for each in StripeGateway(patient.settings).endpoints() if each.url == address]
    except (GatewayUnavailable, StripeRefused):
        return Finding(Level.ATTENTION, name, "not looked at, since Stripe did not say")
    told = frozenset[str]().union(*(each.events for each in found if each.enabled))
    missing = [] if "*" in told else sorted(set(NEEDED_EVENTS) - told)
    if not found:
        says = f"no endpoint leads to {address}, so news comes by polling only"
        return Finding(Level.ATTENTION, name, says, f"Add one in Stripe’s dashboard for {wanted}.")
    if missing:
        says = f"the endpoint is disabled or is not told of {', '.join(missing)}"
        return Finding(Level.ATTENTION, name, says, f"Enable it in Stripe’s dashboard for {wanted}.")
    return ok(name, f"go to {address}")


def account_events(patient: Patient) -> Finding:
    """Without them the site still learns who can be paid, within the hour."""
    patient.session.rollback()
    address, name = f"{patient.settings.public_url}/webhooks/stripe", "Stripe’s events of accounts"
    if not patient.settings.stripe_secret_key:
        return Finding(Level.ATTENTION, name, "not looked at without a key")
    try:
        told = StripeGateway(patient.settings).accounts.events_told_to(address)
    except (GatewayUnavailable, StripeRefused):
        return Finding(Level.ATTENTION, name, "not looked at, since Stripe did not say")
    if "*" not in told and not set(ACCOUNT_EVENTS) <= told:
        says = "no destination of thin events tells of all changes, so news of who can be paid comes by asking"
        advice = f"Add one for v2.core.account[…] to {address} in Stripe’s dashboard, and its secret to the settings."
        return Finding(Level.ATTENTION, name, says, advice)
    return ok(name, f"go to {address}")


PARTS = (tables, worker, jobs, mail, stripe_key, webhook_endpoint, account_events)
