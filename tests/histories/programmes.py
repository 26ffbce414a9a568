"""What people do about programmes: buy one, book what is left of it, take the money for what was called off, end it."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.domain.states import Canceller
from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.core.jobs import TASKS
from payments.domain.states import PurchaseStatus
from payments.models.programmes import Programme
from payments.models.sales import Purchase, PurchaseSession
from payments.queries import sales as queries
from payments.queries.programmes import IS_TO_BOOK
from payments.services.book_bought import Chosen, book_bought
from payments.services.buy import Order
from payments.services.end_programme import EndWish, end_programme, ending
from payments.services.money_back import take_money_back
from payments.till import Till
from tests.histories.afterwards import DAY, SLOTS
from tests.histories.moves import Move

PRICE_MINOR, SESSIONS = 20_000, 3
"""No third of it is in whole cents."""
LATER = [*SLOTS, *(SLOTS[0] + after * DAY for after in (8, 13, 14, 21))]
"""When sessions are booked out of what was bought, some of them long after."""
STEPS = [7 * DAY, 7 * DAY, DAY, timedelta(minutes=30)]
"""Between those that are booked with one press; what is half an hour apart overlaps, and none of it can be had."""
ENDERS = [Canceller.MENTEE, Canceller.MENTEE, Canceller.MENTOR]


class Programmes:
    programmes: list[tuple[int, int]]
    """Mentors, and what each offers."""

    def till(self) -> Till:
        raise NotImplementedError

    def _mentee(self, move: Move) -> int:
        raise NotImplementedError

    def _pay_for(self, till: Till, sale: queries.Sale) -> None:
        raise NotImplementedError

    def buy_programme(self, move: Move) -> None:
        """With its first session held, or all of them."""
        till = self.till()
        mentee = till.session.get_one(User, self._mentee(move))
        mentor_id, offering_id = self.programmes[move.how % len(self.programmes)]
        start = SLOTS[move.which % len(SLOTS)]
        later = (start + 7 * DAY, start + 14 * DAY) if move.how % 3 == 0 else ()
        self._pay_for(till, till.buy(Order(mentee, mentor_id, offering_id, start, early=True, later=later)))

    def book_bought(self, move: Move) -> None:
        """The next session of any programme, perhaps one that has ended, to a time that may be anybody's."""
        till = self.till()
        if (purchase := _any_programme(till.session, move)) is None:
            return
        position, *_rest = _positions_to_book(till.session, purchase) or [1 + move.who % SESSIONS]
        _book(till, purchase, {position: _ahead(till, move.how)})

    def book_remaining(self, move: Move) -> None:
        """All that is left of any programme, or all of it where nothing is, to times that may be anybody's; sometimes
        the press comes twice."""
        till = self.till()
        if (purchase := _any_programme(till.session, move)) is None:
            return
        positions = _positions_to_book(till.session, purchase) or range(1, SESSIONS + 1)
        first, step = _ahead(till, move.how), STEPS[move.how % len(STEPS)]
        starts = {position: first + number * step for number, position in enumerate(positions)}
        for _press in range(2 if move.how % 5 == 0 else 1):
            _book(till, purchase, starts)

    def take_money(self, move: Move) -> None:
        """For any session of a programme that was ever called off."""
        till = self.till()
        called_off = (
            select(Booking.id)
            .join(PurchaseSession, PurchaseSession.booking_id == Booking.id)
            .join(Programme, Programme.purchase_id == PurchaseSession.purchase_id)
            .where(Booking.cancelled_at.is_not(None))
            .order_by(Booking.id.desc())
        )
        found = till.session.scalars(called_off).all()
        till.session.commit()
        if found:
            till.changing(partial(take_money_back, till.session, found[move.which % len(found)], now=till.now))

    def end_programme(self, move: Move) -> None:
        """Either side, for what the page says at that moment."""
        till = self.till()
        if (purchase := _any_programme(till.session, move)) is None:
            return
        by = ENDERS[move.how % len(ENDERS)]
        back = ending(till.session, purchase, by, till.now).back.minor
        till.session.commit()
        wish = EndWish(by, purchase.mentee_id if by is Canceller.MENTEE else purchase.mentor_id, back)
        till.changing(partial(end_programme, till.session, purchase.id, wish, now=till.now))

    def ask(self, _: Move) -> None:
        """Pairs that have booked nothing for long are asked how it goes on."""
        TASKS["payments:programmes"]()


def _any_programme(session: Session, move: Move) -> Purchase | None:
    """That was sold. No transaction stays open."""
    bought = select(Purchase).join(Programme, Programme.purchase_id == Purchase.id)
    statement = bought.where(Purchase.status == PurchaseStatus.SOLD).order_by(Purchase.id.desc())
    found = session.scalars(statement).all()
    session.commit()
    return found[move.which % len(found)] if found else None


def _positions_to_book(session: Session, purchase: Purchase) -> list[int]:
    """No transaction stays open."""
    to_book = select(PurchaseSession.position).where(PurchaseSession.purchase_id == purchase.id, IS_TO_BOOK)
    found = list(session.scalars(to_book.order_by(PurchaseSession.position)))
    session.commit()
    return found


def _ahead(till: Till, how: int) -> datetime:
    ahead = [each for each in LATER if each - till.now > DAY] or LATER
    return ahead[how % len(ahead)]


def _book(till: Till, purchase: Purchase, starts: dict[int, datetime]) -> None:
    chosen = Chosen(starts, early=True)
    till.change_time(partial(book_bought, till.session, purchase.id, chosen, now=till.now, settings=till.settings))
