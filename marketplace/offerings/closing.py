"""What becomes of the offerings of a mentor whose account is closed: rows that old sales point to, without words."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.accounts.closing import goes_with_it
from marketplace.offerings.models import Offering


@goes_with_it
def empty_offerings(session: Session, user_id: int, _now: datetime) -> None:
    """What was sold has its title of its own."""
    theirs = update(Offering).where(Offering.mentor_id == user_id)
    session.execute(theirs.values(active=False, title="", summary="", included="", milestones="", pre_work=""))
