"""Reads of search. Whatever is asked, what comes back is bounded: POOL mentors at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, INT4MULTIRANGE, TSQUERY, Range, array
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload
from sqlalchemy.types import Text

from booking.domain.states import OCCUPYING
from booking.models.bookings import Booking
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import OfferingKind
from marketplace.search.domain.ranking import POOL
from marketplace.search.domain.wish import Filter, Need, Wish
from marketplace.search.models import NEVER, NOT_LOOKED_AT, MentorFree, MentorSearch, SearchChoice
from marketplace.search.reader import Reader
from payments.domain.fees import Fee, FeeRules, PairFee, highest_price

ENGLISH: ColumnElement[str] = literal_column("'english'::regconfig")
"""The language whose endings are cut off; other languages lose little by it."""
AT_MOST_AWAY = 6
TOGETHER = 500
ENOUGH = 30
"""Of how many it is told how many there would be without a filter."""


@dataclass(frozen=True, slots=True)
class Found:
    """A mentor who fits by what is written. `covered` are the numbers of the needs; `is_named`: by name."""

    mentor_id: int
    covered: tuple[int, ...]
    practised: int
    is_named: bool


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and with which fees: `met` counts their sessions with the mentors whom they know."""

    reader: Reader
    rules: FeeRules
    met: Mapping[int, int]
    site_meets: bool

    def fee_of(self, mentor_id: int) -> PairFee:
        """Of their next sessions with that mentor."""
        return PairFee(self.rules.of(mentor_id), self.met.get(mentor_id, 0))


def sessions_of(session: Session, mentee_id: int) -> Mapping[int, int]:
    """How many sessions the mentee has held, confirmed or had with each mentor; who has none is left out."""
    counted = select(Booking.mentor_id, func.count()).group_by(Booking.mentor_id)
    rows = session.execute(counted.where(Booking.mentee_id == mentee_id, Booking.status.in_(OCCUPYING)))
    return {row[0]: row[1] for row in rows}


def choices(session: Session) -> dict[str, list[str]]:
    """Languages that somebody speaks and currencies that somebody takes."""
    found: dict[str, list[str]] = {"language": [], "currency": []}
    for row in session.execute(select(SearchChoice.kind, SearchChoice.value).order_by(SearchChoice.value)):
        found[row.kind].append(row.value)
    return found


def pool(session: Session, wish: Wish, asker: Asker, *, number: int = 0) -> tuple[list[Found], bool]:
    """The mentors who fit, POOL at a time, the likeliest first; and whether there are more."""
    statement = _fitting(wish, asker).offset(number * POOL).limit(POOL + 1)
    rows = session.execute(statement).all()
    return [found_in(row, wish) for row in rows[:POOL]], len(rows) > POOL


def pools_without(session: Session, wish: Wish, asker: Asker) -> dict[Filter, list[Found]]:
    """For each filter: who would fit if it were dropped, ENOUGH at most."""
    dropped = wish.filters()
    parts = [
        _fitting(wish.without(each), asker).add_columns(literal(each.value).label("dropped")).limit(ENOUGH).subquery()
        for each in dropped
    ]
    found: dict[Filter, list[Found]] = {each: [] for each in dropped}
    if parts:
        for row in session.execute(union_all(*(select(part) for part in parts))):
            dropping = Filter(row.dropped)
            found[dropping].append(found_in(row, wish.without(dropping)))
    return found


def not_free(session: Session, wish: Wish, asker: Asker) -> list[Found]:
    """Who fits by what is written and is on a break, or was full when last looked at; those of that name first, who are
    here whatever else was asked for."""
    if not wish.needs:
        return []
    by_page, names = wish.by_page, [name for need in wish.needs for name in need.names]
    is_named = _overlap(MentorSearch.names, names) if names else false()
    fits = and_(
        or_(MentorSearch.free_on == NEVER, and_(~MentorSearch.listed, MentorSearch.forms != [])),
        *_asked_of_the_page(by_page, asker),
    )
    statement = (
        _matching(by_page, is_named)
        .where(or_(and_(is_named, ~MentorSearch.listed), fits))
        .order_by(is_named.desc(), MentorSearch.practised.desc(), MentorSearch.lot, MentorSearch.mentor_id)
        .limit(AT_MOST_AWAY)
    )
    return [found_in(row, wish) for row in session.execute(statement)]


