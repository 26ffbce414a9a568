"""How letters about money that goes back after settling are worded."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from booking.services.notify import reach_person_at
from marketplace.accounts.models import User
from marketplace.core import formats, mail
from marketplace.core.letters import link, written
from marketplace.core.mail import Letter, MailRow
from marketplace.core.money import Money
from payments.models.payouts import Transfer
from payments.models.returns import GivenBack


@mail.times("payments:given_back")
def given_back_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    """Outside of quiet time: there is nothing to do about it."""
    given = session.get_one(GivenBack, row.arguments["given_id"])
    return reach_person_at(session, session.get_one(Booking, given.booking_id), row.user_id, about=None, now=now)


@mail.writes("payments:given_back")
def given_back(session: Session, row: MailRow) -> Letter:
    given = session.get_one(GivenBack, row.arguments["given_id"])
    booking, reader = session.get_one(Booking, given.booking_id), session.get_one(User, row.user_id)
    amount = formats.money(given.amount)
    borne = Money(int(str(row.arguments["borne_minor"])), given.currency)
    is_mentor = reader.id == booking.mentor_id
    other = session.get_one(User, booking.mentee_id if is_mentor else booking.mentor_id)
    subject = _("%(amount)s go back to %(name)s", amount=amount, name=other.name)
    return written(
        "payments_given_back",
        to=reader.email,
        subject=subject if is_mentor else _("You get %(amount)s back", amount=amount),
        reader=reader,
        is_mentor=is_mentor,
        amount=amount,
        borne=formats.money(borne) if borne else "",
        title=booking.title,
        other=other.name,
        when=formats.local_with_zone(booking.starts_at, reader.zone),
        reason=given.reason,
        page=link("pages.session", public_id=booking.public_id),
        earnings=link("earnings.page"),
    )


@mail.writes("payments:mentor_paid_by_hand")
def mentor_paid_by_hand(session: Session, row: MailRow) -> Letter:
    transfer, reader = session.get_one(Transfer, row.arguments["transfer_id"]), session.get_one(User, row.user_id)
    booking, amount = session.get_one(Booking, transfer.booking_id), formats.money(transfer.amount)
    return written(
        "payments_mentor_paid_by_hand",
        to=reader.email,
        subject=_("%(amount)s have been paid to you in another way", amount=amount),
        reader=reader,
        amount=amount,
        title=booking.title,
        when=formats.local_with_zone(booking.starts_at, reader.zone),
        how=transfer.by_hand_how,
        page=link("earnings.page"),
    )
