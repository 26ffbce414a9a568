"""Cancel a session, settle its money, and tell both people: in one transaction, so that no part is left out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.domain.states import Canceller
from booking.models.bookings import Booking
from booking.services.cancel import cancel_booking, require_cancellable
from booking.services.notify import tell_cancelled
from marketplace.accounts.models import User
from marketplace.core import audit
from marketplace.core.errors import Conflict
from marketplace.core.language import speaking
from payments.models.sales import Purchase
from payments.offers.back import back_sentence
from payments.queries.cancelling import Cancelling, cancelling
from payments.services.programme_rows import keep_bought
from payments.services.rows import lock_sold
from payments.services.settle import settle_sale
from payments.words.cancel import earned_words, stays_bought_words, still_bought_words


class SumChanged(Conflict):
    """What goes back is not what was on the page: it is shown, and asked again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to cancel, and why; `agreed_minor` is the sum that goes back as they have read it."""

    by: Canceller
    person_id: int
    reason: str
    agreed_minor: int | None


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
