"""Calendar addresses: made, named, replaced and removed one by one. The secret is derived and never stored."""

from __future__ import annotations

import hmac
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from booking.domain.calendar import Scope
from booking.models.feeds import CalendarFeed
from booking.services.locks import lock_people
from booking.services.touch import show_changes
from marketplace.core.errors import NotFound, RuleBroken
from marketplace.mentors.models import Mentor

PURPOSE = b"office hours: address of a subscribed calendar"
SECRET_BYTES = 20
"""160 bits: 32 letters and digits of base32."""
MOST = 20
"""Addresses of one person."""


class TooManyCalendars(RuleBroken):
    """They have MOST addresses."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What its owner says of a calendar."""

    name: str
    with_join_link: bool
    with_cancelled: bool


def secret_of(secret_key: str, feed_id: int, rotation: int) -> str:
    """HMAC-SHA256 under a key for this purpose alone, so that a leaked database opens no calendar."""
    key = hmac.digest(secret_key.encode(), PURPOSE, sha256)
    return b32encode(hmac.digest(key, f"{feed_id}.{rotation}".encode(), sha256)[:SECRET_BYTES]).decode().lower()


def fingerprint(secret: str) -> bytes:
    """What the row holds, and is found by."""
    return sha256(secret.encode()).digest()


def make_feed(
    session: Session, user_id: int, scope: Scope, *, name: str = "", secret_key: str, now: datetime
) -> CalendarFeed:
    """One more address. Raises NotFound for a mentor's calendar of a non-mentor, TooManyCalendars."""
    lock_people(session, (user_id,))
    if scope.is_mentors and session.get(Mentor, user_id) is None:
        raise NotFound("Only a mentor has a calendar of sessions to give.")
    if (session.scalar(select(func.count()).where(CalendarFeed.user_id == user_id)) or 0) >= MOST:
        raise TooManyCalendars("You have %(most)s calendar addresses. Remove one that no app reads first.", most=MOST)
    feed_id = session.execute(select(func.nextval(func.pg_get_serial_sequence("calendar_feed", "id")))).scalar_one()
    feed = CalendarFeed(
        id=feed_id,
        user_id=user_id,
        scope=scope,
        name=name,
        secret_sha256=fingerprint(secret_of(secret_key, feed_id, 0)),
        created_at=now,
    )
    session.add(feed)
    session.flush()
    return feed


def rotate(session: Session, user_id: int, feed_id: int, *, secret_key: str) -> None:
    """A new address; the old one stops at once, and no app has read the new one. Raises NotFound."""
    feed = own_feed(session, user_id, feed_id)
    feed.rotation += 1
    feed.secret_sha256 = fingerprint(secret_of(secret_key, feed.id, feed.rotation))
    feed.last_read_at = feed.last_read_by = feed.last_read_revision = None
    session.flush()


def remove(session: Session, user_id: int, feed_id: int) -> None:
    """Its address stops at once; the others stay. Raises NotFound."""
    session.delete(own_feed(session, user_id, feed_id))
    session.flush()


def change(session: Session, user_id: int, feed_id: int, wish: Wish, *, now: datetime) -> None:
    """Raises NotFound."""
    feed = own_feed(session, user_id, feed_id)
    if feed.with_join_link != wish.with_join_link:
        show_changes(session, user_id, ending_after=now, now=now)
    feed.name, feed.with_join_link, feed.with_cancelled = wish.name, wish.with_join_link, wish.with_cancelled
    session.flush()


def end_feeds(session: Session, user_id: int) -> None:
    """Of somebody whose account is closed."""
    session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == user_id))


def own_feed(session: Session, user_id: int, feed_id: int) -> CalendarFeed:
    """Locked. Raises NotFound, also when it is another's."""
    statement = select(CalendarFeed).where(CalendarFeed.user_id == user_id, CalendarFeed.id == feed_id)
    feed = session.scalar(statement.with_for_update())
    if feed is None:
        raise NotFound("You have no such calendar.")
    return feed
