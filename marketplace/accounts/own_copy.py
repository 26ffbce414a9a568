"""The copy of all that is known of a person: one archive, with a page to read and the same as JSON.

What is in it stands in `marketplace/core/belongings.py` and is said by each feature. Other people stand in it by the
name that this person knows of them anyway; who acted for the site is “the site”.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from flask_babel.speaklater import LazyString
from sqlalchemy import Column, DateTime, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.belongings import BELONGINGS, Belonging, in_order

BY_THE_SITE = "the site"
PEOPLE = {"users", "mentor"}
THE_TWO = {"mentor_id", "mentee_id", "person_id"}
"""Columns of people whom this person has met. Whoever else is named has acted for the site."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table; columns without a value are left out of each."""

    table: str
    title: LazyString
    rows: list[Row]


@dataclass(slots=True)
class Copy:
    made_at: datetime
    parts: list[Part]
    files: dict[str, bytes]
    """Pictures by name; in the rows stands the name."""


def copy_of(session: Session, user_id: int, *, now: datetime) -> Copy:
    """In one statement a table, and one more for each kind of thing that rows point to."""
    copy = Copy(now, [], {})
    for belonging in in_order():
        columns = [belonging.table.c[name] for name in belonging.shown]
        statement = select(*columns).where(belonging.whose(user_id)).order_by(*_readers_order(belonging))
        rows = [row._asdict() for row in session.execute(statement)]
        copy.parts.append(Part(belonging.table.name, belonging.title, rows))
    _name_people(session, copy.parts, user_id)
    _name_things(session, copy.parts)
    for part in copy.parts:
        part.rows[:] = [_without_nothing(row, part, copy) for row in part.rows]
    return copy


def _readers_order(belonging: Belonging) -> list[Column[Any]]:
    """By the first moment that each row tells of; what tells of none, as it was numbered."""
    shown = [belonging.table.c[name] for name in belonging.shown]
    moments = [column for column in shown if isinstance(column.type, DateTime) and not column.nullable]
    return [*moments[:1], *belonging.table.primary_key.columns]


def as_json(copy: Copy) -> bytes:
    """Times as ISO 8601 in UTC, sums in the smallest unit of their currency, ranges as their two ends."""
    told = {"made_at": copy.made_at, "parts": {part.table: part.rows for part in copy.parts}}
    return json.dumps(told, default=_plain, ensure_ascii=False, indent=1).encode()


def archive(copy: Copy, page: str) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as files:
        files.writestr("everything.html", page)
        files.writestr("everything.json", as_json(copy))
        for name, content in copy.files.items():
            files.writestr(name, content)
    return written.getvalue()


def _name_people(session: Session, parts: Iterable[Part], user_id: int) -> None:
    met, cells = {user_id}, list(_pointing(parts, PEOPLE))
    met |= {row[name] for row, column in cells if (name := column.name) in THE_TWO and row[name]}
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_(met))).all())
    for row, column in cells:
        if row[column.name] is not None:
            row[column.name] = names.get(row[column.name], BY_THE_SITE)


def _name_things(session: Session, parts: Iterable[Part]) -> None:
    """By the names that stand in addresses, as `public_id` of sessions and purchases."""
    cells = list(_pointing(parts, {name for name, each in BELONGINGS.items() if "public_id" in each.shown}))
    for table in {_target(column) for _, column in cells}:
        here = [(row, column.name) for row, column in cells if _target(column) is table]
        wanted = {row[name] for row, name in here}
        found = session.execute(select(table.c.id, table.c.public_id).where(table.c.id.in_(wanted)))
        known = {row.id: row.public_id for row in found}
        for row, name in here:
            row[name] = known.get(row[name])


def _pointing(parts: Iterable[Part], tables: set[str]) -> Iterable[tuple[Row, Column[Any]]]:
    for part in parts:
        belonging = BELONGINGS[part.table]
        columns = [column for column in _shown(belonging) if column.foreign_keys and _target(column).name in tables]
        yield from ((row, column) for row in part.rows for column in columns)


def _shown(belonging: Belonging) -> list[Column[Any]]:
    return [belonging.table.c[name] for name in belonging.shown]


def _target(column: Column[Any]) -> Any:
    return next(iter(column.foreign_keys)).column.table


def _without_nothing(row: Row, part: Part, copy: Copy) -> Row:
    return {name: _kept(value, part, copy) for name, value in row.items() if value not in (None, "", [])}


def _kept(value: Any, part: Part, copy: Copy) -> Any:
    """Pictures become files beside the page."""
    if not isinstance(value, bytes):
        return value
    name = f"{part.table}-{len(copy.files) + 1}.webp"
    copy.files[name] = value
    return name


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Range):
        return [value.lower, value.upper]
    return list(value)