def mentors(session: Session, mentor_ids: Iterable[int]) -> dict[int, Mentor]:
    """By id, with what a card shows."""
    statement = select(Mentor).options(joinedload(Mentor.user), joinedload(Mentor.photo), selectinload(Mentor.topics))
    return {each.id: each for each in session.scalars(statement.where(Mentor.id.in_(list(mentor_ids))))}


def to_look_at(session: Session, turn: int, turns: int) -> list[int]:
    """Listed mentors whose turn it is, and at most TOGETHER each of those that nobody has looked at yet, and of those
    of whom something has changed since."""
    whose_turn = select(MentorSearch.mentor_id).where(MentorSearch.listed, MentorSearch.mentor_id % turns == turn)
    new = select(MentorSearch.mentor_id).where(MentorSearch.listed, MentorSearch.free_on == NOT_LOOKED_AT)
    changed = (
        select(MentorFree.mentor_id)
        .join(MentorSearch, MentorSearch.mentor_id == MentorFree.mentor_id)
        .where(MentorFree.mark != MentorFree.seen, MentorSearch.listed)
    )
    return list(session.scalars(union(whose_turn, new.limit(TOGETHER), changed.limit(TOGETHER))))


def marks_of(session: Session, mentor_ids: Iterable[int]) -> dict[int, int]:
    """How often something has changed that decides when each of them is free."""
    ids = list(mentor_ids)
    rows = session.execute(select(MentorFree.mentor_id, MentorFree.mark).where(MentorFree.mentor_id.in_(ids)))
    return {**dict.fromkeys(ids, 0), **{row.mentor_id: row.mark for row in rows}}


def _matching(wish: Wish, is_named: ColumnElement[bool]) -> Select[int, int, int, bool]:
    _, mask = _sums([_covers(need) for need in wish.needs])
    return select(MentorSearch.mentor_id, mask.label("covered"), MentorSearch.practised, is_named.label("is_named"))


def _asked_of_the_page(wish: Wish, asker: Asker) -> list[ColumnElement[bool]]:
    meets: ColumnElement[bool] = true() if asker.site_meets else MentorSearch.meets.is_(True)
    return [meets, *(CONDITIONS[each](wish, asker) for each in wish.filters())]


def _fitting(wish: Wish, asker: Asker) -> Select[int, int, int, bool]:
    return fitting(wish, asker).order_by(*_most_needs(wish), MentorSearch.free_on, *_among_equals())


def fitting(wish: Wish, asker: Asker) -> Select[int, int, int, bool]:
    """Who can be booked and fits, in no order."""
    names = [name for need in wish.needs for name in need.names]
    return _matching(wish, _overlap(MentorSearch.names, names) if names else literal_column("false")).where(
        MentorSearch.listed, *_asked_of_the_page(wish, asker)
    )


def in_usual_order(wish: Wish) -> list[ColumnElement[Any]]:
    """Of those who are free at one time."""
    return [*_most_needs(wish), *_among_equals()]


def _most_needs(wish: Wish) -> list[ColumnElement[Any]]:
    count, _ = _sums([_covers(need) for need in wish.needs])
    return [count.desc()] if len(wish.needs) > 1 else []


def _among_equals() -> list[ColumnElement[Any]]:
    return [MentorSearch.practised.desc(), MentorSearch.lot.asc(), MentorSearch.mentor_id.asc()]


def _covers(need: Need) -> ColumnElement[bool]:
    if need.is_name:
        return MentorSearch.names.contains(list(need.terms))
    # Nothing but letters and digits is left of what was typed, so none of it can be an operator.
    said = MentorSearch.document.bool_op("@@")(_anywhere(" & ".join(need.terms).replace("*", ":*")))
    return said if need.language is None else or_(said, MentorSearch.languages.contains([need.language]))


def _anywhere(terms: str) -> ColumnElement[str]:
    """PostgreSQL takes apart what begins like a number (“25e6f8” is 25e6, then f8) and asks for the parts in their
    order, but documents keep no positions."""
    query = func.to_tsquery(ENGLISH, terms)
    return cast(func.replace(cast(query, Text), "<->", "&"), TSQUERY)


