"""The rows of a programme that was bought: written with its purchase, and locked in the order of docs/locking.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models.bookings import Booking
from booking.services.locks import lock_people
from marketplace.offerings.models import Offering
from payments.domain.programmes import ask_at
from payments.models.programmes import Programme
from payments.models.sales import Payment, Purchase, PurchaseSession
from payments.queries.programmes import last_booked
from payments.services.rows import SaleRows, SoldRows, lock_bookings_of, lock_payment_that_bought, lock_purchase

_FRESH = {"populate_existing": True}


@dataclass(slots=True)
class ProgrammeRows:
    """`sessions` in their order, each with its booking, if it has one."""

    purchase: Purchase
    programme: Programme
    sessions: list[tuple[PurchaseSession, Booking | None]]
    payment: Payment | None

    @property
    def to_book(self) -> list[PurchaseSession]:
        return [each for each, _ in self.sessions if each.to_book and each.returned_at is None]

    @property
    def sold(self) -> SoldRows:
        """With the booking that was made when it was bought, for what is settled of all of them."""
        first = self.sessions[0][1]
        assert first is not None, "the first session is booked when the programme is bought"
        return SoldRows(self.purchase, first, self.payment)


def programme_of_offering(purchase: Purchase, offering: Offering, *, early_asked_at: datetime | None) -> Programme:
    """Its course as it is sold; who asks for an early start asks for all of its sessions."""
    assert offering.cadence_days is not None, "a programme has a cadence"
    return Programme(
        purchase_id=purchase.id,
        minutes=offering.minutes,
        cadence_days=offering.cadence_days,
        milestones=offering.milestones,
        pre_work=offering.pre_work,
        early_asked_at=early_asked_at,
    )


def lock_programme(session: Session, purchase_id: int) -> ProgrammeRows:
    """Both people, the purchase, its sessions' bookings by id, the payment that bought it."""
    people = select(Purchase.mentor_id, Purchase.mentee_id).where(Purchase.id == purchase_id)
    lock_people(session, session.execute(people).one())
    purchase = lock_purchase(session, purchase_id)
    bookings = lock_bookings_of(session, purchase_id)
    return _rows(session, purchase, bookings, lock_payment_that_bought(session, purchase_id))


def programme_of_sale(session: Session, sale: SaleRows) -> ProgrammeRows:
    """Of one whose rows are locked, with the payment that bought it."""
    return _rows(session, sale.purchase, sale.bookings, sale.payment)


def _rows(session: Session, purchase: Purchase, bookings: list[Booking], payment: Payment | None) -> ProgrammeRows:
    by_id = {each.id: each for each in bookings}
    parts = select(PurchaseSession).where(PurchaseSession.purchase_id == purchase.id).order_by(PurchaseSession.position)
    return ProgrammeRows(
        purchase,
        session.get_one(Programme, purchase.id, populate_existing=True),
        [(each, by_id.get(each.booking_id or 0)) for each in session.scalars(parts, execution_options=_FRESH)],
        payment,
    )


def keep_bought(session: Session, booking_id: int, purchase_id: int) -> None:
    """The session of a booking that was called off is not used up. Under the locks of its purchase."""
    part = session.scalars(
        select(PurchaseSession).where(PurchaseSession.booking_id == booking_id), execution_options=_FRESH
    ).one()
    part.to_book = True
    session.flush()
    plan_asking(session, session.get_one(Programme, purchase_id, populate_existing=True))


def plan_asking(session: Session, programme: Programme) -> None:
    """After something was booked or called off. Under the locks of its purchase."""
    programme.ask_at = ask_at(last_booked(session, programme.purchase_id), programme.cadence, programme.asked)
    session.flush()


def close_programme(session: Session, rows: ProgrammeRows, *, by: int | None, now: datetime) -> None:
    """Nothing more is booked of it, and what is unused goes back with the next settling. `by` is None for the site."""
    for part in rows.to_book:
        part.returned_at = now
    programme = rows.programme
    programme.ended_at, programme.ended_by, programme.ask_at = programme.ended_at or now, by, None
    session.flush()
