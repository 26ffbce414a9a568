"""What it would come to if a session were cancelled: asked by pages before, and by the service when it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.states import CANCELLED_BY, Canceller
from booking.models.bookings import Booking
from marketplace.core.money import Money
from payments.domain.settle import Dues, settle
from payments.models.sales import Purchase
from payments.queries.programmes import goes_on
from payments.queries.settling import frozen_sale


@dataclass(frozen=True, slots=True)
class Cancelling:
    """Who would get what for a session that is cancelled. `stays_bought`: it is one of a programme and not used up, so
    it can be booked again, or its money taken; until then nothing goes back."""

    dues: Dues
    stays_bought: bool = False

    @property
    def back(self) -> Money:
        return Money(0, self.dues.back.currency) if self.stays_bought else self.dues.back


def dues_if_cancelled(session: Session, purchase: Purchase, booking: Booking, by: Canceller, at: datetime) -> Dues:
    """Who would get what for this session, were it cancelled then."""
    return cancelling(session, purchase, booking, by, at).dues


def cancelling(session: Session, purchase: Purchase, booking: Booking, by: Canceller, at: datetime) -> Cancelling:
    """What it would come to then. A programme keeps a session of which all would go back, while it goes on."""
    sale = frozen_sale(session, purchase).with_cancelled(booking.id, CANCELLED_BY[by], at)
    dues = next(each for each in settle(sale) if each.booking_id == booking.id)
    return Cancelling(dues, sale.gives_all_back(booking.id) and goes_on(session, purchase.id))
