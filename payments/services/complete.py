"""A sale is complete: the money is there (or none is due), so the session stands and both people are told."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.services.notify import tell_booked
from booking.services.remind import plan_reminders
from booking.services.settle_hold import confirm
from marketplace.accounts.models import User
from marketplace.core import formats
from marketplace.core.language import speaking
from marketplace.core.money import Money
from payments.domain.spread import Paid, spread_paid
from payments.domain.states import PurchaseStatus
from payments.domain.withdrawal import withdrawal_ends
from payments.models.programmes import Programme
from payments.models.sales import Purchase, PurchaseSession
from payments.queries.programmes import left_of
from payments.services.programme_rows import plan_asking
from payments.words.withdrawal import sale_policy_words, withdrawal_lines


def complete_sale(session: Session, purchase: Purchase, bookings: list[Booking], *, paid: Paid, now: datetime) -> None:
    """Free offerings and paid ones take this same path. The bookings are `held`, or already revived; in their order."""
    mentor, mentee = (session.get_one(User, person) for person in (purchase.mentor_id, purchase.mentee_id))
    _freeze_sums(session, purchase, paid)
    if purchase.withdrawal_version is not None:
        purchase.withdrawal_until = withdrawal_ends(now, mentee.tz)
    purchase.status, purchase.sold_at = PurchaseStatus.SOLD, now
    if bookings[0].state is not BookingStatus.CONFIRMED:
        confirm(session, *bookings, now=now)
    session.flush()
    with speaking(mentee.locale):
        mentee_lines = [*programme_lines(session, purchase), *paid_lines(purchase, mentor.name)]
        if paid.total:
            mentee_lines.append(sale_policy_words(purchase, bookings[0].starts_at, mentee.tz, now))
            mentee_lines += withdrawal_lines(purchase, mentee.tz)
    with speaking(mentor.locale):
        mentor_lines = _earned_lines(session, purchase)
    tell_booked(session, *bookings, now=now, mentee_lines=mentee_lines, mentor_lines=mentor_lines)
    plan_reminders(session, *bookings, now=now)
    if (programme := session.get(Programme, purchase.id)) is not None:
        plan_asking(session, programme)


def _freeze_sums(session: Session, purchase: Purchase, paid: Paid) -> None:
    """Rule sold_is_frozen: the parts of the sessions first, since the purchase's total closes them too."""
    parts = session.scalars(
        select(PurchaseSession).where(PurchaseSession.purchase_id == purchase.id).order_by(PurchaseSession.position)
    ).all()
    for part, (discount, tax) in zip(parts, spread_paid(paid, [each.gross_minor for each in parts]), strict=True):
        part.discount_minor, part.tax_minor = discount.minor, tax.minor
    session.flush()
    purchase.discount_minor, purchase.tax_minor = paid.discount.minor, paid.tax.minor
    purchase.total_minor = paid.total.minor


def paid_lines(purchase: Purchase, mentor_name: str) -> list[str]:
    """Price, fee, discount, tax and total of what is sold, for the mentee; what was always free has none."""
    if not purchase.gross:
        return [_("This is free.")]
    lines = [_("%(name)s’s price: %(sum)s", name=mentor_name, sum=formats.money(purchase.price))]
    if purchase.fee_borne_by == "mentee":
        lines.append(_("Fee: %(sum)s", sum=formats.money(purchase.fee)))
    if purchase.discount:
        lines.append(_("Discount: −%(sum)s", sum=formats.money(purchase.discount)))
    if purchase.tax:
        tax = formats.money(purchase.tax)
        lines.append(_("Tax, in the price: %(sum)s", sum=tax) if purchase.tax_included else _("Tax: %(sum)s", sum=tax))
    if not purchase.total_minor:
        return [*lines, _("Your code took all of the price, so you paid nothing, and nothing goes back if you cancel.")]
    return [*lines, _("You paid: %(sum)s", sum=formats.money(Money(purchase.total_minor, purchase.currency)))]


def programme_lines(session: Session, purchase: Purchase) -> list[str]:
    """What was bought beside this session; nothing of a single one."""
    left = left_of(session, purchase.id)
    if not left:
        return [_("All sessions of your programme are booked.")] * (session.get(Programme, purchase.id) is not None)
    return [
        ngettext(
            "This is the first session of your programme; %(num)s more is yours to book, whenever you like.",
            "This is the first session of your programme; %(num)s more are yours to book, whenever you like.",
            left,
        )
    ]


def _earned_lines(session: Session, purchase: Purchase) -> list[str]:
    share = session.scalars(select(PurchaseSession.share_minor).where(PurchaseSession.purchase_id == purchase.id)).all()
    earned = Money(sum(share), purchase.currency)
    if not earned:
        return [_("This is free.")]
    if len(share) > 1:
        told = _("You earn: %(sum)s in all, session by session, once each has taken place.", sum=formats.money(earned))
        return [ngettext("A programme of %(num)s session.", "A programme of %(num)s sessions.", len(share)), told]
    return [_("You earn: %(sum)s, once the session has taken place.", sum=formats.money(earned))]
