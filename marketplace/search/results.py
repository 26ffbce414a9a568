"""A page of results: the cards, who is hidden but goes by that name, and why nobody was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from booking.domain.slots import Slot
from booking.domain.zones import Journey
from booking.queries import envelope_of
from marketplace.core.config import Settings
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from marketplace.search import queries
from marketplace.search.domain.ranking import MOST_POOLS, PER_PAGE, POOL
from marketplace.search.domain.wish import Filter, Wish
from marketplace.search.judging import Candidate, World, judged, look_at, next_times
from marketplace.search.queries import Asker, Found
from marketplace.search.reader import Reader
from payments.fee_queries import fee_rules

PAGES_PER_POOL = POOL // PER_PAGE
MOST_PAGES = MOST_POOLS * PAGES_PER_POOL


@dataclass(frozen=True, slots=True)
class Card:
    """`covered` are the needs that the mentor covers, as they were typed. `price_from` is all that the reader would pay
    for `cheapest`, None for who sells nothing of what was asked for. `times` are for `offering`, by day in the reader's
    zone."""

    mentor: Mentor
    covered: tuple[str, ...]
    cheapest: Offering | None
    price_from: Money | None
    has_fit_call: bool
    offering: Offering
    times: dict[date, list[Slot]]
    travels: Journey | None
    """Where the mentor is today, if that is not at home."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Somebody of the name that was typed who takes no new sessions now: on a break, or fully booked."""

    mentor: Mentor
    is_full: bool


@dataclass(frozen=True, slots=True)
class Without:
    """How many would be found, were this filter dropped."""

    dropped: Filter
    count: int

    @property
    def is_more(self) -> bool:
        return self.count >= queries.ENOUGH


@dataclass(frozen=True, slots=True)
class Results:
    """`count` mentors fit, `is_more` if there are others behind them. `following` is the next page's number."""

    wish: Wish
    number: int
    cards: list[Card]
    count: int
    is_more: bool
    following: int | None
    hidden: list[Hidden]
    instead: list[Without]


def find(session: Session, wish: Wish, reader: Reader, settings: Settings, *, number: int = 1) -> Results:
    """Page `number` from 1; one beyond the last is empty."""
    met = queries.sessions_of(session, reader.user_id) if reader.user_id else {}
    asker = Asker(reader, fee_rules(session, settings, reader.now), met, site_meets=bool(settings.meeting_url))
    pool_number, page = divmod(min(number, MOST_PAGES) - 1, PAGES_PER_POOL)
    found, is_more = queries.pool(session, wish, asker, number=pool_number)
    world = look_at(session, (each.mentor_id for each in found), reader, envelope_of(settings))
    verdict = judged(world, found, wish, asker)
    shown = verdict.candidates[page * PER_PAGE : (page + 1) * PER_PAGE]
    full = [each.mentor_id for each in verdict.full if each.is_named]
    away = queries.hidden_by_name(session, wish.needs) if number == 1 else []
    mentors = queries.mentors(session, [*(each.found.mentor_id for each in shown), *full, *away])
    nobody = number == 1 and not verdict.candidates and not is_more
    return Results(
        wish=wish,
        number=number,
        cards=[_card(each, mentors[each.found.mentor_id], wish, reader) for each in shown],
        count=pool_number * POOL + len(verdict.candidates),
        is_more=is_more,
        following=_following(number, len(verdict.candidates), is_more=is_more),
        hidden=[Hidden(mentors[each], each in full) for each in [*full, *away] if each in mentors],
        instead=_instead(session, wish, asker, settings) if nobody else [],
    )


def _following(number: int, candidates: int, *, is_more: bool) -> int | None:
    """The next page of those that were looked at together, else the first of those after them."""
    pool_number, page = divmod(number - 1, PAGES_PER_POOL)
    if candidates > (page + 1) * PER_PAGE:
        return number + 1
    following = (pool_number + 1) * PAGES_PER_POOL + 1
    return following if is_more and following <= MOST_PAGES else None


def _card(candidate: Candidate, mentor: Mentor, wish: Wish, reader: Reader) -> Card:
    return Card(
        mentor=mentor,
        covered=tuple(wish.needs[number].said for number in candidate.found.covered),
        cheapest=candidate.cheapest,
        price_from=candidate.price_from,
        has_fit_call=candidate.has_fit_call,
        offering=candidate.offering,
        times=_by_day(next_times(candidate, wish, reader), reader),
        travels=candidate.diary.schedule.zones.journey_at(reader.now),
    )


def _by_day(slots: list[Slot], reader: Reader) -> dict[date, list[Slot]]:
    days: dict[date, list[Slot]] = {}
    for slot in slots:
        days.setdefault(reader.date_of(slot.start), []).append(slot)
    return days


def _instead(session: Session, wish: Wish, asker: Asker, settings: Settings) -> list[Without]:
    """The filters that keep somebody out who fits everything else, and how many."""
    found = queries.pools_without(session, wish, asker)
    world = _world_of(session, found.values(), asker.reader, settings)
    counts = {each: len(judged(world, pool, wish.without(each), asker).candidates) for each, pool in found.items()}
    return [Without(each, count) for each, count in counts.items() if count]


def _world_of(session: Session, pools: Iterable[list[Found]], reader: Reader, settings: Settings) -> World:
    return look_at(session, (each.mentor_id for pool in pools for each in pool), reader, envelope_of(settings))
