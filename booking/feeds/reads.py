"""Who last read each calendar: gathered in memory, written a batch at a time after an answer has gone out.

What a process has gathered is lost when it ends, and on a quiet site it waits for the next read: it is shown to the
calendar's owner, nothing is decided by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import ARRAY, BigInteger, DateTime, Engine, Text, bindparam, func, or_, select, update

from booking.models.feeds import CalendarFeed

EVERY = timedelta(seconds=60)
AT_MOST = 1000

_IDS = bindparam("ids", type_=ARRAY(BigInteger))
_ATS = bindparam("ats", type_=ARRAY(DateTime(timezone=True)))
_APPS = bindparam("apps", type_=ARRAY(Text))
_REVISIONS = bindparam("revisions", type_=ARRAY(BigInteger))
_READ = (
    func.unnest(_IDS, _ATS, _APPS, _REVISIONS).table_valued("id", "at", "app", "revision", name="read").render_derived()
)
# Rows that someone else has locked are passed over: nothing waits for this, and two processes cannot wait in a ring.
_FREE = select(CalendarFeed.id).where(CalendarFeed.id == func.any(_IDS))
_WRITE = (
    update(CalendarFeed)
    .where(
        CalendarFeed.id == _READ.c.id,
        or_(CalendarFeed.last_read_at.is_(None), CalendarFeed.last_read_at <= _READ.c.at),
        CalendarFeed.id.in_(_FREE.with_for_update(skip_locked=True)),
    )
    .values(last_read_at=_READ.c.at, last_read_by=_READ.c.app, last_read_revision=_READ.c.revision)
)


@dataclass(frozen=True, slots=True)
class Read:
    """`revision` is what the app knows of its owner's calendar now."""

    at: datetime
    app: str
    revision: int


Reads = dict[int, Read]
"""By calendar."""


class ReadLog:
    """The reads of one process, until they are due to be written."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._reads: Reads = {}
        self._since: datetime | None = None

    def note(self, feed_id: int, read: Read) -> Reads:
        """What is to be written now: mostly nothing; once a minute, or with very many calendars, all so far."""
        with self._lock:
            self._reads[feed_id] = read
            if self._since is None:
                self._since = read.at
            if read.at - self._since < EVERY and len(self._reads) < AT_MOST:
                return {}
            due, self._reads, self._since = self._reads, {}, None
            return due


def write_reads(engine: Engine, reads: Mapping[int, Read]) -> None:
    """One UPDATE for all of them."""
    rows = list(reads.values())
    told = {
        "ids": list(reads),
        "ats": [read.at for read in rows],
        "apps": [read.app for read in rows],
        "revisions": [read.revision for read in rows],
    }
    with engine.begin() as connection:
        connection.execute(_WRITE, told)
