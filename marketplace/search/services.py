"""What search remembers of each mentor's time, so that a page need not look at everybody.

It only decides who is looked at together: a page judges the mentors on it by their diaries as of that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking import hours
from booking.domain.boundaries import Envelope
from booking.domain.diary import Diary
from booking.domain.intervals import Interval
from booking.domain.schedule import Schedule
from marketplace.search.domain.ranking import KNOWN_DAYS, LOOKED_AT_MINUTES, lot_of
from marketplace.search.domain.starts import moment_of, runs
from marketplace.search.domain.wish import Wish
from marketplace.search.domain.working_day import WorkingDay, week_in_utc
from marketplace.search.judging import World, first_that_is_free, look_at, wanted
from marketplace.search.models import NEVER, MentorFree, MentorSearch, SearchWord
from marketplace.search.queries import Asker, marks_of, to_look_at
from marketplace.search.reader import Reader
from payments.domain.fees import FeeRules

FRESH = {"populate_existing": True}


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one mentor, at one moment."""

    free_on: date
    free_at: datetime | None
    starts: list[Range[int]]
    week: list[Range[int]]
    lot: int

    def write(self, row: MentorSearch, free: MentorFree | None, mark: int) -> bool:
        """False if all of it is remembered already: then nothing but the mark is written."""
        is_known = (row.free_on, row.week, row.lot) == (self.free_on, self.week, self.lot)
        row.free_on, row.week, row.lot = self.free_on, self.week, self.lot
        if free is not None:
            is_known &= (free.free_at, free.starts) == (self.free_at, self.starts)
            free.free_at, free.starts, free.seen = self.free_at, self.starts, mark
        return not is_known


def turn_of(now: datetime) -> int:
    """Each minute has a turn, and each mentor one of them: nothing has to be kept to look at everybody in time."""
    return int(now.timestamp()) // 60 % LOOKED_AT_MINUTES


def look_again(session: Session, *, now: datetime, envelope: Envelope, rules: FeeRules) -> int:
    """At those whose turn it is; how many were found to be other than remembered. The caller commits."""
    ids = to_look_at(session, turn_of(now), LOOKED_AT_MINUTES)
    return look_at_these(session, ids, now=now, envelope=envelope, rules=rules)


def look_at_these(
    session: Session, mentor_ids: Iterable[int], *, now: datetime, envelope: Envelope, rules: FeeRules
) -> int:
    reader = Reader(None, WorkingDay(ZoneInfo("UTC")), now)
    asker = Asker(reader, rules, {}, site_meets=True)
    marks = marks_of(session, mentor_ids)  # before what they are marks of
    world = look_at(session, marks, reader, envelope)
    seen = {mentor_id: _seen(world, mentor_id, asker) for mentor_id in marks if mentor_id in world.diaries}
    changed = _remember(session, seen, marks)
    session.flush()
    return changed


def _seen(world: World, mentor_id: int, asker: Asker) -> Seen:
    diary, now = world.diaries[mentor_id], asker.reader.now
    offers = wanted(world.offerings[mentor_id], Wish(), asker)
    _, times = first_that_is_free(diary, offers, Wish(), asker.reader)
    starts = _starts(diary, min((each.minutes for each in offers), default=0), now)
    first = times.first.start if times.first else None
    return Seen(
        free_on=first.astimezone(UTC).date() if first else NEVER,
        free_at=moment_of(starts[0].lower or 0) if starts else first,
        starts=starts,
        week=week_of(diary.schedule, now),
        lot=lot_of(mentor_id, now.date()),
    )


def _starts(diary: Diary, minutes: int, now: datetime) -> list[Range[int]]:
    if not minutes:
        return []
    ahead = Interval(now, now + timedelta(days=KNOWN_DAYS))
    slots = diary.bookable(minutes=minutes, window=ahead, now=now)
    return [Range(*run) for run in runs(slots, diary.schedule.boundaries.step // timedelta(minutes=1))]


def _remember(session: Session, seen: Mapping[int, Seen], marks: Mapping[int, int]) -> int:
    """How many were other than remembered. Whom somebody is changing at this moment is left for the next look: who
    books waits for no look, and no look for who books."""
    rows = select(MentorSearch).where(MentorSearch.mentor_id.in_(seen)).order_by(MentorSearch.mentor_id)
    listed = session.scalars(rows.with_for_update(key_share=True, skip_locked=True).execution_options(**FRESH)).all()
    free = select(MentorFree).where(MentorFree.mentor_id.in_([row.mentor_id for row in listed]))
    unlocked = free.order_by(MentorFree.mentor_id).with_for_update(key_share=True, skip_locked=True)
    known = {each.mentor_id: each for each in session.scalars(unlocked.execution_options(**FRESH))}
    return sum(seen[row.mentor_id].write(row, known.get(row.mentor_id), marks[row.mentor_id]) for row in listed)


def week_of(schedule: Schedule, now: datetime) -> list[Range[int]]:
    """Working hours within the site's, as minutes of the week in UTC; touching ones joined, as the database would."""
    joined: list[Range[int]] = []
    for start, end in week_in_utc(hours.within(schedule.usual_week, schedule.envelope), schedule.zone, now):
        if joined and joined[-1].upper is not None and start <= joined[-1].upper:
            joined[-1] = Range(joined[-1].lower, max(joined[-1].upper, end))
        else:
            joined.append(Range(start, end))
    return joined


def forget_words(session: Session, *, now: datetime) -> None:
    """Words that nobody's page says any more, of those whose turn it is."""
    its_turn = func.abs(func.hashtext(SearchWord.word)) % LOOKED_AT_MINUTES == turn_of(now)
    query = func.plainto_tsquery("english", SearchWord.word)
    said = select(MentorSearch.mentor_id).where(MentorSearch.document.bool_op("@@")(query)).exists()
    session.execute(delete(SearchWord).where(its_turn, ~said).execution_options(synchronize_session=False))
