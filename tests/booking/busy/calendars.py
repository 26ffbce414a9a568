"""Calendar files as strangers write them."""

from __future__ import annotations

from collections.abc import Iterable


def calendar(*parts: Iterable[str], head: Iterable[str] = ()) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Somebody//Else//EN", *head]
    lines += [line for part in parts for line in part]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def event(*lines: str, uid: str = "1@elsewhere") -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT"]


def free_busy(*lines: str) -> list[str]:
    return ["BEGIN:VFREEBUSY", "UID:fb@elsewhere", "DTSTAMP:20261101T000000Z", *lines, "END:VFREEBUSY"]


def zone(name: str, *, winter: str = "+0100", summer: str = "+0200") -> list[str]:
    """A definition with the rules of the European Union and any offsets."""
    return [
        "BEGIN:VTIMEZONE",
        f"TZID:{name}",
        *_half("STANDARD", "19701025T030000", 10, summer, winter),
        *_half("DAYLIGHT", "19700329T020000", 3, winter, summer),
        "END:VTIMEZONE",
    ]


def _half(name: str, begins: str, month: int, before: str, after: str) -> list[str]:
    return [
        f"BEGIN:{name}",
        f"DTSTART:{begins}",
        f"TZOFFSETFROM:{before}",
        f"TZOFFSETTO:{after}",
        f"RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY=-1SU",
        f"END:{name}",
    ]
