"""A sale is complete: the money is there (or none is due), so the session stands and both people are told."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models import Booking
from booking.services.notify import tell_booked
from booking.services.settle_hold import confirm
from booking.words import policy_words
from marketplace.accounts.models import User
from marketplace.core import formats
from marketplace.core.language import speaking
from marketplace.core.money import Money
from payments.domain.states import PurchaseStatus
from payments.models import Purchase, PurchaseSession


def complete_sale(session: Session, purchase: Purchase, booking: Booking, *, total: Money, now: datetime) -> None:
    """Free offerings and paid ones take this same path. The booking is `held`, or already revived."""
    purchase.status = PurchaseStatus.SOLD
    purchase.total_minor, purchase.sold_at = total.minor, now
    if booking.state is not BookingStatus.CONFIRMED:
        confirm(session, booking, now=now)
    session.flush()
    mentor, mentee = (session.get_one(User, person) for person in (purchase.mentor_id, purchase.mentee_id))
    with speaking(mentee.locale):
        policy = policy_words(purchase.policy, booking.starts_at, mentee.tz, now)
        mentee_lines = [*_paid_lines(purchase, mentor.name, total), policy] if total else [_("This is free.")]
    with speaking(mentor.locale):
        mentor_lines = _earned_lines(session, purchase)
    tell_booked(session, booking, now=now, mentee_lines=mentee_lines, mentor_lines=mentor_lines)


def _paid_lines(purchase: Purchase, mentor_name: str, total: Money) -> list[str]:
    lines = [_("%(name)s’s price: %(sum)s", name=mentor_name, sum=formats.money(purchase.price))]
    if purchase.fee_borne_by == "mentee":
        lines.append(_("Fee: %(sum)s", sum=formats.money(purchase.fee)))
    return [*lines, _("You paid: %(sum)s", sum=formats.money(total))]


def _earned_lines(session: Session, purchase: Purchase) -> list[str]:
    share = session.scalars(select(PurchaseSession.share_minor).where(PurchaseSession.purchase_id == purchase.id))
    earned = Money(sum(share), purchase.currency)
    if not earned:
        return [_("This is free.")]
    return [_("You earn: %(sum)s, once the session has taken place.", sum=formats.money(earned))]
