"""The real site and the stand-in, played by moves: two mentors, three mentees, and a few times that overlap."""

from datetime import datetime, timedelta
from random import Random

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.domain.outcomes import Decision, Said, Side
from booking.domain.states import CANCELLED, PENDING, BookingStatus, Canceller
from booking.models.bookings import Booking
from booking.queries.outcomes import OPEN, waiting_for_operator
from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.errors import DomainError
from marketplace.core.jobs import TASKS
from marketplace.mentors.models import Mentor
from payments.domain.states import PaymentStatus, PurchaseStatus
from payments.models.payouts import PayoutAccount
from payments.models.sales import Purchase
from payments.offers.cancel import offer_of
from payments.queries import sales as queries
from payments.services.buy import Order
from payments.services.cancel import Wish
from payments.services.outcomes import Ruling, Saying
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till
from tests.conftest import MovableClock
from tests.factories import make_mentor, make_offering, make_programme, make_user
from tests.histories.afterwards import SLOTS, Afterwards
from tests.histories.at_stripe import AtStripe
from tests.histories.dying import Fate, Killed
from tests.histories.moves import Move
from tests.histories.programmes import PRICE_MINOR, SESSIONS, Programmes
from tests.histories.promises_of_time import Seen
from tests.histories.waiting_jobs import run_waiting
from tests.payments.test_discounts import fill_balance
from tests.stripe_side import StripeSide

WAITS = [
    *[timedelta(minutes=minutes) for minutes in (1, 3, 20, 33, 50)],
    *[timedelta(hours=hours) for hours in (2, 25)],
    timedelta(days=3),
]
NOWHERE = "https://127.0.0.1:9/nobody-listens"


