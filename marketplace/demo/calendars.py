"""A calendar as somebody keeps it elsewhere, for the demo's busy calendars: lunch on working days, a dentist next week,
and an entry that is shown as free. Nobody else's server has to be asked."""

from __future__ import annotations

from datetime import datetime, timedelta


def lunches(now: datetime, zone: str) -> str:
    """By the clocks of `zone`; the same for all of a week."""
    monday = (now - timedelta(days=now.weekday())).date()
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Office Hours//Demo//EN",
            f"X-WR-TIMEZONE:{zone}",
            *_entry("lunch", f"{monday:%Y%m%d}T123000", "PT45M", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
            *_entry("dentist", f"{monday + timedelta(days=8):%Y%m%d}T090000", "PT90M"),
            *_entry("reading", f"{monday + timedelta(days=9):%Y%m%d}T090000", "PT8H", "TRANSP:TRANSPARENT"),
            "END:VCALENDAR",
            "",
        ]
    )


def _entry(name: str, begins: str, length: str, *more: str) -> list[str]:
    uid, stamp = f"UID:{name}@demo", "DTSTAMP:20260101T000000Z"
    return [
        "BEGIN:VEVENT",
        uid,
        stamp,
        f"DTSTART:{begins}",
        f"DURATION:{length}",
        f"SUMMARY:{name}",
        *more,
        "END:VEVENT",
    ]
