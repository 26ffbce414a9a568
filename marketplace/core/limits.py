"""How often something may be tried, by whom, whichever of many processes is asked.

One table and one statement for each try, in a transaction of its own that is committed before the trying begins: what
the caller does afterwards cannot take the count back, and of many at once no more than the limit get through.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlalchemy import ColumnElement, LargeBinary, case, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.clock import utcnow
from marketplace.core.db import Base, db
from marketplace.core.errors import TooMany
from marketplace.core.http import settings
from marketplace.core.jobs import sweep

_ONE_CUSTOMER = 64
"""Bits of an IPv6 address that one customer has at least: whoever has the rest of them has billions of addresses."""


class AttemptRow(Base):
    """Tries of one kind by one person in a window that ends at `ends_at`. Who that is cannot be read from it."""

    __tablename__ = "attempts"

    scope: Mapped[str] = mapped_column(primary_key=True)
    who_sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    tries: Mapped[int]
    ends_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries in a `window`, which begins with the first of them. `scope` is its name in the table."""

    scope: str
    most: int
    window: timedelta


def count(limit: Limit, who: str, *, now: datetime) -> None:
    """One more try. Raises TooMany, which says how long to wait, once there were as many as may be."""
    row = {"scope": limit.scope, "who_sha256": _hidden(limit, who), "tries": 1, "ends_at": now + limit.window}
    over = AttemptRow.ends_at <= now
    again = {
        "tries": case((over, 1), else_=AttemptRow.tries + 1),
        "ends_at": case((over, row["ends_at"]), else_=AttemptRow.ends_at),
    }
    statement = insert(AttemptRow).values(row).on_conflict_do_update(index_elements=["scope", "who_sha256"], set_=again)
    with db.engine.begin() as connection:
        tries, ends_at = connection.execute(statement.returning(AttemptRow.tries, AttemptRow.ends_at)).one()
    if tries > limit.most:
        raise _too_many(ends_at - now)


def give_back(limit: Limit, who: str) -> None:
    """The try that was just counted succeeded: only failures are to count."""
    fewer = update(AttemptRow).where(_of(limit, who), AttemptRow.tries > 0).values(tries=AttemptRow.tries - 1)
    with db.engine.begin() as connection:
        connection.execute(fewer)


def forget(limit: Limit, who: str) -> None:
    """Begin anew, for somebody who has shown otherwise who they are."""
    with db.engine.begin() as connection:
        connection.execute(delete(AttemptRow).where(_of(limit, who)))


def network(address: str | None) -> str:
    """What stands for one visitor: an IPv4 address, or the /64 of an IPv6 address. Empty when it is unknown."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((int(found), _ONE_CUSTOMER), strict=False))


@sweep("core:forget_attempts", cron="23 * * * *")
def forget_attempts() -> None:
    """Those whose window is over count no more."""
    session = db.session()
    session.execute(delete(AttemptRow).where(AttemptRow.ends_at <= utcnow()))
    session.commit()


def _too_many(wait: timedelta) -> TooMany:
    if wait > timedelta(hours=2):
        hours = -(-wait // timedelta(hours=1))
        return TooMany("That was tried too often. Please try again in %(hours)s h.", retry_after=wait, hours=hours)
    minutes = -(-wait // timedelta(minutes=1))
    return TooMany("That was tried too often. Please try again in %(minutes)s min.", retry_after=wait, minutes=minutes)


def _of(limit: Limit, who: str) -> ColumnElement[bool]:
    return (AttemptRow.scope == limit.scope) & (AttemptRow.who_sha256 == _hidden(limit, who))


def _hidden(limit: Limit, who: str) -> bytes:
    """Keyed, since all addresses of IPv4 could be tried against a plain hash."""
    return hmac.digest(
        f"office hours: limits: {settings().secret_key}".encode(), f"{limit.scope}\0{who}".encode(), sha256
    )
