"""The values of a copy as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE, Range

from marketplace.accounts.own_copy import Part
from marketplace.core import formats
from marketplace.core.belongings import BELONGINGS
from marketplace.core.formats import Zone
from marketplace.core.money import Money

_MINOR, _BP = "_minor", "_bp"


def currencies_of(parts: Iterable[Part]) -> dict[str, str]:
    """By the purchase: what hangs on one has its sums in the same."""
    return {row["public_id"]: row["currency"] for part in parts if part.table == "purchase" for row in part.rows}


def lines_of(row: Mapping[str, Any], part: Part, zone: Zone, currencies: Mapping[str, str]) -> list[tuple[str, str]]:
    """Name and value; a sum has its currency beside it, and so needs no line for that."""
    belonging, lines = BELONGINGS[part.table], []
    currency = row.get("currency") or currencies.get(row.get("purchase_id", ""))
    for name, value in row.items():
        if name == "currency":
            continue
        if name.endswith(_MINOR) and currency:
            lines.append((name.removesuffix(_MINOR), formats.money(Money(value, currency))))
        elif name.endswith(_BP):
            lines.append((name.removesuffix(_BP), f"{value / 100:g} %"))
        elif isinstance(belonging.table.c[name].type, INT4MULTIRANGE):
            lines.append((name, ", ".join(f"{_clock(span.lower)}–{_clock(span.upper)}" for span in value)))
        elif name in belonging.says:
            lines.append((name, str(belonging.says[name][value])))
        else:
            lines.append((_label(name), words_of(value, zone)))
    return lines


def words_of(value: Any, zone: Zone) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return _instant(value, zone)
    if isinstance(value, date):
        return formats.full_date(value)
    if isinstance(value, Range):
        return f"{words_of(value.lower, zone)} – {words_of(value.upper, zone)}"
    if isinstance(value, Mapping):
        said = {name: words_of(each, zone) for name, each in value.items()}
        return "\n".join(f"{name.replace('_', ' ')}: {words}" for name, words in said.items() if words)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "; ".join(words for each in value if (words := words_of(each, zone)))
    return str(value)


def _label(name: str) -> str:
    """Where others are pointed to stands their name, or the one that addresses have for a thing."""
    return name if name == "public_id" else name.removesuffix("_id")


def _instant(at: datetime, zone: Zone) -> str:
    """A wall clock's time, as of time off, belongs to no zone but the person's own."""
    return formats.dated(at, zone) if at.tzinfo else f"{at:%Y-%m-%d %H:%M}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
