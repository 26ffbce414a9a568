"""Sample programmes: bought and paid at Stripe, booked one session after the other."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.offerings.models import Offering
from payments.models.sales import Purchase, PurchaseSession
from payments.queries import sales as queries
from payments.services.book_bought import Chosen, book_bought
from payments.services.buy import Order
from payments.till import Till
from tests.payments.conftest import TEN

WEEK = timedelta(days=7)
GROSS = [9200, 9200, 9200, 8960, 8960, 8960]
"""80 euros each with a fee of 15 %, and of 12 % from the pair's fourth session on."""


def buy_programme(
    session: Session, till: Till, mentee: User, offering: Offering, pay: Callable[[str], object], *, early: bool = False
) -> queries.Sale:
    """`pay` pays a Checkout Session at Stripe."""
    sale = till.buy(Order(mentee, offering.mentor_id, offering.id, TEN, early=early))
    assert sale.payment is not None
    till.open_checkout(sale.payment.id)
    session.refresh(sale.payment)
    pay(str(sale.payment.stripe_session_id))
    till.look(sale.payment.id)
    session.rollback()
    session.expire_all()
    found = queries.sale_of(session, session.get_one(Purchase, sale.purchase.id))
    session.commit()
    return found


def book_next(till: Till, purchase_id: int, start: datetime, position: int) -> Booking:
    [booking] = book_several(till, purchase_id, Chosen({position: start}))
    return booking


def book_several(till: Till, purchase_id: int, chosen: Chosen) -> list[Booking]:
    return till.change_time(
        lambda: book_bought(till.session, purchase_id, chosen, now=till.now, settings=till.settings)
    )


def parts_of(session: Session, purchase_id: int) -> list[PurchaseSession]:
    """Read afresh."""
    session.rollback()
    statement = select(PurchaseSession).where(PurchaseSession.purchase_id == purchase_id)
    ordered = statement.order_by(PurchaseSession.position)
    return list(session.scalars(ordered, execution_options={"populate_existing": True}))


def to_book(session: Session, purchase_id: int) -> list[int]:
    return [each.position for each in parts_of(session, purchase_id) if each.to_book and not each.returned_at]
