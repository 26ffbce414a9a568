"""How letters about disputes and warnings are worded, from the rows as they are when they go out."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from booking.services.notify import BOOKED, CANCELLED, MOVED, reach_mentee_at, reach_mentor_at, reach_person_at
from booking.services.tell_outcomes import CLAIMED, OUTCOME
from marketplace.accounts.models import User
from marketplace.core import formats, mail
from marketplace.core.letters import link, written
from marketplace.core.mail import Letter, MailRow
from marketplace.core.money import Money
from payments.models.disputes import Dispute, DisputeAttachment
from payments.models.sales import Payment, PurchaseSession
from payments.offers.disputes import can_be_attached_to
from payments.services.tell_disputes import ATTACHED, TO_MENTOR, TO_OPERATOR, WARNED, telling_of
from payments.words.disputes import attached_words, for_mentor, for_operator

mail.keeps(BOOKED, CANCELLED, MOVED, CLAIMED, OUTCOME, WARNED)


@mail.writes(TO_MENTOR)
def to_mentor(session: Session, row: MailRow) -> Letter | None:
    """None once something else has become of it: there is a letter about that."""
    dispute = session.get_one(Dispute, row.arguments["dispute_id"])
    if telling_of(dispute.state) != row.sequence:
        return None
    booking, reader = _session_of(session, dispute), session.get_one(User, row.user_id)
    subject = _("A payment is disputed: %(title)s", title=booking.title)
    if dispute.decided_at is not None:
        subject = _("A disputed payment is decided: %(title)s", title=booking.title)
    return _letter(reader, subject, booking, for_mentor(dispute), link("pages.session", public_id=booking.public_id))


@mail.writes(TO_OPERATOR)
def to_operator(session: Session, row: MailRow) -> Letter | None:
    """The same, with what the bank says and until when it can be answered."""
    dispute = session.get_one(Dispute, row.arguments["dispute_id"])
    if telling_of(dispute.state) != row.sequence:
        return None
    booking, reader = _session_of(session, dispute), session.get_one(User, row.user_id)
    subject = _("Dispute: %(title)s, %(sum)s", title=booking.title, sum=formats.money(dispute.amount))
    return _letter(
        reader, subject, booking, for_operator(dispute), link("operator.dispute", dispute_id=dispute.stripe_dispute_id)
    )


@mail.writes(WARNED)
def warned(session: Session, row: MailRow) -> Letter:
    booking, reader = _booking(session, row.key), session.get_one(User, row.user_id)
    amount = formats.money(Money(int(str(row.arguments["back_minor"])), str(row.arguments["currency"])))
    lines = [
        _("The bank of the card that paid for this session is not sure that its holder did, so we have refunded it."),
        _("%(sum)s are on their way to that card. Banks take 5 to 10 days.", sum=amount),
        _("If all is well, nothing else needs doing; you are welcome to book again."),
    ]
    if reader.id == booking.mentor_id:
        lines = [
            lines[0],
            _("What you have earned by it is yours all the same: the site bears the loss."),
        ]
    subject = _("A payment was refunded: %(title)s", title=booking.title)
    return _letter(reader, subject, booking, lines, link("pages.session", public_id=booking.public_id))


@mail.writes(ATTACHED)
def attached(session: Session, row: MailRow) -> Letter:
    """Never the words themselves: they are on the session's page, which only the two can open."""
    booking, reader = _booking(session, row.key), session.get_one(User, row.user_id)
    dispute = session.get_one(Dispute, row.arguments["dispute_id"])
    sources: list[str] = row.arguments["sources"]  # type: ignore[assignment]
    of_press = (DisputeAttachment.dispute_id == dispute.id, DisputeAttachment.source.in_(sources))
    pieces = session.scalars(select(DisputeAttachment).where(*of_press)).all()
    who = session.get_one(User, pieces[0].person_id).name
    when = formats.local_with_zone(pieces[0].attached_at, reader.zone)
    lines = [
        _(
            "On %(when)s %(name)s has let us show this to the bank that asks about the payment of this session: "
            "%(what)s.",
            when=when,
            name=who,
            what=attached_words([each.kind for each in pieces]),
        ),
        _("Exactly what it is stands on the page of the session; letters may be read by others, so it is not in here."),
    ]
    if can_be_attached_to(dispute):
        lines.append(_("Until we send our answer, you may add there what the bank should read besides."))
    subject = _("%(name)s lets a bank read words of you two: %(title)s", name=who, title=booking.title)
    page = link("pages.session", public_id=booking.public_id) + "#dispute-title"
    return _letter(reader, subject, booking, lines, page)


@mail.times(TO_MENTOR)
@mail.times(TO_OPERATOR)
def may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    """In a mentor's working time, and outside of everybody's own quiet hours."""
    reach = reach_mentor_at if row.fact == TO_MENTOR else reach_mentee_at
    return reach(session, row.user_id, about=None, now=now)


@mail.times(WARNED)
@mail.times(ATTACHED)
def may_come_to_one_of_two(session: Session, row: MailRow, now: datetime) -> datetime:
    return reach_person_at(session, _booking(session, row.key), row.user_id, about=None, now=now)


def _letter(reader: User, subject: str, booking: Booking, lines: list[str], page: str) -> Letter:
    times = [formats.local_with_zone(booking.starts_at, each) for each in dict.fromkeys((reader.zone, booking.zone))]
    words = {"reader": reader, "title": booking.title, "times": times, "lines": lines, "page": page}
    return written("payments_dispute", to=reader.email, subject=subject, **words)


def _booking(session: Session, public_id: str) -> Booking:
    return session.scalars(select(Booking).where(Booking.public_id == public_id)).one()


def _session_of(session: Session, dispute: Dispute) -> Booking:
    """The first that was bought with the disputed payment."""
    return session.scalars(
        select(Booking)
        .join(PurchaseSession, PurchaseSession.booking_id == Booking.id)
        .join(Payment, Payment.purchase_id == PurchaseSession.purchase_id)
        .where(Payment.id == dispute.payment_id)
        .order_by(PurchaseSession.position)
        .limit(1)
    ).one()
