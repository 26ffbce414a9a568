"""Calendars that were written are kept within bounds, and never for another calendar or version."""

from datetime import UTC, datetime

from booking.feeds.bodies import KeptBodies
from booking.feeds.calendars import Version

AT = datetime(2026, 12, 1, tzinfo=UTC)
OLD, NEW = Version("old", AT), Version("new", AT)


def test_a_body_is_found_by_its_calendar_and_version_alone():
    kept = KeptBodies()
    kept.keep(1, OLD, b"body")

    assert [kept.get(1, OLD), kept.get(2, OLD), kept.get(1, NEW)] == [b"body", None, None]


def test_what_was_longest_not_asked_for_makes_room():
    kept = KeptBodies(most_bytes=10)
    for feed_id in (1, 2):
        kept.keep(feed_id, OLD, b"12345")
    kept.get(1, OLD)

    kept.keep(3, OLD, b"12345")

    assert [kept.get(feed_id, OLD) for feed_id in (1, 2, 3)] == [b"12345", None, b"12345"]


def test_keeping_the_same_twice_counts_once():
    kept = KeptBodies(most_bytes=10)
    for _ in range(5):
        kept.keep(1, OLD, b"12345")
    kept.keep(2, OLD, b"12345")

    assert kept.get(1, OLD) == kept.get(2, OLD) == b"12345"


def test_what_is_larger_than_all_that_is_kept_is_not():
    kept = KeptBodies(most_bytes=10)
    kept.keep(1, OLD, b"12345")

    kept.keep(2, OLD, b"12345678901")

    assert kept.get(2, OLD) is None
