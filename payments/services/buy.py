"""Buy a session, or a series of them: hold the time and write down the sale and the Checkout Session to be made, in one
transaction. Of a series all times are held, or none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.fit_calls import Question
from booking.domain.states import BookingStatus
from booking.queries.bookings import envelope_of
from booking.services.agenda import write_agenda
from booking.services.fit_calls import require_fit_call
from booking.services.hold import HoldOverdue, NotBookable, SeriesNotFree, hold_slots, judge, lasting, require_active
from booking.services.locks import lock_people
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.errors import Conflict, NotFound, RuleBroken
from marketplace.core.money import Money
from marketplace.offerings.models import Offering
from payments.domain.fees import Fee, Lines, total
from payments.domain.spread import Paid
from payments.domain.withdrawal import EU, VERSION, is_early
from payments.queries import sales as queries
from payments.queries.fees import fee_for
from payments.services.asked_first import ask_first
from payments.services.complete import complete_sale
from payments.services.freeze import Withdrawal, freeze_sale, new_payment

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
    later: tuple[datetime, ...] = ()
    """When the other sessions of a programme begin, if all of them are booked now; in their order, after `start`."""

    @property
    def starts(self) -> tuple[datetime, ...]:
        return (self.start, *self.later)


def buy(session: Session, order: Order, *, now: datetime, settings: Settings) -> queries.Sale:
    """The same order again, while its hold lives, gives the same sale.

    Raises SlotTaken, NotBookable, NoFitCall, UnpaidPurchase, AskedFirst, PriceChanged, EarlyStartNotAsked, NotFound,
    HoldOverdue.
    """
    lock_people(session, (order.mentor_id, order.mentee.id))
    offering = _offering(session, order)
    if again := _unpaid(session, order, now):
        return again
    ask_first(session, offering, order.mentee.id)
    rows, fee = _priced(session, order, offering, settings, now)
    withdrawal = _withdrawal(order, total(rows), settings, now)
    bookings = hold_slots(
        session,
        offering=offering,
        mentee_id=order.mentee.id,
        starts=order.starts,
        held_until=now + HOLD,
        now=now,
        envelope=envelope_of(settings),
        site_meeting_url=settings.meeting_url,
        agenda=order.agenda,
        answers=order.answers,
    )
    tax_included = settings.tax == TAX_INCLUDED
    purchase = freeze_sale(session, offering, bookings, rows, fee, withdrawal, now, tax_included=tax_included)
    if not purchase.gross:
        complete_sale(session, purchase, bookings, paid=Paid.nothing(purchase.currency), now=now)
        return queries.Sale(purchase, bookings, None)
    return queries.Sale(purchase, bookings, new_payment(session, order.mentee, purchase, bookings, settings, now))


def require_bookable(
    session: Session, order: Order, *, instead_of: queries.Sale, now: datetime, settings: Settings
) -> None:
    """Whether the time could be had if what is held for that sale were given back. Nothing is locked: `buy` asks again.

    Raises as `buy`, but for UnpaidPurchase.
    """
    offering = _offering(session, order)
    ask_first(session, offering, order.mentee.id)
    rows, _fee = _priced(session, order, offering, settings, now)
    _withdrawal(order, total(rows), settings, now)
    require_active(session, order.mentor_id, settings.meeting_url, for_money=bool(offering.price_minor))
    require_fit_call(session, offering, order.mentee.id, now)
    intervals, given_back = lasting(offering.minutes, order.starts), [each.id for each in instead_of.bookings]
    judge(session, order.mentor_id, order.mentee.id, intervals, now, envelope_of(settings), without=given_back)


def the_same(session: Session, sale: queries.Sale) -> Order:
    """The order that led to this sale."""
    mentee = session.get_one(User, sale.purchase.mentee_id)
    booking, early = sale.booking, sale.purchase.early_asked_at is not None
    later = tuple(each.starts_at for each in sale.bookings[1:])
    return Order(
        mentee,
        booking.mentor_id,
        booking.offering_id,
        booking.starts_at,
        booking.agenda or "",
        early=early,
        later=later,
    )


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


def _withdrawal(order: Order, lines: Lines, settings: Settings, now: datetime) -> Withdrawal:
    """The right to withdraw that goes with the sale. Raises EarlyStartNotAsked."""
    if settings.withdrawal != EU or not lines.gross:
        return Withdrawal()
    if not is_early(lines.gross, order.start, now=now, zone=order.mentee.tz):
        return Withdrawal(VERSION)
    if not order.early:
        raise EarlyStartNotAsked("This session begins before your right to withdraw ends: please ask for that.")
    return Withdrawal(VERSION, now)


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
    if order.later and (len(order.starts) != offering.sessions or list(order.starts) != sorted(set(order.starts))):
        raise SeriesNotFree("Choose a time for each session of the programme.")
    return offering


def _unpaid(session: Session, order: Order, now: datetime) -> queries.Sale | None:
    """The sale to come back to. At most one purchase of a mentee is unpaid (constraint one_unpaid_purchase)."""
    sale = queries.unpaid(session, order.mentee.id)
    if sale is None:
        return None
    held = sale.booking
    if held.state is BookingStatus.HELD and held.held_until is not None and held.held_until <= now:
        raise HoldOverdue([held.id])
    times = tuple(each.starts_at for each in sale.bookings)
    if (held.mentor_id, held.offering_id, times) != (order.mentor_id, order.offering_id, order.starts):
        raise UnpaidPurchase(sale)
    if order.agenda:
        write_agenda(session, held.id, order.agenda, now=now)
    return sale
