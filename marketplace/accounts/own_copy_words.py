"""The values of a copy as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE, Range

from marketplace.accounts.own_copy import Part
from marketplace.core import formats
from marketplace.core.belongings import BELONGINGS
from marketplace.core.formats import Zone
from marketplace.core.money import Money

_MINOR = "_minor"


def lines_of(row: Mapping[str, Any], part: Part, zone: Zone) -> list[tuple[str, str]]:
    """Name and value; a sum has its currency beside it, and so needs no line for that."""
    lines = []
    for name, value in row.items():
        if name == "currency":
            continue
        if name.endswith(_MINOR) and "currency" in row:
            lines.append((name.removesuffix(_MINOR), formats.money(Money(value, row["currency"]))))
        elif isinstance(BELONGINGS[part.table].table.c[name].type, INT4MULTIRANGE):
            lines.append((name, ", ".join(f"{_clock(span.lower)}–{_clock(span.upper)}" for span in value)))
        else:
            lines.append((name, words_of(value, zone)))
    return lines


def words_of(value: Any, zone: Zone) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return _instant(value, zone)
    if isinstance(value, Range):
        return f"{words_of(value.lower, zone)} – {words_of(value.upper, zone)}"
    if isinstance(value, Mapping):
        return ": ".join(words_of(each, zone) for each in value.values())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "; ".join(words_of(each, zone) for each in value)
    return str(value)


def _instant(at: datetime, zone: Zone) -> str:
    """A wall clock's time, as of time off, belongs to no zone but the person's own."""
    return formats.dated(at, zone) if at.tzinfo else f"{at:%Y-%m-%d %H:%M}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
