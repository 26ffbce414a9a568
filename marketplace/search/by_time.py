"""Who fits, by their next free time: as last seen, before the page judges a hundred of them together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Row, Select, func
from sqlalchemy.orm import Session

from marketplace.search import queries
from marketplace.search.domain.ranking import COMMON_DAYS, POOL
from marketplace.search.domain.starts import MinutesSince1970, minute_of
from marketplace.search.domain.wish import Wish
from marketplace.search.models import MentorFree, MentorSearch
from marketplace.search.queries import Asker, Found

Fitting = Row[*tuple[Any, ...]]
READ_AT_ONCE = 1000
_NEVER = 2**40


def pool(session: Session, wish: Wish, asker: Asker, *, number: int = 0) -> tuple[list[Found], bool]:
    """POOL at a time, and whether there are more."""
    statement = (
        queries.fitting(wish, asker)
        .join(MentorFree, MentorFree.mentor_id == MentorSearch.mentor_id)
        .order_by(MentorFree.free_at, *queries.in_usual_order(wish))
    )
    first, last = number * POOL, (number + 1) * POOL
    if wish.in_hours:
        hours = asker.reader.minutes_ahead(wish.within_days or COMMON_DAYS)
        rows = _in_hours(session, statement, hours, last)[first : last + 1]
    else:
        rows = list(session.execute(statement.offset(first).limit(POOL + 1)))
    return [queries.found_in(row, wish) for row in rows[:POOL]], len(rows) > POOL


def _in_hours(
    session: Session, statement: Select[int, int, int, bool], hours: list[MinutesSince1970], last: int
) -> list[Fitting]:
    """By the first time in these hours; as many as are needed for the order up to `last` to be that of all who fit.

    Nobody is free in the hours before they are free at all, and that is the order in which they are read. So whoever
    was not read yet cannot come before the first of the hours that begin then, and among equals comes behind.
    """
    common = func.lower(MentorFree.starts.op("*")(queries.multirange(hours)))
    wider = statement.add_columns(common.label("common"), MentorFree.free_at)
    best: list[Fitting] = []
    for turn in count():
        rows = session.execute(wider.offset(turn * READ_AT_ONCE).limit(READ_AT_ONCE)).all()
        best = sorted([*best, *rows], key=_first)  # in the order of the rows among equals
        if len(rows) < READ_AT_ONCE or (len(best) > last and _first(best[last]) <= _from(rows[-1].free_at, hours)):
            break
    return best


def _first(row: Fitting) -> int:
    return _NEVER if row.common is None else row.common


def _from(free_at: datetime | None, hours: Iterable[MinutesSince1970]) -> int:
    """The first of the minutes that is not before a moment."""
    if free_at is None:
        return _NEVER
    earliest = minute_of(free_at)
    return next((max(earliest, start) for start, end in hours if earliest < end), _NEVER)