class Site(AtStripe, Afterwards, Programmes):
    def __init__(self, app: Flask, settings: Settings, clock: MovableClock, stripe: StripeSide, fate: Fate) -> None:
        super().__init__(stripe, fate)
        self.app, self.settings, self.clock = app, settings, clock
        app.extensions["settings"] = settings
        self.deaths = self.refusals = 0
        self.forgotten: set[str] = set()
        self.seen: Seen = {}
        fate.watches.append(self.forbidden)
        with app.app_context():
            session = db.session()
            mentors = [make_mentor(session), make_mentor(session, "Edsger Example", boundaries={"sessions_a_day": 1})]
            offerings = [make_offering(session, mentor) for mentor in mentors]
            self.wares = [(offering.mentor_id, offering.id) for offering in offerings]
            of_three = {"sessions": SESSIONS, "price_minor": PRICE_MINOR}
            courses = [make_programme(session, mentor, **of_three) for mentor in mentors]
            self.programmes = [(course.mentor_id, course.id) for course in courses]
            self.mentees = [make_user(session, name).id for name in ("Ada", "Alan", "Barbara")]
            session.commit()
        stripe.post("/_sandbox/tax/registrations", country="NL")
        fill_balance(stripe, 500_000)
        stripe.post("/v1/webhook_endpoints", url=NOWHERE, **{"enabled_events[0]": "*"})
        stripe.post("/_sandbox/webhooks", mode="hold")

    def play(self, move: Move) -> None:
        """One request, job or thing that happens outside; the process that acts may be killed meanwhile."""
        self.fate.left = move.dies_at
        try:
            with self.app.app_context():
                getattr(self, move.name)(move)
        except DomainError:
            self.refusals += 1
        except Killed:
            self.deaths += 1
        finally:
            self.fate.left = None

    # What mentees do, as the views do it.

    def buy(self, move: Move) -> None:
        till = self.till()
        self._pay_for(till, till.buy(self._order(till.session, move)))

    def replace(self, move: Move) -> None:
        till = self.till()
        held, order = queries.unpaid(till.session, self._mentee(move)), self._order(till.session, move)
        if held is not None and held.booking.state in PENDING:
            self._pay_for(till, till.replace(held, order))

    def come_back(self, move: Move) -> None:
        till = self.till()
        held = queries.unpaid(till.session, self._mentee(move))
        if held is not None:
            self._pay_for(till, held)

    def give_back(self, move: Move) -> None:
        till = self.till()
        held = queries.unpaid(till.session, self._mentee(move))
        till.session.commit()
        if held is not None and held.payment is not None:
            till.look(held.payment.id, give_back=True)

    def extend(self, move: Move) -> None:
        till = self.till()
        held = queries.unpaid(till.session, self._mentee(move))
        if held is not None:
            self._pay_for(till, till.extend(held))

    def cancel(self, move: Move) -> None:
        """Either side, or an operator, for what the page says at that moment; perhaps what is cancelled already."""
        till = self.till()
        stood = select(Booking).where(Booking.status.in_([BookingStatus.CONFIRMED, *CANCELLED]))
        bookings = till.session.scalars(stood.order_by(Booking.id.desc())).all()
        if bookings:
            booking, by = bookings[move.which % len(bookings)], list(Canceller)[move.how % len(Canceller)]
            person = booking.mentee_id if by is Canceller.MENTEE else booking.mentor_id
            offer = offer_of(till.session, booking, by, till.now)
            till.session.commit()
            till.cancel(booking.id, Wish(by, person, "It cannot be.", offer.back.minor))

    def let_end(self, _: Move) -> None:
        """The clock runs to the end of the session that comes next, or on by half a day."""
        ends = db.session.scalar(
            select(Booking.ends_at).where(Booking.status == BookingStatus.CONFIRMED).order_by(Booking.ends_at).limit(1)
        )
        db.session.rollback()
        self.clock.advance(max(ends - utcnow(), timedelta(0)) if ends else timedelta(hours=12))

    def say(self, move: Move) -> None:
        """Either side, about any session, whether it may be said or not."""
        till = self.till()
        bookings = till.session.scalars(select(Booking).where(OPEN).order_by(Booking.ends_at, Booking.id)).all()
        if bookings:
            booking, side = bookings[move.which % len(bookings)], list(Side)[move.who % len(Side)]
            person = booking.mentee_id if side is Side.MENTEE else booking.mentor_id
            booking_id = booking.id
            till.session.commit()
            till.say(booking_id, Saying(side, person, list(Said)[move.how % len(Said)], "It is so."))

    def decide(self, move: Move) -> None:
        till = self.till()
        waiting = [booking.id for booking in waiting_for_operator(till.session, till.now)]
        till.session.commit()
        if waiting:
            decision = list(Decision)[move.how % len(Decision)]
            till.decide(waiting[move.which % len(waiting)], Ruling(decision, self.mentees[0], "It seems so."))

    def look(self, move: Move) -> None:
        """The return page of any purchase."""
        till = self.till()
        purchases = till.session.scalars(select(Purchase).order_by(Purchase.id.desc())).all()
        if purchases:
            sale = queries.sale_of(till.session, purchases[move.which % len(purchases)])
            till.session.commit()
            if sale.payment is not None and sale.purchase.status != PurchaseStatus.SOLD:
                till.look(sale.payment.id)

    # What reaches us, and what we do by ourselves.

    def deliver(self, move: Move) -> None:
        """Some of what Stripe has to say, in any order, some of it twice."""
        rng, events = Random(move.how), self.stripe.events()
        chosen = rng.choices(events, k=min(6, len(events))) if events else []
        self.send(chosen)

    def send(self, events: list[object]) -> None:
        client = self.app.test_client()
        for event in events:
            assert self.stripe.send(client, event).status_code == 200

    def run_jobs(self, _: Move) -> None:
        run_waiting(self.app)

    def sweep(self, move: Move) -> None:
        TASKS["payments:sweep"]()
        TASKS["payments:pay"]()
        self.run_jobs(move)

    def poll(self, move: Move) -> None:
        TASKS["payments:poll"]()
        self.run_jobs(move)

    def wait(self, move: Move) -> None:
        self.clock.advance(WAITS[move.how % len(WAITS)])

    def near_end(self, _: Move) -> None:
        self.clock.advance(timedelta(minutes=31))

    def past_end(self, _: Move) -> None:
        self.clock.advance(timedelta(minutes=36))

    def forget(self, move: Move) -> None:
        """The rows are set back, as by a restored backup: we take a hold for over that can still be paid."""
        held = queries.unpaid(db.session(), self._mentee(move))
        if held is None or held.payment is None or held.payment.status == PaymentStatus.UNSENT:
            return
        self.forgotten.add(held.purchase.public_id)
        held.payment.status, held.purchase.status = PaymentStatus.EXPIRED, PurchaseStatus.LAPSED
        for booking in queries.bookings_of(db.session(), held.purchase):
            booking.status = BookingStatus.EXPIRED
        db.session.commit()

    def pause(self, move: Move) -> None:
        mentor_id, _ = self.wares[move.who % len(self.wares)]
        statement = update(Mentor).where(Mentor.id == mentor_id)
        db.session.execute(statement.values(status="approved" if move.how % 3 == 0 else "paused"))
        db.session.commit()

    def accounts(self) -> list[str]:
        found = db.session.scalars(select(PayoutAccount.stripe_account_id).order_by(PayoutAccount.mentor_id)).all()
        db.session.rollback()
        return [str(account) for account in found]

    def till(self) -> Till:
        return Till(db.session(), StripeGateway(self.settings), self.settings, utcnow())

    def _pay_for(self, till: Till, sale: queries.Sale) -> None:
        if sale.payment is not None and sale.purchase.status == PurchaseStatus.UNPAID:
            till.open_checkout(sale.payment.id)

    def _mentee(self, move: Move) -> int:
        return self.mentees[move.who % len(self.mentees)]

    def _order(self, session: Session, move: Move) -> Order:
        mentor_id, offering_id = self.wares[move.how % len(self.wares)]
        start: datetime = SLOTS[move.which % len(SLOTS)]
        return Order(session.get_one(User, self._mentee(move)), mentor_id, offering_id, start, early=True)
