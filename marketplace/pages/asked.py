"""What an address asks for. Whatever cannot be read is as if it were not there: old links and typing never break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from marketplace.accounts.zones import known_zone
from marketplace.core.paging import number

_YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Asked:
    """`start` is an instant in UTC; `month` is the first of one; `zone` is the one the reader wants to see times in."""

    offering: int | None = None
    month: date | None = None
    day: date | None = None
    start: datetime | None = None
    zone: str | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Asked:
        return cls(
            offering=number(given.get("offering", "")),
            month=day(f"{given.get('month', '')}-01"),
            day=day(given.get("day", "")),
            start=instant(given.get("start", "")),
            zone=known_zone(given.get("zone")),
        )


def day(text: str) -> date | None:
    """`2026-12-08`."""
    try:
        found = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a date has no zone
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def instant(text: str) -> datetime | None:
    """`2026-12-08T09:30Z`, or with an offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None and found.year in _YEARS else None


def iso_week(text: str) -> date | None:
    """The Monday of `2026-W50`."""
    year, _, week = text.partition("-W")
    try:
        monday = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return None
    return monday if monday.year in _YEARS else None
