"""Which mentors have a fee of their own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from payments.models.fees import FeePolicy


def mentors_with_own_fee(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Slug and name of those for whom something was decided that holds now or will, by name."""
    last = (
        select(FeePolicy.mentor_id, FeePolicy.follows_site, FeePolicy.starts_at)
        .ext(distinct_on(FeePolicy.mentor_id))
        .where(FeePolicy.mentor_id.is_not(None))
        .order_by(FeePolicy.mentor_id, FeePolicy.starts_at.desc(), FeePolicy.id.desc())
        .subquery()
    )
    rows = session.execute(
        select(Mentor.slug, User.name)
        .join(last, last.c.mentor_id == Mentor.id)
        .join(User, User.id == Mentor.id)
        .where(~last.c.follows_site | (last.c.starts_at > now))
        .order_by(User.name, Mentor.slug)
    )
    return [(row.slug, row.name) for row in rows]
