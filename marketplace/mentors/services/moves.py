"""From draft to approved and back: what mentors and operators decide, under the lock that every hold takes too, so
that nobody is booked with a mentor who was suspended a moment ago."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from marketplace.core import audit
from marketplace.core.audit import AuditEntry
from marketplace.core.db import Json
from marketplace.core.errors import Conflict, RuleBroken
from marketplace.mentors.domain.checklist import Need, checklist, missing
from marketplace.mentors.domain.states import HAVE_A_REASON, MentorStatus, Move, after
from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import own_profile, profile_facts
from marketplace.mentors.services.rows import locked_mentor

DEEDS = {
    Move.SUBMIT: "mentors:submitted",
    Move.WITHDRAW: "mentors:withdrawn",
    Move.PAUSE: "mentors:paused",
    Move.RESUME: "mentors:resumed",
    Move.APPROVE: "mentors:approved",
    Move.ASK_CHANGES: "mentors:changes_wanted",
    Move.SUSPEND: "mentors:suspended",
    Move.LIFT: "mentors:lifted",
}
SEEN = "mentors:changes_seen"


class NotNow(Conflict):
    """The mentor is in another state by now than this step begins from."""


class ProfileChanged(Conflict):
    """The mentor has changed the profile since the operator read it."""


class ProfileIncomplete(RuleBroken):
    """Something is missing that an operator has to read before approving."""


def submit(session: Session, mentor_id: int, *, now: datetime) -> Mentor:
    """Into the operator's queue. Pressed twice it is submitted once. Raises NotNow, ProfileIncomplete."""
    mentor = locked_mentor(session, mentor_id)
    if mentor.state is MentorStatus.SUBMITTED:
        return mentor
    facts = profile_facts(own_profile(session, mentor_id), site_meeting_url="")
    if missing(checklist(facts), Need.APPLY):
        raise ProfileIncomplete("Something is missing yet: the list on your desk says what.")
    _move(session, mentor, Move.SUBMIT, actor_id=mentor_id, now=now)
    return mentor


def withdraw(session: Session, mentor_id: int, *, now: datetime) -> None:
    """Raises NotNow when the operator has decided meanwhile."""
    mentor = locked_mentor(session, mentor_id)
    if mentor.state is not MentorStatus.DRAFT:
        _move(session, mentor, Move.WITHDRAW, actor_id=mentor_id, now=now)


def pause(session: Session, mentor_id: int, *, free_again_on: date | None, now: datetime) -> None:
    """Or say another day than before. What is booked stays. Raises NotNow."""
    mentor = locked_mentor(session, mentor_id)
    if mentor.state is not MentorStatus.PAUSED:
        _move(session, mentor, Move.PAUSE, actor_id=mentor_id, now=now)
    mentor.free_again_on = free_again_on
    session.flush()


def resume(session: Session, mentor_id: int, *, now: datetime) -> None:
    """Raises NotNow."""
    mentor = locked_mentor(session, mentor_id)
    if mentor.state is not MentorStatus.APPROVED:
        _move(session, mentor, Move.RESUME, actor_id=mentor_id, now=now)


def approve(
    session: Session, mentor_id: int, *, read: int, reason: str = "", actor_id: int, now: datetime
) -> AuditEntry:
    """`read` is the revision that the operator has read, `reason` a word to the mentor if there is one.

    Raises ProfileChanged, NotNow.
    """
    mentor = locked_mentor(session, mentor_id)
    if mentor.state is MentorStatus.SUBMITTED and mentor.revision != read:
        raise ProfileChanged("The profile has changed since you read it. Read it again, then decide.")
    mentor.seen_revision = mentor.revision
    return _move(session, mentor, Move.APPROVE, actor_id=actor_id, now=now, reason=reason)


def ask_changes(session: Session, mentor_id: int, *, reason: str, actor_id: int, now: datetime) -> AuditEntry:
    """The mentor reads the reason. Raises NotNow."""
    return _with_reason(session, mentor_id, Move.ASK_CHANGES, reason, actor_id, now)


def suspend(session: Session, mentor_id: int, *, reason: str, actor_id: int, now: datetime) -> AuditEntry:
    """Nobody finds or books them; sessions that are sold take place. The mentor reads the reason. Raises NotNow."""
    return _with_reason(session, mentor_id, Move.SUSPEND, reason, actor_id, now)


def lift(session: Session, mentor_id: int, *, reason: str, actor_id: int, now: datetime) -> AuditEntry:
    """Back to what the mentor was before the suspension. Raises NotNow."""
    return _with_reason(session, mentor_id, Move.LIFT, reason, actor_id, now)


def mark_seen(session: Session, mentor_id: int, *, read: int, actor_id: int, now: datetime) -> None:
    """An operator has looked at what a mentor changed, up to the revision that they have read."""
    mentor = locked_mentor(session, mentor_id)
    read = min(read, mentor.revision)
    if mentor.seen_revision < read:
        mentor.seen_revision = read
        told: Json = {"revision": read}
        audit.note(session, SEEN, now=now, actor_id=actor_id, about_id=mentor_id, detail=told)


def _with_reason(session: Session, mentor_id: int, move: Move, reason: str, actor_id: int, now: datetime) -> AuditEntry:
    mentor = locked_mentor(session, mentor_id)
    return _move(session, mentor, move, actor_id=actor_id, now=now, reason=reason)


def _move(
    session: Session, mentor: Mentor, move: Move, *, actor_id: int, now: datetime, reason: str = ""
) -> AuditEntry:
    before = mentor.state
    suspended_from = MentorStatus(mentor.suspended_from) if mentor.suspended_from else None
    target = after(before, move, suspended_from=suspended_from)
    if target is None:
        raise NotNow("That is not possible any more: something else has been decided meanwhile. Look again.")
    mentor.status = target
    mentor.suspended_from = before if target is MentorStatus.SUSPENDED else None
    mentor.reason = reason if target in HAVE_A_REASON else ""
    if move is Move.SUBMIT:
        mentor.submitted_at = now
    if target is MentorStatus.APPROVED:
        mentor.approved_at, mentor.free_again_on = mentor.approved_at or now, None
    session.flush()
    return audit.note(
        session,
        DEEDS[move],
        now=now,
        actor_id=actor_id,
        about_id=mentor.id,
        reason=reason,
        detail={"before": str(before), "after": str(target)},
    )
