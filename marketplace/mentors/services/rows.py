"""A mentor's own row, locked."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.locks import lock_person
from marketplace.core.errors import NotFound
from marketplace.mentors.models import Mentor


def locked_mentor(session: Session, mentor_id: int) -> Mentor:
    """Under the lock of the person, which every decision about a mentor and every hold with them takes; read again
    after it. Raises NotFound for who is no mentor."""
    lock_person(session, mentor_id)
    statement = select(Mentor).where(Mentor.id == mentor_id)
    mentor = session.scalar(statement, execution_options={"populate_existing": True})
    if mentor is None:
        raise NotFound("This page is for mentors.")
    return mentor
