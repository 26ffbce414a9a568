"""A mentor's photo: one at a time, and a description in words with each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.mentors.domain.profile import Section
from marketplace.mentors.models import MentorPhoto
from marketplace.mentors.pictures import Picture
from marketplace.mentors.services.profile import note_change
from marketplace.mentors.services.rows import locked_mentor


def save_photo(session: Session, mentor_id: int, picture: Picture | None, *, alt: str, now: datetime) -> None:
    """In the place of the one that there is. Without a picture only the words change, if there is one."""
    mentor = locked_mentor(session, mentor_id)
    kept = session.get(MentorPhoto, mentor_id, populate_existing=True)
    before = _told(kept)
    if picture is not None:
        digest = picture.digest(mentor_id)
        kept = kept or MentorPhoto(mentor_id=mentor_id)
        kept.digest, kept.large, kept.small = digest, picture.large, picture.small
        session.add(kept)
    if kept is None:
        return
    kept.alt = alt
    if before != _told(kept):
        note_change(session, mentor, Section.PHOTO, before, _told(kept), now)


def remove_photo(session: Session, mentor_id: int, *, now: datetime) -> None:
    mentor = locked_mentor(session, mentor_id)
    kept = session.get(MentorPhoto, mentor_id, populate_existing=True)
    if kept is None:
        return
    session.delete(kept)
    note_change(session, mentor, Section.PHOTO, _told(kept), {}, now)


def _told(photo: MentorPhoto | None) -> dict[str, object]:
    return {} if photo is None else {"digest": photo.digest, "alt": photo.alt}
