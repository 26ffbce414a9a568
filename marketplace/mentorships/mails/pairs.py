"""How letters about mentorships are worded, from the rows as they are when they go out."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core import mail
from marketplace.core.clock import utcnow
from marketplace.core.letters import link, written
from marketplace.core.mail import Letter, MailRow
from marketplace.mentorships.domain.states import OVER
from marketplace.mentorships.queries.fit import asked_of
from marketplace.mentorships.queries.pairs import pair_of
from marketplace.mentorships.queries.papers import papers_of
from marketplace.mentorships.services.fit import ASKED
from marketplace.mentorships.services.telling import AGREE, reached_at


@mail.times(AGREE)
@mail.times(ASKED)
def may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    pair = pair_of(session, str(row.arguments["mentorship"]), row.user_id, now)
    return reached_at(session, pair.row, row.user_id, now)


@mail.writes(ASKED)
def fit_asked(session: Session, row: MailRow) -> Letter | None:
    """None once it is answered, left, too late, or the mentorship is over."""
    now, reader = utcnow(), session.get_one(User, row.user_id)
    pair = pair_of(session, str(row.arguments["mentorship"]), reader.id, now)
    asked = asked_of(session, pair.row, reader.id, now)
    if pair.row.standing in OVER or asked is None or not row.key.endswith(f"-{asked.number}"):
        return None
    name = pair.other(reader.id).name
    lines = [
        _("Four questions, twenty seconds: do you and %(name)s fit?", name=name),
        _("Only you read what you answer. Nobody is asked to be kind, and you will not be reminded."),
    ]
    page = link("mentorships.fit", public_id=pair.row.public_id)
    subject = _("Do you and %(name)s fit?", name=name)
    return written("mentorships_letter", to=reader.email, subject=subject, reader=reader, lines=lines, page=page)


@mail.writes(AGREE)
def agreement_written(session: Session, row: MailRow) -> Letter | None:
    """None once there is a newer version, the reader has agreed, or the mentorship is over."""
    reader = session.get_one(User, row.user_id)
    pair = pair_of(session, str(row.arguments["mentorship"]), reader.id, utcnow())
    agreement = papers_of(session, pair.row.id).agreement
    is_newest = agreement is not None and agreement.version.number == int(str(row.arguments["number"]))
    if agreement is None or not is_newest or pair.row.standing in OVER:
        return None
    if not agreement.waits_for(pair.role_of(reader.id)):
        return None
    name = pair.other(reader.id).name
    lines = [
        _(
            "%(name)s has written down how the two of you work together: how often, how soon, what stays between you.",
            name=name,
        ),
        _("Read it and agree by a press, or change it: then it waits for %(name)s.", name=name),
    ]
    subject = _("How you work together, by %(name)s", name=name)
    page = link("mentorships.agreement", public_id=pair.row.public_id)
    return written("mentorships_letter", to=reader.email, subject=subject, reader=reader, lines=lines, page=page)
