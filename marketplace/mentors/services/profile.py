"""A profile is kept part by part. What a mentor changes is seen at once, also after approval; each change raises the
revision, and one of a profile that somebody else has read is written down for the operator, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.core import audit
from marketplace.core.db import Json
from marketplace.core.jobs import enqueue
from marketplace.mentors.domain.profile import Basics, Section, Step, Topic, Ways
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor, MentorTopic, ProfileChange
from marketplace.mentors.services.rows import locked_mentor

CHANGED = "mentors:profile_changed"


def save_basics(session: Session, mentor_id: int, basics: Basics, *, now: datetime) -> None:
    mentor = locked_mentor(session, mentor_id)
    moved = mentor.meeting_url != (basics.meeting_url or None)
    values = {
        "headline": basics.headline,
        "city": basics.city,
        "country": basics.country,
        "zone": basics.zone,
        "languages": list(basics.languages),
        "meeting_url": basics.meeting_url or None,
    }
    _keep(session, mentor, Section.BASICS, values, now)
    if moved:  # calendars may show the link (rule calendars_agree)
        enqueue(session, "booking:show_changes", user_id=mentor_id)


def save_story(session: Session, mentor_id: int, story: str, *, now: datetime) -> None:
    _keep(session, locked_mentor(session, mentor_id), Section.STORY, {"story": story}, now)


def save_ways(session: Session, mentor_id: int, ways: Ways, *, now: datetime) -> None:
    values = {
        "ways": [str(way) for way in ways.ways],
        "how_i_work": ways.how_i_work,
        "can_give": list(ways.can_give),
    }
    _keep(session, locked_mentor(session, mentor_id), Section.WAYS, values, now)


def save_journey(session: Session, mentor_id: int, steps: Sequence[Step], *, now: datetime) -> None:
    journey = [{"year": step.year, "what": step.what} for step in steps]
    _keep(session, locked_mentor(session, mentor_id), Section.JOURNEY, {"journey": journey}, now)


def save_topics(session: Session, mentor_id: int, topics: Sequence[Topic], *, now: datetime) -> None:
    """All of them anew, in this order."""
    mentor = locked_mentor(session, mentor_id)
    rows = session.execute(
        select(MentorTopic.name, MentorTopic.reach, MentorTopic.last_practised)
        .where(MentorTopic.mentor_id == mentor_id)
        .order_by(MentorTopic.position)
    )
    before = [(row.name, row.reach, row.last_practised) for row in rows]
    after = [(topic.name, str(topic.reach), topic.last_practised) for topic in topics]
    if before == after:
        return
    session.execute(delete(MentorTopic).where(MentorTopic.mentor_id == mentor_id))
    session.add_all(
        MentorTopic(
            mentor_id=mentor_id,
            position=position,
            name=name,
            reach=reach,
            last_practised=year,
            kept_fresh_on=_today(mentor, now),
        )
        for position, (name, reach, year) in enumerate(after)
    )
    note_change(session, mentor, Section.TOPICS, {"topics": before}, {"topics": after}, now)


def keep_topics(session: Session, mentor_id: int, *, now: datetime) -> None:
    """All of them are still the mentor's. Nothing that mentees read changes."""
    mentor = locked_mentor(session, mentor_id)
    topics = update(MentorTopic).where(MentorTopic.mentor_id == mentor_id)
    session.execute(topics.values(kept_fresh_on=_today(mentor, now)))


def _today(mentor: Mentor, now: datetime) -> date:
    return now.astimezone(mentor.tz).date()


def note_change(
    session: Session,
    mentor: Mentor,
    section: Section,
    before: Mapping[str, object],
    after: Mapping[str, object],
    now: datetime,
) -> None:
    """Of a locked mentor. A draft has been read by nobody, so its changes are nobody's business."""
    mentor.revision += 1
    session.flush()
    if mentor.state is MentorStatus.DRAFT:
        return
    told: Json = {"section": str(section), "fields": sorted(after)}
    entry = audit.note(session, CHANGED, now=now, actor_id=mentor.id, about_id=mentor.id, detail=told)
    words = {"before": dict(before), "after": dict(after)}
    session.add(ProfileChange(entry_id=entry.id, mentor_id=mentor.id, changed_at=now, **words))


def _keep(session: Session, mentor: Mentor, section: Section, values: Mapping[str, object], now: datetime) -> None:
    before = {name: getattr(mentor, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(mentor, name, value)
    note_change(session, mentor, section, {name: before[name] for name in changed}, changed, now)
