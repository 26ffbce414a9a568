"""How letters about what became of a session are worded, from the rows as they are when they go out."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from booking.domain.outcomes import Said
from booking.mails.bookings import booking_of, letter, words_of
from booking.models.claims import BookingClaim
from booking.queries.outcomes import side_of
from booking.services.notify import reach_person_at
from booking.services.tell_outcomes import CLAIMED, OUTCOME
from booking.words.outcomes import became_words, said_words
from marketplace.accounts.models import User
from marketplace.core import mail
from marketplace.core.letters import link
from marketplace.core.mail import Letter, MailRow


@mail.writes(CLAIMED)
def claimed(session: Session, row: MailRow) -> Letter | None:
    """None once it is settled: then there is a letter about that."""
    booking, reader = booking_of(session, row.key), session.get_one(User, row.user_id)
    if booking.settled_at is not None:
        return None
    claim = session.get_one(BookingClaim, row.arguments["claim_id"])
    words = words_of(session, booking, reader)
    says = said_words(Said(claim.said), by_reader=False, name=words["other"].name)
    subject = f"{says} {words['told'].title}, {words['when']}"
    page = link("payments.how_it_was", public_id=booking.public_id)
    words |= {"says": says, "reason": claim.words, "lines": row.arguments["lines"], "page": page}
    return letter("booking_claimed", reader, subject, words)


@mail.writes(OUTCOME)
def became(session: Session, row: MailRow) -> Letter:
    booking, reader = booking_of(session, row.key), session.get_one(User, row.user_id)
    words = words_of(session, booking, reader)
    says = became_words(booking.state, side_of(booking, reader.id), words["other"].name)
    subject = _(
        "Settled: %(title)s with %(name)s, %(when)s",
        title=words["told"].title,
        name=words["other"].name,
        when=words["when"],
    )
    words |= {"says": says, "reason": booking.decision_reason, "lines": row.arguments["lines"]}
    return letter("booking_outcome", reader, subject, words)


@mail.times(CLAIMED)
def claimed_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    return reach_person_at(session, booking_of(session, row.key), row.user_id, about=None, now=now)


@mail.times(OUTCOME)
def became_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    if row.arguments["asked"]:
        return now
    return reach_person_at(session, booking_of(session, row.key), row.user_id, about=None, now=now)
