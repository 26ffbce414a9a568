"""Sample mentors, as many as wanted, in a few seconds; their diaries, and what the worker sees in them."""

from __future__ import annotations

from pathlib import Path

import psycopg
from sqlalchemy import select

from booking.queries.bookings import envelope_of
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.core.worker import libpq
from marketplace.mentors.models import Mentor
from marketplace.search.services import look_at_these
from payments.queries.fees import fee_rules

STATEMENTS = Path(__file__).with_suffix(".sql")
DIARIES = STATEMENTS.with_name("diaries.sql")
AT_ONCE = 500


def add_mentors(url: str, many: int) -> None:
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        connection.execute(STATEMENTS.read_text().replace(":many", str(many)))


def fill_diaries(url: str) -> None:
    """Of those whom `add_mentors` has added: sessions, holidays and all else that decides about their free times."""
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        connection.execute(DIARIES.read_text())


def look_at_everybody() -> None:
    """As the worker does within the hour. Inside an application."""
    session, now = db.session(), utcnow()
    envelope, rules = envelope_of(settings()), fee_rules(session, settings(), now)
    ids = session.scalars(select(Mentor.id).order_by(Mentor.id)).all()
    for first in range(0, len(ids), AT_ONCE):
        look_at_these(session, ids[first : first + AT_ONCE], now=now, envelope=envelope, rules=rules)
        session.commit()
        session.expunge_all()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE mentor_search, mentor_free")  # as autovacuum does
