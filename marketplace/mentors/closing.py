"""What becomes of a mentor whose account is closed: a row that old sessions point to, without words."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace.accounts.closing import goes_with_it
from marketplace.core.ids import public_id
from marketplace.mentors.domain.states import MentorStatus
from marketplace.mentors.models import Mentor, MentorPhoto, MentorTopic, ProfileChange


@goes_with_it
def empty_profile(session: Session, user_id: int, _now: datetime) -> None:
    """A draft is nobody's page but the mentor's, who cannot sign in any more."""
    mentor = session.get(Mentor, user_id)
    if mentor is None:
        return
    mentor.status, mentor.suspended_from, mentor.reason = MentorStatus.DRAFT, None, ""
    mentor.slug = f"closed-{public_id()}"
    mentor.headline = mentor.story = mentor.how_i_work = mentor.city = ""
    mentor.country = mentor.meeting_url = mentor.free_again_on = None
    mentor.ways, mentor.can_give, mentor.journey, mentor.languages = [], [], [], []
    for table in (MentorTopic, MentorPhoto, ProfileChange):
        session.execute(delete(table).where(table.mentor_id == user_id))
