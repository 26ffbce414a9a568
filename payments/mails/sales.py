"""How letters about money are worded, from the rows as they are when they go out."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from booking.queries.bookings import envelope_of, nearest_free
from booking.services.notify import reach_mentee_at
from marketplace.accounts.models import User
from marketplace.core import formats, mail
from marketplace.core.clock import utcnow
from marketplace.core.http import settings
from marketplace.core.letters import link, written
from marketplace.core.mail import Letter, MailRow
from marketplace.mentors.models import Mentor
from marketplace.offerings.models import Offering
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund

WHY = {
    "late": lazy_gettext(
        "Your payment arrived after the time was no longer held for you, and it was not free any more."
    ),
    "second": lazy_gettext("This session was paid for twice. This is the second payment."),
    "wrong_sum": lazy_gettext("The sum that arrived is not the price of the session, so nothing was booked with it."),
}


@mail.times("payments:refunded")
def refunded_may_come(session: Session, row: MailRow, now: datetime) -> datetime:
    """Not in the mentee's quiet hours: the money is on its way in any case."""
    return reach_mentee_at(session, row.user_id, about=None, now=now)


@mail.writes("payments:refunded")
def refunded(session: Session, row: MailRow) -> Letter:
    refund = session.get_one(Refund, row.arguments["refund_id"])
    found = session.execute(
        select(Booking, Purchase.title, Mentor.slug)
        .join(PurchaseSession, PurchaseSession.booking_id == Booking.id)
        .join(Purchase, Purchase.id == PurchaseSession.purchase_id)
        .join(Payment, Payment.purchase_id == Purchase.id)
        .join(Mentor, Mentor.id == Purchase.mentor_id)
        .where(Payment.id == refund.payment_id)
        .order_by(PurchaseSession.position)
        .limit(1)
    ).one()
    reader, mentor = session.get_one(User, row.user_id), session.get_one(User, found.Booking.mentor_id)
    amount = formats.money(refund.amount)
    return written(
        "payments_refunded",
        to=reader.email,
        subject=_("You get %(amount)s back", amount=amount),
        reader=reader,
        amount=amount,
        why=WHY[refund.reason],
        title=found.title,
        mentor_name=mentor.name,
        times=[
            formats.local_with_zone(found.Booking.starts_at, reader.zone),
            formats.local_with_zone(found.Booking.starts_at, found.Booking.zone),
        ],
        free=_free_times(session, found.Booking, found.slug, reader),
        again=link("pages.mentor", slug=found.slug),
    )


def _free_times(session: Session, lost: Booking, slug: str, reader: User) -> list[tuple[str, str]]:
    """Of the same mentor and length, nearest to the time that is lost: how each reads, and where it is chosen."""
    found = nearest_free(
        session,
        offering=session.get_one(Offering, lost.offering_id),
        mentee_id=reader.id,
        wanted=lost.starts_at,
        now=utcnow(),
        envelope=envelope_of(settings()),
    )
    return [
        (
            formats.local(slot.start, reader.zone),
            link("pages.mentor", slug=slug, offering=lost.offering_id, start=formats.instant(slot.start)),
        )
        for slot in found
    ]


@mail.writes("payments:payouts")
def payouts(session: Session, row: MailRow) -> Letter | None:
    """None once it is the other way round again."""
    ready, reader = bool(row.arguments["ready"]), session.get_one(User, row.user_id)
    if session.get_one(Mentor, row.user_id).can_be_paid is not ready:
        return None
    return written(
        "payments_payouts",
        to=reader.email,
        subject=_("Stripe can pay you now") if ready else _("Stripe cannot pay you at the moment"),
        reader=reader,
        ready=ready,
        page=link("payouts.page"),
    )


@mail.writes("payments:paid_by_hand")
def paid_by_hand(session: Session, row: MailRow) -> Letter:
    refund, reader = session.get_one(Refund, row.arguments["refund_id"]), session.get_one(User, row.user_id)
    amount = formats.money(refund.amount)
    return written(
        "payments_paid_by_hand",
        to=reader.email,
        subject=_("%(amount)s have been paid to you in another way", amount=amount),
        reader=reader,
        amount=amount,
        how=refund.by_hand_how,
    )
