"""What search remembers of each mentor's time, so that a page need not look at everybody.

It only decides who is looked at together: a page judges the mentors on it by their diaries as of that moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking import hours
from booking.domain.boundaries import Envelope
from booking.domain.schedule import Schedule
from marketplace.search.domain.ranking import LOOKED_AT_MINUTES, lot_of
from marketplace.search.domain.wish import Wish
from marketplace.search.domain.working_day import WorkingDay, week_in_utc
from marketplace.search.judging import first_that_is_free, look_at, wanted
from marketplace.search.models import NEVER, MentorSearch, SearchWord
from marketplace.search.queries import Asker, to_look_at
from marketplace.search.reader import Reader
from payments.domain.fees import FeeRules


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
    world = look_at(session, mentor_ids, reader, envelope)
    changed = 0
    rows = select(MentorSearch).where(MentorSearch.mentor_id.in_(world.diaries)).order_by(MentorSearch.mentor_id)
    for row in session.scalars(rows.with_for_update(key_share=True).execution_options(populate_existing=True)):
        diary = world.diaries[row.mentor_id]
        offers = wanted(world.offerings[row.mentor_id], Wish(), asker)
        _, times = first_that_is_free(diary, offers, Wish(), reader)
        seen = times.first.start.astimezone(UTC).date() if times.first else NEVER
        changed += _remember(row, seen, week_of(diary.schedule, now), lot_of(row.mentor_id, now.date()))
    session.flush()
    return changed


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


def _remember(row: MentorSearch, free_on: date, week: list[Range[int]], lot: int) -> bool:
    """False if all of it is remembered already: then nothing is written."""
    if (row.free_on, row.week, row.lot) == (free_on, week, lot):
        return False
    row.free_on, row.week, row.lot = free_on, week, lot
    return True
