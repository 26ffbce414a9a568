"""How letters about programmes are worded, from the rows as they are when they go out."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core import formats, mail
from marketplace.core.letters import link, written
from marketplace.core.mail import Letter, MailRow
from marketplace.core.money import Money
from payments.models.programmes import Programme
from payments.models.sales import Purchase
from payments.queries.programmes import left_of
from payments.queries.settling import frozen_sale
from payments.services.tell_programmes import ASKED, ENDED, MONEY_BACK, reached_at


@mail.times(ENDED)
def ended_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    """Who has ended it hears at once."""
    purchase = _purchase(session, row.key)
    by = session.get_one(Programme, purchase.id).ended_by
    return now if row.user_id == by else reached_at(session, purchase, row.user_id, now)


@mail.writes(ENDED)
def ended(session: Session, row: MailRow) -> Letter:
    """Kind to both, whoever it was."""
    purchase, reader = _purchase(session, row.key), session.get_one(User, row.user_id)
    other, back = _other(session, purchase, reader), Money(int(str(row.arguments["back_minor"])), purchase.currency)
    by = session.get_one(Programme, purchase.id).ended_by
    if by is None:
        who = _("The site has ended the programme, since the bank of the card that paid for it wants the money back.")
    elif by == reader.id:
        who = _("You have ended your programme with %(name)s.", name=other.name)
    else:
        who = _("%(name)s has ended your programme.", name=other.name)
    lines = [who]
    if by is not None:
        lines += _money_lines(purchase, reader, other, back)
        lines.append(
            _("About three in ten programmes end before their last session: that is normal, and nobody’s fault.")
        )
    return _letter(reader, purchase, _("Ended: %(title)s with %(name)s", title=purchase.title, name=other.name), lines)


@mail.times(ASKED)
def asked_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    return reached_at(session, _purchase(session, str(row.arguments["purchase"])), row.user_id, now)


@mail.writes(ASKED)
def asked(session: Session, row: MailRow) -> Letter | None:
    """None once something is booked, or nothing is left."""
    purchase, reader = _purchase(session, str(row.arguments["purchase"])), session.get_one(User, row.user_id)
    programme, times = session.get_one(Programme, purchase.id), int(str(row.arguments["times"]))
    left, other = left_of(session, purchase.id), _other(session, purchase, reader)
    if not left or programme.ended_at is not None or programme.asked < times:
        return None
    lines = [_how_it_stands(left, other)]
    if reader.id == purchase.mentee_id:
        lines.append(_("Nothing lapses: you can book the next one whenever you like."))
    else:
        lines.append(_("A word from you may be all that is missing."))
    if times > 1:
        lines.append(_offer(session, purchase, reader))
    subject = _("How does it go on? %(title)s with %(name)s", title=purchase.title, name=other.name)
    return _letter(reader, purchase, subject, lines)


@mail.times(MONEY_BACK)
def money_back_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    """The mentee has just asked for it."""
    purchase = _purchase(session, str(row.arguments["purchase"]))
    return now if row.user_id == purchase.mentee_id else reached_at(session, purchase, row.user_id, now)


@mail.writes(MONEY_BACK)
def money_back(session: Session, row: MailRow) -> Letter:
    purchase, reader = _purchase(session, str(row.arguments["purchase"])), session.get_one(User, row.user_id)
    booking = session.execute(select(Booking).where(Booking.public_id == row.key)).scalar_one()
    other, back = _other(session, purchase, reader), Money(int(str(row.arguments["back_minor"])), purchase.currency)
    when = formats.local_with_zone(booking.starts_at, reader.zone)
    lines = [
        _("The session that was booked for %(when)s is not booked again: its money goes back.", when=when),
        *_money_lines(purchase, reader, other, back),
    ]
    subject = _("Money back: one session of %(title)s with %(name)s", title=purchase.title, name=other.name)
    return _letter(reader, purchase, subject, lines)


def _money_lines(purchase: Purchase, reader: User, other: User, back: Money) -> list[str]:
    if not back:
        return [_("Nothing goes back: nothing was paid for what is left, or all of it was used.")]
    if reader.id == purchase.mentee_id:
        return [
            _(
                "%(sum)s goes back to the card or account that you paid with. Banks take 5 to 10 days.",
                sum=formats.money(back),
            )
        ]
    return [
        _("%(sum)s goes back to %(name)s. What has taken place stays yours.", sum=formats.money(back), name=other.name)
    ]


def _how_it_stands(left: int, other: User) -> str:
    return ngettext(
        "%(num)s session of your programme with %(name)s is still to be booked, and it has been quiet for a while.",
        "%(num)s sessions of your programme with %(name)s are still to be booked, and it has been quiet for a while.",
        left,
        name=other.name,
    )


def _offer(session: Session, purchase: Purchase, reader: User) -> str:
    unused = formats.money(frozen_sale(session, purchase).unused_paid)
    if reader.id == purchase.mentee_id:
        return _(
            "Or end it: %(sum)s goes back to you with one press, without a reason. About three in ten programmes end "
            "before their last session, and that is normal.",
            sum=unused,
        )
    return _(
        "Either of you can end it with one press, without a reason: then %(sum)s goes back. About three in ten "
        "programmes end before their last session, and that is normal.",
        sum=unused,
    )


def _letter(reader: User, purchase: Purchase, subject: str, lines: list[str]) -> Letter:
    page = link("pages.programme", public_id=purchase.public_id)
    return written("payments_programme", to=reader.email, subject=subject, reader=reader, lines=lines, page=page)


def _purchase(session: Session, public_id: str) -> Purchase:
    return session.execute(select(Purchase).where(Purchase.public_id == public_id)).scalar_one()


def _other(session: Session, purchase: Purchase, reader: User) -> User:
    return session.get_one(User, purchase.mentor_id if reader.id == purchase.mentee_id else purchase.mentee_id)
