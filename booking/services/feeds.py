"""Calendar addresses: made, opened and closed to the join link, replaced. The secret is derived and never stored."""

from __future__ import annotations

import hmac
from base64 import b32encode
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking.domain.calendar import Scope
from booking.models import CalendarFeed
from booking.services.touch import show_changes
from marketplace.core.errors import NotFound
from marketplace.mentors.models import Mentor

PURPOSE = b"office hours: address of a subscribed calendar"
SECRET_BYTES = 20
"""160 bits: 32 letters and digits of base32."""


def secret_of(secret_key: str, feed_id: int, rotation: int) -> str:
    """HMAC-SHA256 under a key for this purpose alone, so that a leaked database opens no calendar."""
    key = hmac.digest(secret_key.encode(), PURPOSE, sha256)
    return b32encode(hmac.digest(key, f"{feed_id}.{rotation}".encode(), sha256)[:SECRET_BYTES]).decode().lower()


def fingerprint(secret: str) -> bytes:
    """What the row holds, and is found by."""
    return sha256(secret.encode()).digest()


def make_feed(session: Session, user_id: int, scope: Scope, *, secret_key: str, now: datetime) -> None:
    """Once for each side; a second call changes nothing. Raises NotFound for a mentor's calendar of a non-mentor."""
    if scope is Scope.MENTOR and session.get(Mentor, user_id) is None:
        raise NotFound("Only a mentor has a calendar of sessions to give.")
    feed_id = session.execute(select(func.nextval(func.pg_get_serial_sequence("calendar_feed", "id")))).scalar_one()
    row = {
        "id": feed_id,
        "user_id": user_id,
        "scope": scope,
        "secret_sha256": fingerprint(secret_of(secret_key, feed_id, 0)),
        "created_at": now,
    }
    session.execute(insert(CalendarFeed).values(row).on_conflict_do_nothing(index_elements=["user_id", "scope"]))


def rotate(session: Session, user_id: int, scope: Scope, *, secret_key: str) -> None:
    """A new address; the old one stops at once. Raises NotFound."""
    feed = own_feed(session, user_id, scope)
    feed.rotation += 1
    feed.secret_sha256 = fingerprint(secret_of(secret_key, feed.id, feed.rotation))
    session.flush()


def show_join_link(session: Session, user_id: int, scope: Scope, *, shown: bool, now: datetime) -> None:
    """Raises NotFound."""
    feed = own_feed(session, user_id, scope)
    if feed.with_join_link == shown:
        return
    show_changes(session, user_id, ending_after=now, now=now)
    feed.with_join_link = shown
    session.flush()


def end_feeds(session: Session, user_id: int) -> None:
    """Of somebody whose account is closed."""
    session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == user_id))


def own_feed(session: Session, user_id: int, scope: Scope) -> CalendarFeed:
    """Locked. Raises NotFound."""
    statement = select(CalendarFeed).where(CalendarFeed.user_id == user_id, CalendarFeed.scope == scope)
    feed = session.scalar(statement.with_for_update())
    if feed is None:
        raise NotFound("You have no such calendar.")
    return feed
