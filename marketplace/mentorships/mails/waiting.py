"""How letters about what waits between sessions are worded."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core import formats, mail
from marketplace.core.clock import utcnow
from marketplace.core.letters import link
from marketplace.core.mail import Letter, MailRow
from marketplace.mentorships.domain.states import Standing
from marketplace.mentorships.mails.messages import letter, mentorship_of, other_of
from marketplace.mentorships.models.sessions import CheckIn
from marketplace.mentorships.queries.papers import papers_of
from marketplace.mentorships.services.check_ins import monday_of
from marketplace.mentorships.services.telling import reached_at
from marketplace.mentorships.services.waiting import CHECK_IN, REVIEW_DAY


@mail.times(CHECK_IN)
@mail.times(REVIEW_DAY)
def may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    return reached_at(session, mentorship_of(session, str(row.arguments["mentorship"])), row.user_id, now)


@mail.writes(CHECK_IN)
def check_in_letter(session: Session, row: MailRow) -> Letter | None:
    """None once they have checked in, want no such letters, rest, have ended, or the week is over."""
    mentorship, reader = mentorship_of(session, str(row.arguments["mentorship"])), session.get_one(User, row.user_id)
    week, other = monday_of(utcnow().astimezone(reader.tz).date()), other_of(session, mentorship, reader)
    if not reader.wants_check_ins or mentorship.standing != Standing.OPEN or not row.key.endswith(f"-{week}"):
        return None
    if other.closed_at is not None or session.get(CheckIn, (mentorship.id, week)) is not None:
        return None
    lines = [
        _("A number from 0 to 10, stuck or not, one line: twenty seconds. %(name)s reads it.", name=other.name),
        _("What is written down week by week is what shows, later, how far you have come."),
    ]
    page = link("mentorships.make_check_in", public_id=mentorship.public_id)
    stop = link("accounts.account") + "#wants_check_ins"
    return letter(reader, _("How was your week?"), lines, page, _("Check in"), stop=stop)


@mail.writes(REVIEW_DAY)
def review_day_letter(session: Session, row: MailRow) -> Letter | None:
    """None once there is another version, or the two rest or have ended."""
    mentorship, reader = mentorship_of(session, str(row.arguments["mentorship"])), session.get_one(User, row.user_id)
    agreement, other = papers_of(session, mentorship.id).agreement, other_of(session, mentorship, reader)
    if agreement is None or row.key != f"{agreement.paper.public_id}-{agreement.version.number}":
        return None
    day = agreement.agreement.review_on
    if day is None or mentorship.standing != Standing.OPEN or other.closed_at is not None:
        return None
    lines = [
        _("You two wanted to look again on %(day)s at how you work together.", day=formats.full_date(day)),
        _("If it still holds, choose another day; if not, change it. The other one of you then agrees by a press."),
    ]
    page = link("mentorships.agreement", public_id=mentorship.public_id)
    subject = _("Is it still how you and %(name)s work together?", name=other.name)
    return letter(reader, subject, lines, page, _("Read it"))
