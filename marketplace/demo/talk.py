"""What the two of a sample mentorship have written to each other and about each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace.core.ids import public_id
from marketplace.core.mail import MailRow
from marketplace.mentorships.models.pairs import Mentorship
from marketplace.mentorships.models.reviews import Review
from marketplace.mentorships.queries.messages import thread_of
from marketplace.mentorships.services.journal import write_entry
from marketplace.mentorships.services.messages import read_to, send
from marketplace.mentorships.services.papers import Writer
from marketplace.mentorships.services.referrals import Named, add_referral

THREADS = {
    "grace-example": (
        (False, 9, "Anna has read the page and asked for numbers. Which of the two would you show her?"),
        (True, 8, "The one that costs her team a day each week. People act on their own pain.\nOne line, one number."),
        (False, 8, "That makes it much shorter."),
        (True, 2, "I saw this and thought of your page: https://example.org/one-page-designs"),
    ),
    "katherine-sample": (
        (False, 12, "I have a real interview in five weeks. Is that too soon?"),
        (True, 11, "It is soon enough to be useful. Let us move the second practice to next week."),
    ),
}
"""By the mentor: whether the mentor wrote, how many days ago, and what."""
REVIEWS = {
    "grace-example": (
        ("She asks until I know what I want, and then she asks for the date.", "owning a design"),
        ("Comes with a page in hand, and changes course without losing the goal.", ""),
        "Thank you, Hedy. You made it easy: you wrote things down.",
    ),
    "katherine-sample": (
        ("Calm, exact, and on my side, even when I froze.", "practising out loud"),
        ("Prepared each time, and honest about what had not worked.", ""),
        "",
    ),
}
"""By the mentor: what the mentee wrote and what it helped with, the same of the mentor, and the mentor's answer. They
stand for sessions from before the sample's bookings begin."""

OWN = {
    "grace-example": (
        (
            "I gave advice for half an hour, and she had asked for none. Next time: three questions first.",
            "She found the sponsor by herself. I had believed that I would have to.",
        ),
        Named("The advice centre of the engineers’ union", "contracts of employment", note="Ask for a first talk."),
    ),
}
"""By the mentor: a journal, one entry a month, and whom they name where mentoring ends."""


def talk(session: Session, row: Mentorship, mentor: str, now: datetime) -> None:
    """The mentor's last message is still to be read. Of what is past nobody is told any more."""
    for is_mentors, days, words in THREADS[mentor]:
        at = now - timedelta(days=days) + timedelta(minutes=len(words))
        writer = Writer(row, row.mentor_id if is_mentors else row.mentee_id, at)
        send(session, writer, words, form=public_id())
    written = thread_of(session, row.id, row.mentee_id).messages
    read_to(session, row.id, row.mentor_id, written[-1].id)
    read_to(session, row.id, row.mentee_id, written[-2].id)
    session.execute(delete(MailRow).where(MailRow.key == row.public_id))
    of_mentee, of_mentor, answer = REVIEWS[mentor]
    session.add(_review(row, row.mentee_id, of_mentee, now - timedelta(days=6), answer))
    session.add(_review(row, row.mentor_id, of_mentor, now - timedelta(days=5)))
    row.reviews_asked_at = now - timedelta(days=7)
    _own(session, row.mentor_id, OWN.get(mentor), now)
    session.flush()


def _own(session: Session, mentor_id: int, own: tuple[tuple[str, ...], Named] | None, now: datetime) -> None:
    """What the mentor keeps for themselves, the last of it this month."""
    if own is None:
        return
    entries, named = own
    for number, words in enumerate(entries, start=1):
        at = now - timedelta(days=31 * (len(entries) - number), hours=1)
        write_entry(session, mentor_id, words, today=at.date(), form=public_id(), now=at)
    add_referral(session, mentor_id, named, form=public_id(), now=now)


def _review(row: Mentorship, by_id: int, said: tuple[str, str], at: datetime, answer: str = "") -> Review:
    words, helped_with = said
    kept = {"words": words, "helped_with": helped_with, "is_named": True, "at": at, "changed_at": at}
    answered = {"answer": answer, "answered_at": at + timedelta(days=2) if answer else None}
    return Review(public_id=public_id(), mentorship_id=row.id, by_id=by_id, **kept, **answered)
