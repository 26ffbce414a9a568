"""How letters about money are worded, from the rows as they are when they go out."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Booking
from marketplace.accounts.models import User
from marketplace.core import formats, mail
from marketplace.core.letters import link, written
from marketplace.core.mail import Letter, MailRow
from marketplace.mentors.models import Mentor
from payments.models import Payment, Purchase, PurchaseSession, Refund

WHY = {
    "late": "Your payment arrived after the time was no longer held for you, and it was not free any more.",
    "second": "This session was paid for twice. This is the second payment.",
    "wrong_sum": "The sum that arrived is not the price of the session, so nothing was booked with it.",
}


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
    ).one()
    reader, mentor = session.get_one(User, row.user_id), session.get_one(User, found.Booking.mentor_id)
    amount = refund.amount.format()
    return written(
        "payments_refunded",
        to=reader.email,
        subject=f"You get {amount} back",
        reader=reader,
        amount=amount,
        why=WHY[refund.reason],
        title=found.title,
        mentor_name=mentor.name,
        times=[
            formats.local_with_zone(found.Booking.starts_at, reader.zone),
            formats.local_with_zone(found.Booking.starts_at, found.Booking.zone),
        ],
        again=link("pages.mentor", slug=found.slug),
    )
