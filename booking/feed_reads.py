"""When each calendar was last read: gathered in memory, written a batch at a time after an answer has gone out.

What a process has gathered is lost when it ends, and on a quiet site it waits for the next read: the day is shown to
people, nothing is decided by it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import ARRAY, BigInteger, DateTime, Engine, bindparam, func, select, update

from booking.models import CalendarFeed

EVERY = timedelta(seconds=60)
AT_MOST = 1000

_AT = DateTime(timezone=True)
_IDS, _ATS = bindparam("ids", type_=ARRAY(BigInteger)), bindparam("ats", type_=ARRAY(_AT))
_READ = func.unnest(_IDS, _ATS).table_valued("id", "at", name="read").render_derived()
# Rows that someone else has locked are passed over: nothing waits for this, and two processes cannot wait in a ring.
_FREE = select(CalendarFeed.id).where(CalendarFeed.id == func.any(_IDS))
_WRITE = (
    update(CalendarFeed)
    .where(CalendarFeed.id == _READ.c.id, CalendarFeed.id.in_(_FREE.with_for_update(skip_locked=True)))
    .values(last_read_at=func.greatest(CalendarFeed.last_read_at, _READ.c.at))
)

Reads = dict[int, datetime]


class ReadLog:
    """The reads of one process, until they are due to be written."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._reads: Reads = {}
        self._since: datetime | None = None

    def note(self, feed_id: int, now: datetime) -> Reads:
        """What is to be written now: mostly nothing; once a minute, or with very many calendars, all so far."""
        with self._lock:
            self._reads[feed_id] = now
            if self._since is None:
                self._since = now
            if now - self._since < EVERY and len(self._reads) < AT_MOST:
                return {}
            due, self._reads, self._since = self._reads, {}, None
            return due


def write_reads(engine: Engine, reads: Reads) -> None:
    """One UPDATE for all of them."""
    with engine.begin() as connection:
        connection.execute(_WRITE, {"ids": list(reads), "ats": list(reads.values())})
