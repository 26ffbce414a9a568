"""How the letter about a payout that did not arrive is worded."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from booking.services.notify import reach_applicant_at
from marketplace.accounts.models import User
from marketplace.core import formats, mail
from marketplace.core.letters import link, written
from marketplace.core.mail import Letter, MailRow
from payments.queries.bank_payouts import sent_back
from payments.services.bank_payouts import SENT_BACK
from payments.words.bank_payouts import what_happened, why_words


@mail.writes(SENT_BACK)
def payout_sent_back(session: Session, row: MailRow) -> Letter | None:
    """None once Stripe has paid out anew."""
    payout = next((each for each in sent_back(session, row.user_id) if each.stripe_payout_id == row.key), None)
    if payout is None:
        return None
    reader, amount = session.get_one(User, row.user_id), formats.money(payout.moved)
    return written(
        "payments_payout_sent_back",
        to=reader.email,
        subject=_("A payout to your bank did not arrive: %(sum)s", sum=amount),
        reader=reader,
        lines=[what_happened(payout), why_words(payout)],
        page=link("payouts.page"),
    )


@mail.times(SENT_BACK)
def may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    """In working time."""
    return reach_applicant_at(session, row.user_id, now=now)
