"""Becoming a mentor: an empty profile with an address of its own."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.locks import lock_person
from marketplace.core.db import violated
from marketplace.mentors.domain.slugs import candidates
from marketplace.mentors.models import Mentor


def become_mentor(session: Session, user_id: int) -> Mentor:
    """A draft; the mentor that there is already when asked twice. The working hours are meant in the account's zone
    until the mentor says otherwise."""
    user = lock_person(session, user_id)
    mentor = session.get(Mentor, user_id)
    if mentor is not None:
        return mentor
    slugs = candidates(user.name)
    while True:
        mentor = Mentor(id=user_id, slug=next(slugs), headline="", how_i_work="", city="", zone=user.zone)
        if _added(session, mentor):
            return mentor


def _added(session: Session, mentor: Mentor) -> bool:
    """The database says which addresses are free: somebody of the same name may begin at this moment."""
    try:
        with session.begin_nested():
            session.add(mentor)
    except IntegrityError as refused:
        if violated(refused) != "uq_mentor_slug":
            raise
        return False
    return True
