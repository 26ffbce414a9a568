"""Time zones: which ones there are to choose from, and in which one a person reads times."""

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from flask import request

from marketplace.accounts.current import visitor
from marketplace.core.http import settings

COOKIE = "zone"
_NOT_A_PLACE = {"Factory", "localtime", "posixrules"}
_PLACES = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones() - _NOT_A_PLACE)


def known_zone(name: str | None) -> str | None:
    """The name if it is an IANA time zone (also an old alias, since browsers report those), else None."""
    return name if name in _names() else None


@cache
def zone_choices() -> tuple[str, ...]:
    """What a person chooses from, sorted: places, and UTC. Without aliases such as GB or Etc/GMT+3."""
    return tuple(sorted(name for name in _names() if name.startswith(_PLACES) or name == "UTC"))


def offered_zone(chosen: str, now: datetime) -> str | None:
    """The browser's zone, where its clock differs from that of the chosen one within a year: after a journey. The
    chosen name itself stays as it is, since many names share a clock."""
    here = known_zone(request.cookies.get(COOKIE))
    return here if here and not _same_clock(here, chosen, now) else None


def _same_clock(one: str, other: str, now: datetime) -> bool:
    moments = [now + timedelta(days=30 * month) for month in range(13)]
    return all(at.astimezone(ZoneInfo(one)).utcoffset() == at.astimezone(ZoneInfo(other)).utcoffset() for at in moments)


def viewer_zone() -> ZoneInfo:
    """In which zone the one who looks reads times: what the address asks for, their account's, their browser's, ours.

    A visitor's browser, or the visitor, has left it in a cookie.
    """
    person = visitor()
    asked, kept = known_zone(request.args.get("zone")), known_zone(request.cookies.get(COOKIE))
    return ZoneInfo(asked or (person.zone if person else None) or kept or settings().default_zone)
