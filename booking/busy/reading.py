"""Reading a busy calendar in: commit, ask its server, commit (rule no_remote_call_in_a_transaction)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from booking.busy.apart import fetch_apart, read_apart
from booking.busy.http import Question
from booking.domain.busy import Unreadable, window_at
from booking.services.busy_addresses import opened
from booking.services.busy_readings import Claim, Tags, claim, note_trouble, take, take_unchanged
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.db import assert_no_transaction


def read_in(session: Session, calendar_id: int, settings: Settings) -> None:
    """If it is due; whatever its server does, this comes to an end, and what it said before stays until it answers."""
    claimed = claim(session, calendar_id, utcnow())
    session.commit()
    if claimed is None:
        return
    try:
        _read(session, claimed, settings)
    except Unreadable as wrong:
        note_trouble(session, claimed, wrong, now=utcnow(), every=every(settings))
    session.commit()


def every(settings: Settings) -> timedelta:
    return timedelta(minutes=settings.busy_calendar_minutes)


def _read(session: Session, claimed: Claim, settings: Settings) -> None:
    assert_no_transaction("A stranger's calendar")
    answer = fetch_apart(
        Question(
            opened(claimed.sealed_address, secret_key=settings.secret_key, user_id=claimed.user_id),
            most=settings.busy_calendar_kilobytes * 1024,
            etag=claimed.etag,
            last_modified=claimed.last_modified,
            loopback=settings.busy_calendars_on_this_machine,
        )
    )
    if not answer.changed:
        take_unchanged(session, claimed, now=utcnow(), every=every(settings))
        return
    reading = read_apart(answer.body, zone=claimed.zone, window=window_at(utcnow()), ours=claimed.ours)
    tags = Tags(answer.etag, answer.last_modified)
    take(session, claimed, reading, tags, now=utcnow(), every=every(settings))
