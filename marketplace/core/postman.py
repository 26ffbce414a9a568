"""Carries the outbox out: claim, commit, send, commit. SMTP where one is set, else files under the instance folder."""

import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from marketplace.core import mail
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.db import assert_no_transaction, db
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.http import settings
from marketplace.core.jobs import enqueue, sweep, task
from marketplace.core.language import speaking_to
from marketplace.core.letters import is_nowhere

TIMEOUT = timedelta(seconds=15)


@task("core:send_mail")
def send_mail(mail_id: int) -> None:
    session: Session = db.session()
    row = mail.claim(session, mail_id, utcnow())
    if row is None:
        session.rollback()
        return
    waits = mail.put_off(session, row, utcnow())
    session.commit()  # a writer that fails is not asked again before its lease ends
    if waits:
        return
    with speaking_to(session, row.user_id):
        letter = mail.WRITERS[row.fact](session, row)
    if letter is None or is_nowhere(letter.to):
        _close(session, mail_id, "dropped")
        return
    session.commit()
    message = mail.compose(letter, sender=settings().mail_from, message_id=_message_id(mail_id), sent_at=utcnow())
    deliver(message, settings())
    _close(session, mail_id, "sent", letter)


@sweep("core:sweep_mail", cron="* * * * * */5")
def sweep_mail() -> None:
    """Starts what has become due, and what a dead worker left half done, by its lease."""
    session: Session = db.session()
    for mail_id in mail.due(session, utcnow()):
        enqueue(session, "core:send_mail", once=f"mail-{mail_id}", mail_id=mail_id)
    session.commit()


@sweep("core:forget_letters", cron="17 * * * *")
def forget_letters() -> None:
    """Words that were kept long enough."""
    session: Session = db.session()
    mail.forget_old_words(session, utcnow())
    session.commit()


def deliver(message: EmailMessage, to: Settings) -> None:
    """Raises GatewayUnavailable when the mail server does not take it."""
    assert_no_transaction("The mail server")
    if not to.smtp_url:
        _keep(message, to.instance / "mail")
        return
    try:
        _hand_over(message, to.smtp_url)
    except (OSError, smtplib.SMTPException) as failure:
        raise GatewayUnavailable("The mail server did not take the message: %(why)s", why=failure) from failure


def _hand_over(message: EmailMessage, url: str) -> None:
    with connect(url) as server:
        server.send_message(message)


def connect(url: str) -> smtplib.SMTP:
    """Ready to take a message: encrypted where the server can, signed in where the address says who. To be closed.

    Raises OSError or SMTPException.
    """
    parts = urlsplit(url)
    host, seconds = parts.hostname or "localhost", TIMEOUT.total_seconds()
    encrypted = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=seconds, context=encrypted)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=seconds)
    try:
        server.ehlo_or_helo_if_needed()  # before it, no server seems to know STARTTLS
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=encrypted)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _keep(message: EmailMessage, folder: Path) -> None:
    """One file a message, named by its id, so that sending the same one again changes nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    (folder / f"{name}.eml").write_bytes(bytes(message))


def _message_id(mail_id: int) -> str:
    return f"<mail-{mail_id:08d}@{urlsplit(settings().public_url).hostname}>"


def _close(session: Session, mail_id: int, status: str, sent: mail.Letter | None = None) -> None:
    row = session.get_one(mail.MailRow, mail_id)
    row.status, row.closed_at = status, utcnow()
    row.arguments = {}  # what it said, and to which address, is kept no longer than it is needed
    if sent is not None and row.fact in mail.KEPT:
        row.subject, row.text = sent.subject, sent.text
    session.commit()
