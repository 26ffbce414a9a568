"""A page of results: the cards, who is hidden but goes by that name, and why nobody was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from booking.domain.free_again import UNKNOWN, FreeAgain
from booking.domain.slots import Slot
from booking.domain.zones import Journey
from booking.queries.bookings import envelope_of
from marketplace.core.config import Settings
from marketplace.core.money import Money
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from marketplace.search import by_time, queries
from marketplace.search.domain.ranking import MOST_POOLS, PER_PAGE, POOL
from marketplace.search.domain.wish import Filter, Wish
from marketplace.search.judging import Candidate, Verdict, World, judged, look_at, next_times
from marketplace.search.queries import Asker, Found
from marketplace.search.reader import Reader
from payments.queries.fees import fee_rules

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
class Away:
    """Somebody who fits, or has the name that was typed, and takes no new sessions now: on a break, or full."""

    mentor: Mentor
    is_full: bool
    is_named: bool
    again: FreeAgain


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
    away: list[Away]
    """Who fits is only told of where everybody who can be booked is told of too."""
    instead: list[Without]


def find(session: Session, wish: Wish, reader: Reader, settings: Settings, *, number: int = 1) -> Results:
    """Page `number` from 1; one beyond the last is empty."""
    met = queries.sessions_of(session, reader.user_id) if reader.user_id else {}
    asker = Asker(reader, fee_rules(session, settings, reader.now), met, site_meets=bool(settings.meeting_url))
    pool_number, page = divmod(min(number, MOST_PAGES) - 1, PAGES_PER_POOL)
    pool = by_time.pool if wish.by_time else queries.pool
    found, is_more = pool(session, wish, asker, number=pool_number)
    hidden = queries.not_free(session, wish, asker) if number == 1 else []
    world = look_at(session, (each.mentor_id for each in [*found, *hidden]), reader, envelope_of(settings))
    verdict = judged(world, found, wish, asker)
    shown = verdict.candidates[page * PER_PAGE : (page + 1) * PER_PAGE]
    is_all = not is_more and len(verdict.candidates) <= PER_PAGE
    absent = _absent(verdict, hidden, is_all=is_all) if number == 1 and wish.needs else []
    mentors = queries.mentors(session, [each.mentor_id for each in [*(each.found for each in shown), *absent]])
    nobody = number == 1 and not verdict.candidates and not is_more
    return Results(
        wish=wish,
        number=number,
        cards=[card_of(each, mentors[each.found.mentor_id], wish, reader) for each in shown],
        count=pool_number * POOL + len(verdict.candidates),
        is_more=is_more,
        following=_following(number, len(verdict.candidates), is_more=is_more),
        away=_away(absent, mentors, world, reader.now),
        instead=_instead(session, wish, asker, settings) if nobody else [],
    )


def _absent(verdict: Verdict, hidden: Iterable[Found], *, is_all: bool) -> list[Found]:
    """Each once, those of the name that was typed first. Who has been found to be free meanwhile is on the list."""
    present = {each.found.mentor_id for each in verdict.candidates}
    found = {each.mentor_id: each for each in [*verdict.full, *hidden] if each.mentor_id not in present}
    told = [each for each in found.values() if is_all or each.is_named]
    return sorted(told, key=lambda each: not each.is_named)[: queries.AT_MOST_AWAY]


def _away(absent: Iterable[Found], mentors: Mapping[int, Mentor], world: World, now: datetime) -> list[Away]:
    """The soonest free again first, those of the name that was typed before all others."""
    away = []
    for each in absent:
        mentor = mentors[each.mentor_id]
        is_full = mentor.state is MentorStatus.APPROVED
        away.append(Away(mentor, is_full, each.is_named, _again(mentor, world, now)))
    return sorted(away, key=lambda each: (not each.is_named, each.again.on or each.again.after or date.max))


def _again(mentor: Mentor, world: World, now: datetime) -> FreeAgain:
    """Of who is on a break only from the day on that they have told, and nobody knows without one."""
    diary, offers = world.diaries[mentor.id], world.offerings[mentor.id]
    is_paused, day = mentor.state is MentorStatus.PAUSED, mentor.free_again_on
    if is_paused and (day is None or day <= diary.schedule.zones.day_of(now)):
        return UNKNOWN
    if not offers:
        return FreeAgain(after=day)
    again = diary.free_again(
        minutes=min(each.minutes for each in offers), now=now, not_before=day if is_paused else None
    )
    return replace(again, opens_on=None) if is_paused else again


def _following(number: int, candidates: int, *, is_more: bool) -> int | None:
    """The next page of those that were looked at together, else the first of those after them."""
    pool_number, page = divmod(number - 1, PAGES_PER_POOL)
    if candidates > (page + 1) * PER_PAGE:
        return number + 1
    following = (pool_number + 1) * PAGES_PER_POOL + 1
    return following if is_more and following <= MOST_PAGES else None


def card_of(candidate: Candidate, mentor: Mentor, wish: Wish, reader: Reader) -> Card:
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