def _sums(covers: list[ColumnElement[bool]]) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many needs are covered, and which, as a number with a bit for each. Who covers the only need is asked by the
    condition already."""
    if len(covers) < 2:
        return literal(len(covers)), literal(len(covers))
    bits = [cast(each, Integer) for each in covers]
    count: ColumnElement[int] = bits[0]
    mask: ColumnElement[int] = bits[0]
    for place, bit in enumerate(bits[1:], 1):
        count, mask = count + bit, mask + bit * (1 << place)
    return count, mask


def found_in(row: Row[*tuple[Any, ...]], wish: Wish) -> Found:
    covered = tuple(number for number in range(len(wish.needs)) if row.covered >> number & 1)
    return Found(row.mentor_id, covered, row.practised, row.is_named)


def _covers_some(wish: Wish, _asker: Asker) -> ColumnElement[bool]:
    return or_(*(_covers(need) for need in wish.needs))


def _speaks(wish: Wish, _asker: Asker) -> ColumnElement[bool]:
    return MentorSearch.languages.contains([wish.language])


def _costs(wish: Wish, asker: Asker) -> ColumnElement[bool]:
    """The limit is what the mentee pays. Mentors write down their own price; pairs who know each other pay less, and
    some mentors have a fee of their own."""
    assert wish.most is not None  # the filter is only asked then
    key = f"{wish.form} {wish.most.currency}" if wish.form else wish.most.currency
    price = cast(MentorSearch.prices[key].astext, BigInteger)
    if wish.form == OfferingKind.PROGRAMME:
        # The fee of each of its sessions may be another: that is judged with the mentor's diary.
        return price <= wish.most.minor
    usual = asker.rules.site.fee_for(1)
    others: defaultdict[Fee, list[int]] = defaultdict(list)
    for mentor_id in sorted({*asker.met, *asker.rules.own}):
        if (fee := asker.fee_of(mentor_id).next) != usual:
            others[fee].append(mentor_id)
    limits = {fee: price <= highest_price(wish.most, fee).minor for fee in (usual, *others)}
    if not others:
        return limits[usual]
    apart = [each for ids in others.values() for each in ids]
    return or_(
        and_(MentorSearch.mentor_id.not_in(apart), limits[usual]),
        *(and_(MentorSearch.mentor_id.in_(ids), limits[fee]) for fee, ids in others.items()),
    )


def _offers(wish: Wish, _asker: Asker) -> ColumnElement[bool]:
    return MentorSearch.forms.contains([wish.form])


def free_in(hours: Iterable[tuple[int, int]]) -> ColumnElement[bool]:
    """Whether anything could begin in these minutes since 1970, as last seen."""
    starts = select(MentorFree.starts).where(MentorFree.mentor_id == MentorSearch.mentor_id)
    return starts.scalar_subquery().bool_op("&&")(multirange(hours))


def multirange(parts: Iterable[tuple[int, int]]) -> ColumnElement[Any]:
    return cast([Range(*part) for part in parts], INT4MULTIRANGE)


def _works_then(wish: Wish, asker: Asker) -> ColumnElement[bool]:
    """As last seen; who was not looked at yet may."""
    if wish.within_days is not None:
        return free_in(asker.reader.minutes_ahead(wish.within_days))
    week = multirange(asker.reader.week_in_utc())
    return or_(MentorSearch.week.is_(None), MentorSearch.week.bool_op("&&")(week))


def _is_free_soon(wish: Wish, asker: Asker) -> ColumnElement[bool]:
    assert wish.within_days is not None  # the filter is only asked then
    last: date = (asker.reader.now + timedelta(days=wish.within_days)).date()
    return MentorSearch.free_on <= last


def _overlap(column: InstrumentedAttribute[list[str]], words: list[str]) -> ColumnElement[bool]:
    return column.bool_op("&&")(cast(array(words), ARRAY(Text())))


CONDITIONS: dict[Filter, Callable[[Wish, Asker], ColumnElement[bool]]] = {
    Filter.WORDS: _covers_some,
    Filter.LANGUAGE: _speaks,
    Filter.PRICE: _costs,
    Filter.FORM: _offers,
    Filter.HOURS: _works_then,
    Filter.SOON: _is_free_soon,
}
