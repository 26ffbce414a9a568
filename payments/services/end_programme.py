"""End a programme without fault: by either side, with one press, no reason and nobody's approval. What is unused goes
back at once, and what is booked and has not begun is called off by the policy that was sold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.states import CANCELLED_BY, BookingStatus, Canceller
from booking.models.bookings import Booking
from booking.services.cancel import cancel_booking
from booking.services.notify import tell_cancelled
from marketplace.core.errors import Conflict
from marketplace.core.money import Money
from payments.domain.settle import UNUSED, Dues, FrozenSale, settle
from payments.models.sales import Purchase, PurchaseSession
from payments.queries.programmes import sessions_of
from payments.queries.settling import frozen_sale
from payments.services.programme_rows import close_programme, lock_programme
from payments.services.settle import settle_sale
from payments.services.tell_programmes import tell_ended


class NothingToEnd(Conflict):
    """The programme has ended, or each of its sessions is over: there is nothing left that could go back."""


class EndChanged(Conflict):
    """What goes back is not what was on the page: it is shown, and asked again."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What ending would come to: `unused` sessions and what was paid for them, and each that is booked and has not
    begun, with what cancelling it gives."""

    unused: int
    unused_paid: Money
    ahead: list[tuple[Booking, Dues]]

    @property
    def back(self) -> Money:
        """All that goes back."""
        return sum((dues.back for _, dues in self.ahead), self.unused_paid)


@dataclass(frozen=True, slots=True)
class EndWish:
    """Who wants it to end; `agreed_minor` is the sum that goes back as they have read it."""

    by: Canceller
    person_id: int
    agreed_minor: int | None


def ending(session: Session, purchase: Purchase, by: Canceller, now: datetime) -> Ending:
    """As things are; nothing is locked. Raises NothingToEnd."""
    return _ending(frozen_sale(session, purchase), sessions_of(session, purchase.id), by, now)


def end_programme(session: Session, purchase_id: int, wish: EndWish, *, now: datetime) -> None:
    """Raises NothingToEnd, and EndChanged if what was agreed to is not what goes back now."""
    rows = lock_programme(session, purchase_id)
    found = _ending(frozen_sale(session, rows.purchase), rows.sessions, wish.by, now)
    if wish.agreed_minor != found.back.minor:
        raise EndChanged("What goes back has changed since you opened this page. Please read it once more.")
    for booking, _dues in found.ahead:
        cancel_booking(session, booking, by=wish.by, person_id=wish.person_id, reason="", now=now)
        tell_cancelled(session, booking, now=now, mentee_lines=(), mentor_lines=())
    close_programme(session, rows, by=wish.person_id, now=now)
    settle_sale(session, rows.sold, now=now)
    tell_ended(session, rows.purchase, found.back, by=wish.person_id, now=now)


def _ending(
    sale: FrozenSale, sessions: list[tuple[PurchaseSession, Booking | None]], by: Canceller, now: datetime
) -> Ending:
    unused = [each for each, _ in sessions if each.to_book and each.returned_at is None]
    ahead = [each for _, each in sessions if each and each.state is BookingStatus.CONFIRMED and each.starts_at > now]
    if not unused and not ahead:
        raise NothingToEnd("Nothing of this programme is left that could end.")
    for booking in ahead:
        sale = sale.with_cancelled(booking.id, CANCELLED_BY[by], now)
    dues = {each.booking_id: each for each in settle(sale) if each.booking_id is not UNUSED}
    return Ending(len(unused), sale.unused_paid, [(each, dues[each.id]) for each in ahead])
