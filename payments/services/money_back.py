"""The mentee takes the money for one session of a programme that was called off without being used up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict
from payments.models.sales import PurchaseSession
from payments.queries.programmes import is_still_bought
from payments.queries.settling import dues_of
from payments.services.rows import lock_sold
from payments.services.settle import settle_sale
from payments.services.tell_programmes import tell_money_back


class NoMoneyToTake(Conflict):
    """It has been booked again meanwhile, or its money is on its way."""


def take_money_back(session: Session, booking_id: int, *, now: datetime) -> None:
    """The session is used up by the booking that was called off, and what that gives back goes back. Once.

    Raises NoMoneyToTake.
    """
    rows = lock_sold(session, booking_id)
    its = select(PurchaseSession).where(PurchaseSession.booking_id == booking_id)
    part = session.scalar(its, execution_options={"populate_existing": True})
    if part is None or not is_still_bought(part, booking_id):
        raise NoMoneyToTake("This session has been booked again, or its money is on its way already.")
    part.to_book = False
    session.flush()
    settle_sale(session, rows, now=now)
    dues = dues_of(session, rows.purchase, booking_id)
    assert dues is not None, "it was called off"
    tell_money_back(session, rows.purchase, rows.booking, dues.back, now=now)
