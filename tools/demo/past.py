"""`python -m tools.demo.past`: some weeks of sales, played on the site and at the stand-in by the clock of then.

Nothing is written that the site would not have written: two people buy, pay and meet, their mentors are paid, one of
them at her bank too, and another bank wants a payment back. Needs the stand-in, and nobody else at work. Once: what is
there already stays as it is.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

import requests
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.domain.intervals import Interval
from booking.models.bookings import Booking
from booking.queries.bookings import bookable_slots, envelope_of
from marketplace.accounts.models import User
from marketplace.app import create_app
from marketplace.core.clock import CLOCK, utcnow
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.mail import MailRow
from marketplace.demo.people import EDSGER, GRACE, HEDY, KATHERINE, LUCIA, WANJIRU, Person
from marketplace.offerings.models import Offering, OfferingKind
from payments.banking import Banking
from payments.disputing import Disputing
from payments.models.payouts import PayoutAccount
from payments.models.sales import Purchase
from payments.paying import Paying
from payments.queries import sales as queries
from payments.services.book_bought import Chosen, book_bought
from payments.services.buy import Order
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till

DAY = timedelta(days=1)
FINAL_AFTER = timedelta(hours=49)
"""By then nobody can say any more how a session was, and its mentor is paid."""
TO_A_BANK = "--to-a-bank"
AGENDA = "The exercises of last week, and where I lost the thread."


class Past:
    """`began` is the present time; everything that is played comes before it."""

    def __init__(self, session: Session, settings: Settings, began: datetime) -> None:
        self.session, self.settings, self.began = session, settings, began

    def is_played(self) -> bool:
        hedy = select(User.id).where(User.email == HEDY.email)
        bought = select(Purchase.id).where(Purchase.mentee_id.in_(hedy), Purchase.gross_minor > 0)
        return self.session.scalar(bought) is not None

    def play(self) -> None:
        self._programme()
        self._disputed()
        self._on_its_way(GRACE)
        self._forget_letters()

    def play_to_a_bank(self) -> None:
        """For photographs: what two sessions have earned, one at the mentor’s bank and one on its way there."""
        offering = self._offering(WANJIRU, OfferingKind.SESSION)
        self._earned(self._bought(KATHERINE, offering, days_ago=24).booking)
        self._paid_out(WANJIRU, "paid")
        self._earned(self._bought(KATHERINE, offering, days_ago=10).booking)
        self._on_its_way(WANJIRU)
        self._forget_letters()

    def _forget_letters(self) -> None:
        self.session.execute(delete(MailRow).where(MailRow.created_at < self.began - timedelta(hours=1)))
        self.session.commit()

    def _programme(self) -> None:
        """Of six sessions two took place and were earned, one is booked, and three are to be booked."""
        offering = self._offering(GRACE, OfferingKind.PROGRAMME)
        bought = self._bought(HEDY, offering, days_ago=24)
        self._earned(bought.booking)
        self._paid_out(GRACE, "paid")
        for position, days, took_place in ((2, -12, True), (3, 2, False)):
            start = self._first_free(HEDY, offering, after=self.began + days * DAY)
            if not took_place:
                move_to(self.began - 2 * DAY)
            booking = self._booked(bought.purchase, start, position)
            if took_place:
                self._earned(booking)

    def _disputed(self) -> None:
        """It took place, the mentor was paid, and yesterday a bank took the money back."""
        sale = self._bought(LUCIA, self._offering(EDSGER, OfferingKind.SESSION), days_ago=14)
        self._earned(sale.booking)
        move_to(self.began - DAY)
        assert sale.payment is not None, "it cost something"
        self.session.refresh(sale.payment)
        intent = str(sale.payment.stripe_payment_intent_id)
        self.session.commit()
        taken = self._press(f"payments/{intent}/dispute")
        Disputing(self.session, self._till().gateway, utcnow()).look(taken["dispute"]["id"])
        self.session.commit()

    def _on_its_way(self, mentor: Person) -> None:
        """What is left on their account was sent to their bank this night."""
        move_to(self.began - timedelta(hours=8))
        self._paid_out(mentor, "on_its_way")

    def _paid_out(self, mentor: Person, outcome: str) -> None:
        """What is on her account, by Stripe itself."""
        mentor_id = self._user(mentor).id
        account = self.session.get_one(PayoutAccount, mentor_id).stripe_account_id
        self.session.commit()
        self._press(f"accounts/{account}/payouts", outcome=outcome)
        Banking(self.session, self._till().gateway, utcnow()).look(mentor_id)

    def _bought(self, person: Person, offering: Offering, *, days_ago: int) -> queries.Sale:
        """And paid, as much as one can do in a minute."""
        move_to(self.began - days_ago * DAY)
        start = self._first_free(person, offering, after=utcnow())
        order = Order(self._user(person), offering.mentor_id, offering.id, start, agenda=AGENDA)
        sale = self._till().buy(order)
        assert sale.payment is not None, "it costs something"
        payment_id = sale.payment.id
        self._till().open_checkout(payment_id)
        self.session.refresh(sale.payment)
        session_id = str(sale.payment.stripe_session_id)
        self.session.commit()
        self._press(f"sessions/{session_id}/pay", outcome="paid")
        self._till().look(payment_id)
        return sale

    def _booked(self, purchase: Purchase, start: datetime, position: int) -> Booking:
        till = self._till()
        chosen = partial(book_bought, till.session, purchase.id, Chosen({position: start}, AGENDA))
        [booking] = till.change_time(partial(chosen, now=till.now, settings=self.settings))
        return booking

    def _earned(self, booking: Booking) -> None:
        """Once it is final that it took place."""
        self.session.refresh(booking)
        move_to(booking.ends_at + FINAL_AFTER)
        self.session.commit()
        self._till().bring_forward(booking.id)
        Paying(self.session, self._till().gateway, utcnow()).pay(booking.id)

    def _first_free(self, person: Person, offering: Offering, *, after: datetime) -> datetime:
        slots = bookable_slots(
            self.session,
            mentor_id=offering.mentor_id,
            minutes=offering.minutes,
            window=Interval(after, after + 14 * DAY),
            now=utcnow(),
            envelope=envelope_of(self.settings),
            mentee_id=self._user(person).id,
        )
        return slots[0].start

    def _offering(self, mentor: Person, kind: OfferingKind) -> Offering:
        theirs = (Offering.mentor_id == self._user(mentor).id) & (Offering.kind == kind)
        return self.session.scalars(select(Offering).where(theirs).order_by(Offering.id).limit(1)).one()

    def _user(self, person: Person) -> User:
        return self.session.scalars(select(User).where(User.email == person.email)).one()

    def _till(self) -> Till:
        return Till(self.session, StripeGateway(self.settings), self.settings, utcnow())

    def _press(self, lever: str, **form: str) -> dict[str, dict[str, str]]:
        """Something that happens at the stand-in."""
        headers = {"Authorization": f"Bearer {self.settings.stripe_secret_key}"}
        url = f"{self.settings.stripe_api_base}/_sandbox/{lever}"
        answer = requests.post(url, data=form, headers=headers, timeout=30)
        answer.raise_for_status()
        told: dict[str, dict[str, str]] = answer.json()
        return told


def move_to(at: datetime) -> None:
    """The one clock, which the stand-in reads too."""
    CLOCK.move_to(CLOCK.offset() + (at - utcnow()))


@contextmanager
def back_in_time() -> Iterator[datetime]:
    """The present time; when it is left the clock goes on from there, however it was moved meanwhile."""
    offset = CLOCK.offset()
    try:
        yield utcnow()
    finally:
        CLOCK.move_to(offset)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the clock goes back all the same
    app = create_app()
    with app.app_context(), back_in_time() as began:
        past = Past(db.session(), app.extensions["settings"], began)
        if sys.argv[1:] == [TO_A_BANK]:
            past.play_to_a_bank()
        elif not past.is_played():
            past.play()


if __name__ == "__main__":
    main()
