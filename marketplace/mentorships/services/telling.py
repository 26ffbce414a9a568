"""Letters about a mentorship, each when its reader may be reached: what waits for the other one's yes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from booking.services.notify import reach_mentee_at, reach_mentor_at
from marketplace.core import mail
from marketplace.mentorships.domain.visibility import Role
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.papers import Paper
from marketplace.mentorships.services.papers import Writer, newest_version

AGREE = "mentorships:agree"


def tell_agreement(session: Session, writer: Writer, agreement: Paper) -> None:
    """To the other one, of the newest version, once; not where both agree already."""
    version, pair = newest_version(session, agreement.id), writer.mentorship
    if version is None or version.is_agreed:
        return
    other = pair.mentee_id if writer.role is Role.MENTOR else pair.mentor_id
    mail.post(
        session,
        AGREE,
        key=f"{agreement.public_id}-{version.number}",
        user_id=other,
        now=writer.now,
        due_at=reached_at(session, pair, other, writer.now),
        mentorship=pair.public_id,
        number=version.number,
    )


def reached_at(session: Session, pair: Mentorship, user_id: int, now: datetime) -> datetime:
    """Outside of quiet time; a mentor in working time."""
    reach = reach_mentor_at if user_id == pair.mentor_id else reach_mentee_at
    return reach(session, user_id, about=None, now=now)
