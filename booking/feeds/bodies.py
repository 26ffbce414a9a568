"""Calendars as they were last written: an app that asks without a condition, as many do, gets those bytes again.

A body is a pure function of what its version is made of, so it never grows stale: a changed calendar has another
version, and what nobody asks for any more is forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from booking.feeds.calendars import Version

MOST_BYTES = 16_000_000
Key = tuple[int, str]


class KeptBodies:
    """Of one process. The calendar is part of the key: two people may have the same name, zone and revision, and so
    the same version (rule `yours_only`)."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._lock = Lock()
        self._bodies: OrderedDict[Key, bytes] = OrderedDict()
        self._bytes = 0

    def get(self, feed_id: int, version: Version) -> bytes | None:
        key = (feed_id, version.etag)
        with self._lock:
            found = self._bodies.get(key)
            if found is not None:
                self._bodies.move_to_end(key)
            return found

    def keep(self, feed_id: int, version: Version, body: bytes) -> None:
        """In place of what was longest not asked for; a body larger than all that is kept is not."""
        key = (feed_id, version.etag)
        with self._lock:
            self._bytes += len(body) - len(self._bodies.pop(key, b""))
            self._bodies[key] = body
            while self._bytes > self._most:
                _, gone = self._bodies.popitem(last=False)
                self._bytes -= len(gone)
