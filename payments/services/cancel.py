"""Cancel a session, settle its money, and tell both people: in one transaction, so that no part is left out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.states import CANCELLED_BY, Canceller
from booking.models import Booking
from booking.services.cancel import cancel_booking, require_cancellable
from booking.services.notify import tell_cancelled
from marketplace.accounts.models import User
from marketplace.core import audit
from marketplace.core.errors import Conflict
from marketplace.core.language import speaking
from marketplace.core.money import Money
from payments.back_offer import back_sentence
from payments.cancel_words import earned_words, stays_bought_words, still_bought_words
from payments.domain.settle import Dues, settle
from payments.models import Purchase
from payments.programme_queries import goes_on
from payments.services.programme_rows import keep_bought
from payments.services.rows import lock_sold
from payments.services.settle import settle_sale
from payments.settle_queries import frozen_sale


class SumChanged(Conflict):
    """What goes back is not what was on the page: it is shown, and asked again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to cancel, and why; `agreed_minor` is the sum that goes back as they have read it."""

    by: Canceller
    person_id: int
    reason: str
    agreed_minor: int | None


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


def cancel_session(session: Session, booking_id: int, wish: Wish, *, now: datetime) -> None:
    """Raises AlreadyCancelled, NotCancellable, and SumChanged if what was agreed to is not what goes back now."""
    rows = lock_sold(session, booking_id)
    require_cancellable(rows.booking, now)
    found = cancelling(session, rows.purchase, rows.booking, wish.by, now)
    if wish.agreed_minor != found.back.minor:
        raise SumChanged("What goes back has changed since you opened this page. Please read it once more.")
    cancel_booking(session, rows.booking, by=wish.by, person_id=wish.person_id, reason=wish.reason, now=now)
    if found.stays_bought:
        keep_bought(session, rows.booking.id, rows.purchase.id)
    settle_sale(session, rows, now=now)
    tell_both(session, rows.purchase, rows.booking, found, now)
    if wish.by is Canceller.OPERATOR:
        _note(session, rows.booking, wish, found, now)


def tell_both(session: Session, purchase: Purchase, booking: Booking, found: Cancelling, now: datetime) -> None:
    dues = found.dues
    with speaking(session.get_one(User, booking.mentee_id).locale):
        back = stays_bought_words() if found.stays_bought else back_sentence(session, purchase, dues, None)
        mentee_lines = [back] if dues.gross else []
    with speaking(session.get_one(User, booking.mentor_id).locale):
        earned = still_bought_words() if found.stays_bought else earned_words(dues)
        mentor_lines = [earned] if dues.gross else []
    tell_cancelled(session, booking, now=now, mentee_lines=mentee_lines, mentor_lines=mentor_lines)


def _note(session: Session, booking: Booking, wish: Wish, found: Cancelling, now: datetime) -> None:
    audit.note(
        session,
        "payments:cancelled",
        now=now,
        actor_id=wish.person_id,
        about_id=booking.mentee_id,
        subject=booking.public_id,
        reason=wish.reason,
        detail={"mentor": booking.mentor_id, "back": found.back.minor, "currency": found.back.currency},
    )
