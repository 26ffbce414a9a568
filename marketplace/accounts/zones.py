"""Time zones: which ones there are to choose from, and in which one a person reads times."""

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


def viewer_zone() -> ZoneInfo:
    """In which zone the one who looks reads times: what the address asks for, their account's, their browser's, ours.

    A visitor's browser, or the visitor, has left it in a cookie.
    """
    person = visitor()
    asked, kept = known_zone(request.args.get("zone")), known_zone(request.cookies.get(COOKIE))
    return ZoneInfo(asked or (person.zone if person else None) or kept or settings().default_zone)
