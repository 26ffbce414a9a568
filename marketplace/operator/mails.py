"""How a mentor reads what was decided about their page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from booking.services.notify import reach_applicant_at
from marketplace.core import mail
from marketplace.core.http import settings
from marketplace.core.letters import link, written
from marketplace.core.mail import Letter, MailRow
from marketplace.mentors.domain.checklist import Need, missing
from marketplace.mentors.domain.states import PUBLIC, MentorStatus, Move
from marketplace.mentors.queries import own_profile
from marketplace.mentors.services.moves import DEEDS
from marketplace.mentors.words import POINTS
from payments.readiness import readiness


@dataclass(frozen=True, slots=True)
class Telling:
    """`while_in`: the states in which it is still worth telling."""

    while_in: frozenset[MentorStatus]
    subject: object
    says: object


TELLINGS = {
    Move.APPROVE: Telling(
        PUBLIC,
        lazy_gettext("You are a mentor at %(site)s now"),
        lazy_gettext("we have read your profile with pleasure: it is approved, and everybody can see your page."),
    ),
    Move.ASK_CHANGES: Telling(
        frozenset({MentorStatus.CHANGES_WANTED}),
        lazy_gettext("Your profile at %(site)s: something to change first"),
        lazy_gettext("thank you for your profile. Before it can be approved we ask you to change something:"),
    ),
    Move.SUSPEND: Telling(
        frozenset({MentorStatus.SUSPENDED}),
        lazy_gettext("Your page at %(site)s is suspended"),
        lazy_gettext(
            "we have suspended your page: nobody can find or book you for the time being. Sessions that are booked "
            "take place as agreed. This is why:"
        ),
    ),
    Move.LIFT: Telling(
        frozenset(MentorStatus) - {MentorStatus.SUSPENDED},
        lazy_gettext("Your page at %(site)s is no longer suspended"),
        lazy_gettext("the suspension of your page is over, and everything is as it was before:"),
    ),
}


def _writer(told: Telling) -> Callable[[Session, MailRow], Letter | None]:
    def write(session: Session, row: MailRow) -> Letter | None:
        """None once something else was decided."""
        mentor = own_profile(session, row.user_id)
        if mentor.state not in told.while_in:
            return None
        open_points = missing(readiness(session, mentor, settings()), Need.BE_BOOKED) if mentor.is_public else []
        return written(
            "mentors_decided",
            to=mentor.user.email,
            subject=str(told.subject) % {"site": settings().site_name},
            reader=mentor.user,
            says=str(told.says),
            reason=str(row.arguments["reason"]),
            missing=[str(POINTS[point]) for point in open_points],
            desk=link("desk.home"),
        )

    return write


def _later(session: Session, row: MailRow, now: datetime) -> datetime:
    return reach_applicant_at(session, row.user_id, now=now)


for move, telling in TELLINGS.items():
    mail.writes(DEEDS[move])(_writer(telling))
    mail.times(DEEDS[move])(_later)
