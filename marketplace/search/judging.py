"""Who of those that fit by what is written fits by the clock too, as of this moment, and who comes first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from booking.domain.boundaries import BEYOND_EVERY_HORIZON, Envelope
from booking.domain.diary import Diary
from booking.domain.intervals import Interval
from booking.domain.slots import Slot
from booking.queries.bookings import diaries
from marketplace.core.money import Money
from marketplace.offerings.models import Offering, OfferingKind
from marketplace.offerings.queries import offerings_for_sale
from marketplace.search.domain.ranking import COMMON_DAYS, Place, by_time, in_order, lot_of
from marketplace.search.domain.wish import Wish
from marketplace.search.queries import Asker, Found
from marketplace.search.reader import Reader

TIMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mentor who fits and has a free time for `offering`. `cheapest` is what `price_from`, all that the reader would
    pay, is the price of; both are None for a mentor who sells nothing of what was asked for."""

    found: Found
    offering: Offering
    cheapest: Offering | None
    price_from: Money | None
    has_fit_call: bool
    diary: Diary
    place: Place


@dataclass(frozen=True, slots=True)
class Verdict:
    """Candidates in the order in which they are listed. Who is full has no free time at all."""

    candidates: list[Candidate]
    full: list[Found]


@dataclass(frozen=True, slots=True)
class World:
    """What many mentors sell, and when they can."""

    offerings: Mapping[int, list[Offering]]
    diaries: Mapping[int, Diary]


def look_at(session: Session, mentor_ids: Iterable[int], reader: Reader, envelope: Envelope) -> World:
    ids = sorted(set(mentor_ids))
    offerings: defaultdict[int, list[Offering]] = defaultdict(list)
    for offering in offerings_for_sale(session, ids):
        offerings[offering.mentor_id].append(offering)
    around = Interval(reader.now, reader.now + BEYOND_EVERY_HORIZON)
    return World(offerings, diaries(session, ids, mentee_id=reader.user_id, around=around, envelope=envelope))


def judged(world: World, found: Iterable[Found], wish: Wish, asker: Asker) -> Verdict:
    candidates: list[Candidate] = []
    full: list[Found] = []
    for each in found:
        offers = wanted(world.offerings[each.mentor_id], wish, asker)
        offering, times = first_that_is_free(world.diaries[each.mentor_id], offers, wish, asker.reader)
        if offering is None or times.first is None:
            full.append(each)
        elif times.fit(wish, asker.reader):
            candidates.append(_candidate(world, each, offering, offers, times, wish, asker))
    order = by_time if wish.by_time else in_order
    return Verdict(sorted(candidates, key=lambda candidate: order(candidate.place)), full)


def next_times(candidate: Candidate, wish: Wish, reader: Reader) -> list[Slot]:
    """The first sessions that could be booked one after the other, within the reader's working day if that is wished:
    a quarter of an hour later is no other choice."""
    found: list[Slot] = []
    for slot in upcoming(candidate.diary, candidate.offering, reader):
        apart = not found or slot.start >= found[-1].end
        if apart and (not wish.in_hours or reader.day.holds(slot.start, slot.end)):
            found.append(slot)
        if len(found) == TIMES_SHOWN:
            break
    return found


def upcoming(diary: Diary, offering: Offering, reader: Reader) -> Iterator[Slot]:
    ahead = Interval(reader.now, reader.now + BEYOND_EVERY_HORIZON)
    return diary.upcoming(minutes=offering.minutes, window=ahead, now=reader.now)


def all_in(offering: Offering, asker: Asker) -> Money:
    """All that the reader would pay for it."""
    return asker.fee_of(offering.mentor_id).lines(offering.price, offering.sessions).gross


def wanted(offerings: Iterable[Offering], wish: Wish, asker: Asker) -> list[Offering]:
    """What fits the wish; what costs something before what is free, otherwise in the mentor's order."""
    of_form = [each for each in offerings if wish.form in (None, each.kind)]
    if wish.most is not None:
        of_form = [
            each
            for each in of_form
            if each.currency == wish.most.currency and all_in(each, asker) <= wish.most and (each.price or wish.form)
        ]
    return sorted(of_form, key=lambda each: not each.price)


@dataclass(frozen=True, slots=True)
class FirstTimes:
    """The first free time at any hour, and the first within the reader's working day."""

    first: Slot | None = None
    common: Slot | None = None

    def asked_for(self, wish: Wish) -> Slot | None:
        return self.common if wish.in_hours else self.first

    def fit(self, wish: Wish, reader: Reader) -> bool:
        time = self.asked_for(wish)
        if time is None or wish.within_days is None:
            return time is not None
        return time.start <= reader.now + timedelta(days=wish.within_days)


def first_that_is_free(
    diary: Diary, offers: Iterable[Offering], wish: Wish, reader: Reader
) -> tuple[Offering | None, FirstTimes]:
    for offering in offers:
        times = first_times(upcoming(diary, offering, reader), wish, reader)
        if times.first:
            return offering, times
    return None, FirstTimes()


def first_times(slots: Iterable[Slot], wish: Wish, reader: Reader) -> FirstTimes:
    """A time within the reader's working day is looked for COMMON_DAYS ahead, and as far as there are any if wished."""
    first, far = None, reader.now + timedelta(days=COMMON_DAYS)
    for slot in slots:
        first = first or slot
        if reader.day.holds(slot.start, slot.end):
            return FirstTimes(first, slot)
        if slot.start > far and not wish.in_hours:
            break
    return FirstTimes(first)


def _candidate(
    world: World, found: Found, offering: Offering, offers: list[Offering], times: FirstTimes, wish: Wish, asker: Asker
) -> Candidate:
    following = times.asked_for(wish)
    assert times.first is not None  # a candidate has a free time
    assert following is not None  # and one that fits
    paid = [each for each in offers if each.price]
    alike = [each for each in paid if each.currency == paid[0].currency]
    cheapest = min(alike, key=lambda each: each.price_minor, default=None)
    return Candidate(
        found=found,
        offering=offering,
        cheapest=cheapest,
        price_from=all_in(cheapest, asker) if cheapest else None,
        has_fit_call=any(each.kind == OfferingKind.FIT_CALL for each in world.offerings[found.mentor_id]),
        diary=world.diaries[found.mentor_id],
        place=Place(
            covered=len(found.covered),
            first_common=asker.reader.date_of(times.common.start) if times.common else None,
            first=asker.reader.date_of(times.first.start),
            next_at=following.start,
            practised=found.practised,
            lot=lot_of(found.mentor_id, asker.reader.now.date()),
            mentor_id=found.mentor_id,
        ),
    )
