"""Buy a session: hold the slot and write down the sale and the Checkout Session to be made, in one transaction.

Keeps rules sold_is_frozen (everything is copied here) and paid_or_refunded (what Stripe will be asked is stored before
it is asked).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.fit_calls import Question
from booking.domain.intervals import Interval
from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.queries.bookings import envelope_of
from booking.services.agenda import write_agenda
from booking.services.fit_calls import require_fit_call
from booking.services.hold import HoldOverdue, NotBookable, hold_slot, judge, require_active
from booking.services.locks import lock_people
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.errors import Conflict, NotFound, RuleBroken
from marketplace.core.ids import public_id
from marketplace.core.money import Money
from marketplace.offerings.models import Offering
from payments.domain.fees import Fee, Lines, total
from payments.domain.spread import Paid
from payments.domain.states import PaymentStatus, PurchaseStatus
from payments.domain.withdrawal import EU, VERSION, is_early
from payments.models.sales import Payment, Purchase, PurchaseSession
from payments.queries import sales as queries
from payments.queries.fees import fee_for
from payments.services.checkout_params import checkout_params
from payments.services.commands import want
from payments.services.complete import complete_sale
from payments.services.programme_rows import programme_of_offering

TAX_INCLUDED = "inclusive"
HOLD = timedelta(minutes=35)
"""Stripe ends the session itself at 30 minutes or later; five more let a retry of its creation still be accepted."""


class UnpaidPurchase(Conflict):
    """You hold another time that is not paid yet: go on paying for it, or give it back, then choose again."""

    def __init__(self, sale: queries.Sale) -> None:
        super().__init__("You are holding another time. Pay for it or give it back before you choose a new one.")
        self.sale = sale


class EarlyStartNotAsked(RuleBroken):
    """A session that begins before the right to withdraw ends is booked only by a mentee who has asked for that."""


class PriceChanged(Conflict):
    """It costs something else than the page said, and nobody pays a price that they have not seen."""

    def __init__(self, seen: Money, price: Money) -> None:
        super().__init__("This costs %(price)s now, and no longer %(seen)s.", price=price, seen=seen)
        self.price = price


@dataclass(frozen=True, slots=True)
class Order:
    """What one person asks for. `seen` is all that they were told to pay, if they were."""

    mentee: User
    mentor_id: int
    offering_id: int
    start: datetime
    agenda: str = ""
    """What the mentee wants to talk about, cleaned."""
    answers: Mapping[Question, str] = field(default_factory=dict)
    """What was asked before a fit call."""
    seen: Money | None = None
    early: bool = False
    """They asked that the session may begin before their right to withdraw ends."""


def buy(session: Session, order: Order, *, now: datetime, settings: Settings) -> queries.Sale:
    """The same order again, while its hold lives, gives the same sale.

    Raises SlotTaken, NotBookable, NoFitCall, UnpaidPurchase, PriceChanged, EarlyStartNotAsked, NotFound, HoldOverdue.
    """
    lock_people(session, (order.mentor_id, order.mentee.id))
    offering = _offering(session, order)
    if again := _unpaid(session, order, now):
        return again
    rows, fee = _priced(session, order, offering, settings, now)
    withdrawal = _withdrawal(order, total(rows), settings, now)
    booking = hold_slot(
        session,
        offering=offering,
        mentee_id=order.mentee.id,
        start=order.start,
        held_until=now + HOLD,
        now=now,
        envelope=envelope_of(settings),
        site_meeting_url=settings.meeting_url,
        agenda=order.agenda,
        answers=order.answers,
    )
    tax_included = settings.tax == TAX_INCLUDED
    purchase = _freeze(session, offering, booking, rows, fee, withdrawal, now, tax_included=tax_included)
    if not purchase.gross:
        complete_sale(session, purchase, booking, paid=Paid.nothing(purchase.currency), now=now)
        return queries.Sale(purchase, booking, None)
    return queries.Sale(purchase, booking, new_payment(session, order.mentee, purchase, booking, settings, now))


def require_bookable(session: Session, order: Order, *, instead_of: Booking, now: datetime, settings: Settings) -> None:
    """Whether the time could be had if that booking were given back. Nothing is locked: `buy` asks again.

    Raises as `buy`, but for UnpaidPurchase.
    """
    offering = _offering(session, order)
    rows, _fee = _priced(session, order, offering, settings, now)
    _withdrawal(order, total(rows), settings, now)
    require_active(session, order.mentor_id, settings.meeting_url, for_money=bool(offering.price_minor))
    require_fit_call(session, offering, order.mentee.id, now)
    interval = Interval(order.start, order.start + timedelta(minutes=offering.minutes))
    judge(session, order.mentor_id, order.mentee.id, interval, now, envelope_of(settings), without=instead_of.id)


def the_same(session: Session, sale: queries.Sale) -> Order:
    """The order that led to this sale."""
    mentee = session.get_one(User, sale.purchase.mentee_id)
    booking = sale.booking
    early = sale.purchase.early_asked_at is not None
    return Order(mentee, booking.mentor_id, booking.offering_id, booking.starts_at, booking.agenda or "", early=early)


def _priced(
    session: Session, order: Order, offering: Offering, settings: Settings, now: datetime
) -> tuple[list[Lines], Fee]:
    """Of each of its sessions, with the fee as it is now, counted before they are added: the first is the nth of the
    pair. Raises PriceChanged."""
    fee = fee_for(session, mentor_id=order.mentor_id, mentee_id=order.mentee.id, settings=settings, now=now)
    rows = fee.rows(offering.price, offering.sessions)
    gross = total(rows).gross
    if order.seen is not None and order.seen != gross:
        raise PriceChanged(order.seen, gross)
    return rows, fee.next


@dataclass(frozen=True, slots=True)
class _Withdrawal:
    """By which text, and when an early start was asked for."""

    version: str | None = None
    early_asked_at: datetime | None = None


def _withdrawal(order: Order, lines: Lines, settings: Settings, now: datetime) -> _Withdrawal:
    """The right to withdraw that goes with the sale. Raises EarlyStartNotAsked."""
    if settings.withdrawal != EU or not lines.gross:
        return _Withdrawal()
    if not is_early(lines.gross, order.start, now=now, zone=order.mentee.tz):
        return _Withdrawal(VERSION)
    if not order.early:
        raise EarlyStartNotAsked("This session begins before your right to withdraw ends: please ask for that.")
    return _Withdrawal(VERSION, now)


def _offering(session: Session, order: Order) -> Offering:
    offering = session.scalar(
        select(Offering)
        .where(Offering.id == order.offering_id, Offering.mentor_id == order.mentor_id)
        .execution_options(populate_existing=True)
    )
    if offering is None:
        raise NotFound("This mentor does not offer that.")
    if not offering.active:
        raise NotBookable("This is no longer offered.")
    if order.mentor_id == order.mentee.id:
        raise NotBookable("You cannot book yourself.")
    return offering


def _unpaid(session: Session, order: Order, now: datetime) -> queries.Sale | None:
    """The sale to come back to. At most one purchase of a mentee is unpaid (constraint one_unpaid_purchase)."""
    sale = queries.unpaid(session, order.mentee.id)
    if sale is None:
        return None
    held = sale.booking
    if held.state is BookingStatus.HELD and held.held_until is not None and held.held_until <= now:
        raise HoldOverdue([held.id])
    if (held.mentor_id, held.offering_id, held.starts_at) != (order.mentor_id, order.offering_id, order.start):
        raise UnpaidPurchase(sale)
    if order.agenda:
        write_agenda(session, held.id, order.agenda, now=now)
    return sale


def _freeze(
    session: Session,
    offering: Offering,
    booking: Booking,
    rows: list[Lines],
    fee: Fee,
    withdrawal: _Withdrawal,
    now: datetime,
    *,
    tax_included: bool,
) -> Purchase:
    lines = total(rows)
    purchase = Purchase(
        public_id=public_id(),
        mentee_id=booking.mentee_id,
        mentor_id=booking.mentor_id,
        offering_id=offering.id,
        status=PurchaseStatus.UNPAID,
        title=offering.title,
        policy=offering.policy,
        currency=offering.currency,
        price_minor=lines.price.minor,
        fee_minor=lines.fee.minor,
        fee_bp=fee.rate_bp,
        fee_policy_id=fee.version,
        fee_borne_by=fee.borne_by,
        gross_minor=lines.gross.minor,
        tax_included=tax_included,
        withdrawal_version=withdrawal.version,
        early_asked_at=withdrawal.early_asked_at,
        created_at=now,
    )
    session.add(purchase)
    session.flush()
    session.add_all(_row(purchase, position, each, booking) for position, each in enumerate(rows, start=1))
    if offering.is_programme:
        session.add(programme_of_offering(purchase, offering, early_asked_at=withdrawal.early_asked_at))
    session.flush()
    return purchase


def _row(purchase: Purchase, position: int, lines: Lines, booking: Booking) -> PurchaseSession:
    """The first one has its booking; the others are still to be booked."""
    return PurchaseSession(
        purchase_id=purchase.id,
        position=position,
        booking_id=booking.id if position == 1 else None,
        to_book=position > 1,
        gross_minor=lines.gross.minor,
        fee_minor=lines.fee.minor,
        share_minor=lines.share.minor,
    )


def new_payment(
    session: Session, mentee: User, purchase: Purchase, booking: Booking, settings: Settings, now: datetime
) -> Payment:
    """A payment to be made until the hold ends, with the command that makes its Checkout Session."""
    reference = public_id()
    assert booking.held_until is not None
    params = checkout_params(session, mentee, purchase, booking, reference, settings)
    payment = Payment(
        public_id=reference,
        purchase_id=purchase.id,
        status=PaymentStatus.UNSENT,
        amount_minor=purchase.gross_minor,
        currency=purchase.currency,
        expires_at=booking.held_until,
        command_id=want(session, "checkout", f"checkout-{reference}", params, now=now),
        created_at=now,
        looked_at=now,
    )
    session.add(payment)
    session.flush()
    return payment
