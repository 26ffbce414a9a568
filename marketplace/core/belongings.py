"""What of each table belongs to a person: for the copy that everybody may take of what is known of them, and for what
becomes of it when they leave.

Each feature says it of every table that it has and of every column, so that nothing is handed out, or kept, by
oversight: a test finds what nobody has decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, Table, inspect

from marketplace.core.db import Base

Whose = Callable[[int], ColumnElement[bool]]
NUMBER = "a number of our database"
OPENS = "it opens something, or proves who somebody is"
OF_THE_SITE = "how the site does its work, and nobody’s words"
OPERATORS = "an operator’s"
WORKED_OUT = "worked out from other tables, which are in the copy"


class AtClosing(StrEnum):
    """What becomes of the rows when the person's account is closed."""

    GOES = "goes"
    NAMELESS = "nameless"
    """The row stays, without names and words of theirs."""
    STAYS = "stays"
    """The other side, the law or a proof needs it."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """`whose` says which rows are of a person, by the id of their account; `kept_back` has the reasons by column, and
    `says` the words for columns that hold a code of ours."""

    table: Table
    title: LazyString
    whose: Whose
    shown: tuple[str, ...]
    kept_back: Mapping[str, str]
    at_closing: AtClosing
    says: Mapping[str, Mapping[str, LazyString]]


BELONGINGS: dict[str, Belonging] = {}
"""By the name of the table."""
NOBODYS: dict[str, str] = {}
"""Why no row of it is handed out, by the name of the table."""


def belongs(
    model: type[Base],
    title: LazyString,
    *,
    whose: Whose,
    shown: str,
    at_closing: AtClosing,
    kept_back: Mapping[str, str],
    says: Mapping[str, Mapping[str, LazyString]] | None = None,
) -> None:
    """Columns are named with spaces between them, `kept_back` by their reason."""
    reasons = {column: reason for reason, columns in kept_back.items() for column in columns.split()}
    table = _table(model)
    BELONGINGS[table.name] = Belonging(table, title, whose, tuple(shown.split()), reasons, at_closing, says or {})


def nobodys(model: type[Base], reason: str) -> None:
    NOBODYS[_table(model).name] = reason


def in_order() -> list[Belonging]:
    """What a person is before what they have, and that before what came of it; letters and the log, which no foreign
    key ties to anything, come last."""
    known = [table for table in Base.metadata.sorted_tables if table.name in BELONGINGS]
    pointed_at = {key.column.table for table in known for key in table.foreign_keys}
    return [
        BELONGINGS[table.name]
        for table in sorted(known, key=lambda table: not (table.foreign_keys or table in pointed_at))
    ]


def _table(model: type[Base]) -> Table:
    table = inspect(model).local_table
    assert isinstance(table, Table), "a model of ours is one table"
    return table
