"""Reads of mentors."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from marketplace.core.errors import NotFound
from marketplace.mentors.domain.checklist import Facts
from marketplace.mentors.domain.states import PUBLIC, MentorStatus
from marketplace.mentors.models import Mentor, MentorPhoto


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """`picture` is WebP."""

    mentor_id: int
    status: MentorStatus
    picture: bytes


def mentor_by_slug(session: Session, slug: str, *, viewer_id: int | None = None) -> Mentor:
    """With all that a profile shows. Raises NotFound, also for a page that only the mentor may see yet."""
    mentor = session.scalars(_whole().where(Mentor.slug == slug)).unique().one_or_none()
    if mentor is None or (mentor.status not in PUBLIC and mentor.id != viewer_id):
        raise NotFound("There is no mentor at this address.")
    return mentor


def own_mentor(session: Session, user_id: int) -> Mentor:
    """Raises NotFound for somebody who is no mentor."""
    mentor = session.get(Mentor, user_id)
    if mentor is None:
        raise NotFound("This page is for mentors.")
    return mentor


def applicant_by_slug(session: Session, slug: str) -> Mentor:
    """Whatever has become of them; for the operator. With all that a profile shows. Raises NotFound."""
    mentor = session.scalars(_whole().where(Mentor.slug == slug)).unique().one_or_none()
    if mentor is None:
        raise NotFound("There is no mentor at this address.")
    return mentor


def own_profile(session: Session, user_id: int) -> Mentor:
    """With all that a profile shows. Raises NotFound for somebody who is no mentor."""
    mentor = session.scalars(_whole().where(Mentor.id == user_id)).unique().one_or_none()
    if mentor is None:
        raise NotFound("This page is for mentors.")
    return mentor


def status_of(session: Session, user_id: int) -> MentorStatus | None:
    """None for somebody who is no mentor."""
    status = session.scalar(select(Mentor.status).where(Mentor.id == user_id))
    return None if status is None else MentorStatus(status)


def waiting_count(session: Session) -> int:
    """How many profiles wait to be read."""
    waiting = select(func.count()).select_from(Mentor).where(Mentor.status == MentorStatus.SUBMITTED)
    return session.scalar(waiting) or 0


def profile_facts(mentor: Mentor, *, site_meeting_url: str) -> Facts:
    """What the profile itself says; `payments.readiness` knows the rest. Of a mentor with all that a profile shows."""
    return Facts(
        status=mentor.state,
        verified=mentor.user.is_verified,
        has_basics=all((mentor.headline, mentor.city, mentor.country, mentor.languages)),
        has_story=bool(mentor.story),
        has_ways=bool(mentor.how_i_work),
        has_topics=bool(mentor.topics),
        has_journey=bool(mentor.journey),
        has_gifts=bool(mentor.can_give),
        has_photo=mentor.photo is not None,
        can_meet=bool(mentor.meets_at(site_meeting_url)),
    )


def photo_with(session: Session, digest: str, size: str) -> KeptPhoto:
    """`size` is large or small. Raises NotFound."""
    picture = MentorPhoto.large if size == "large" else MentorPhoto.small
    statement = select(Mentor.id, Mentor.status, picture).join(Mentor, Mentor.id == MentorPhoto.mentor_id)
    row = session.execute(statement.where(MentorPhoto.digest == digest)).one_or_none()
    if row is None:
        raise NotFound("There is no such photo.")
    mentor_id, status, bytes_ = row
    return KeptPhoto(mentor_id, MentorStatus(status), bytes_)


def _whole() -> Select[Mentor]:
    """Read again, whatever the session remembers of topics and photo."""
    parts = (joinedload(Mentor.user), joinedload(Mentor.topics), joinedload(Mentor.photo))
    return select(Mentor).options(*parts).execution_options(populate_existing=True)
