"""The till: commit, call Stripe, commit. Views, webhooks and tasks all go through here.

A process may die between any two lines: what is to be asked of Stripe was stored before, under a key of its own, and
the sweep asks again (rules paid_or_refunded, no_release_while_payable, no_remote_call_in_a_transaction).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.services.hold import HoldOverdue, SlotTaken
from booking.services.move import NewTime
from marketplace.core.config import Settings
from marketplace.core.db import retry_deadlock
from marketplace.core.errors import Conflict
from payments.domain.checkout import CheckoutState
from payments.domain.refunds import RefundState
from payments.domain.states import CommandStatus, PaymentStatus, PurchaseStatus
from payments.kept import learn_what_stripe_kept
from payments.models.sales import FETCH_NUMBER, Payment, Purchase, Refund, StripeCommand
from payments.outbox import Outbox
from payments.queries import sales as queries
from payments.refunding import Refunding
from payments.services.apply_checkout import apply_checkout, lapse_unsent, withdraw_unsent
from payments.services.buy import Order, buy, require_bookable, the_same
from payments.services.cancel import Wish, cancel_session
from payments.services.commands import close
from payments.services.extend import extend_hold, require_extendable
from payments.services.move import move_session
from payments.services.outcomes import Ruling, Saying, bring_session_forward, decide_session, say_how_it_was
from payments.services.refund import apply_refund
from payments.services.rows import being_changed
from payments.stripe_api.gateway import StripeGateway, StripeRefused

Result = TypeVar("Result")
ROUNDS = 3
"""How often overdue holds are cleared away for one purchase before somebody else is allowed to be faster."""
CLOCK_SKEW = timedelta(minutes=5)


class PaidMeanwhile(Conflict):
    """A time that was to be given back has been paid: it is booked, and stays."""


class Till:
    """Holds no state of its own: a session, a gateway, the settings and the time of one request or job."""

    def __init__(self, session: Session, gateway: StripeGateway, settings: Settings, now: datetime) -> None:
        self.session, self.gateway, self.settings, self.now = session, gateway, settings, now
        self.outbox = Outbox(session, now)

    def buy(self, order: Order) -> queries.Sale:
        """Commits. Raises SlotTaken, NotBookable, NoFitCall, UnpaidPurchase, NotFound."""
        return self._clearing_overdue(lambda: retry_deadlock(self.session, lambda: self._bought(order), _too_busy))

    def _bought(self, order: Order) -> queries.Sale:
        sale = buy(self.session, order, now=self.now, settings=self.settings)
        self.session.commit()
        return sale

    def open_checkout(self, payment_id: int) -> str | None:
        """The address to pay at; None when there is nothing left to pay. Raises GatewayUnavailable."""
        payment = self._payment(payment_id)
        if payment.status == PaymentStatus.UNSENT:
            self.look(payment_id)
            payment = self._payment(payment_id)
        return payment.checkout_url if payment.status == PaymentStatus.OPEN else None

    def look(self, payment_id: int, *, give_back: bool = False) -> None:
        """See how a payment stands at Stripe, end what is over or given back, and apply what came of it."""
        payment = self._payment(payment_id)
        fetch = self._number(looking_at=payment)
        if payment.stripe_session_id is None:
            if payment.status != PaymentStatus.UNSENT:
                return
            self._look_for_lost(payment, fetch, give_back=give_back)
            return
        unwanted = give_back or payment.expires_at <= self.now or self._is_settled(payment)
        if payment.status == PaymentStatus.OPEN and unwanted:
            state = self.gateway.expire_checkout(payment.stripe_session_id)
        else:
            state = self.gateway.fetch_checkout(payment.stripe_session_id)
        self._apply(payment_id, fetch, state, given_back=give_back)

    def extend(self, sale: queries.Sale) -> queries.Sale:
        """End the session and open another one for the same hold. Raises NotExtendable, GatewayUnavailable.

        If the hold is found over in between, the time is bought anew like any other: it may be lost (SlotTaken).
        """
        payment = require_extendable(self.session, sale.payment, self.now)
        fetch = self._number()
        ended = self.gateway.expire_checkout(str(payment.stripe_session_id))
        extended = extend_hold(self.session, payment.id, ended, fetch=fetch, now=self.now, settings=self.settings)
        self.session.commit()
        if not extended:
            self._apply(payment.id, fetch, ended)
        sale = self._again(sale)
        return sale if sale.purchase.status != PurchaseStatus.LAPSED else self.buy(the_same(self.session, sale))

    def replace(self, held: queries.Sale, order: Order) -> queries.Sale:
        """Give an unpaid time back and hold another one instead. Nothing is given back unless the other can be had.

        Raises SlotTaken, NotBookable and NoFitCall with nothing changed, PaidMeanwhile if the first was paid and so
        stands.
        """
        self._clearing_overdue(
            lambda: require_bookable(self.session, order, instead_of=held, now=self.now, settings=self.settings)
        )
        self.session.commit()
        if held.payment is not None:
            self.look(held.payment.id, give_back=True)
        if self._again(held).purchase.status == PurchaseStatus.SOLD:
            raise PaidMeanwhile("You have paid for the time that you held, so it is booked. Nothing else was changed.")
        return self.buy(order)

    def look_at_session(self, session_id: str) -> bool:
        """By Stripe's id. False if the session is none of ours."""
        known = select(Payment.id).where(Payment.stripe_session_id == session_id)
        payment_id = self.session.scalar(known)
        fetch = self._number()
        try:
            state = self.gateway.fetch_checkout(session_id)
        except StripeRefused:
            return False
        if payment_id is None:
            # Its creation was answered, but our process died before the id was stored.
            payment_id = self._of_lost_session(state)
        if payment_id is None:
            return False
        self._apply(payment_id, fetch, state)
        return True

    def cancel(self, booking_id: int, wish: Wish) -> None:
        """Commits; what goes back is sent by a job. Raises AlreadyCancelled, NotCancellable, SumChanged."""
        self.changing(lambda: cancel_session(self.session, booking_id, wish, now=self.now))

    def bring_forward(self, booking_id: int) -> None:
        """Commits what has become of a session by now, and its money with it."""
        self.changing(lambda: bring_session_forward(self.session, booking_id, now=self.now))

    def say(self, booking_id: int, saying: Saying) -> None:
        """Commits. Raises NotToBeSaid."""
        self.changing(lambda: say_how_it_was(self.session, booking_id, saying, now=self.now))

    def decide(self, booking_id: int, ruling: Ruling) -> None:
        """Commits. Raises NotToBeDecided."""
        self.changing(lambda: decide_session(self.session, booking_id, ruling, now=self.now))

    def changing(self, change: Callable[[], Result]) -> Result:
        """What is about one sale: in one transaction, and once more after a deadlock."""

        def changed() -> Result:
            result = change()
            self.session.commit()
            return result

        return retry_deadlock(self.session, changed, being_changed)

    def move(self, booking_id: int, wanted: NewTime) -> None:
        """Commits. Raises AlreadyCancelled, NotMovable, MovedMeanwhile, SlotTaken, NotBookable."""
        self.change_time(partial(move_session, self.session, booking_id, wanted, now=self.now, settings=self.settings))

    def change_time(self, change: Callable[[], Result]) -> Result:
        """Commits. Overdue holds that stand in the way of a session's other time are ended first."""
        return self._clearing_overdue(lambda: self.changing(change))

    def end_overdue(self, booking_ids: list[int]) -> None:
        """Free what overdue holds occupy, each after Stripe has said that it can no longer be paid."""
        payment_ids = queries.payments_of_bookings(self.session, booking_ids)
        self.session.commit()
        for payment_id in payment_ids:
            self.look(payment_id)

    def send_refund(self, refund_id: int) -> None:
        row = self.session.execute(
            select(Refund, Payment.stripe_payment_intent_id, StripeCommand.business_key)
            .join(Payment, Payment.id == Refund.payment_id)
            .join(StripeCommand, StripeCommand.id == Refund.command_id)
            .where(Refund.id == refund_id)
        ).one()
        refund, intent, reference = row.Refund, row.stripe_payment_intent_id, row.business_key
        fetch = self._number()
        if refund.stripe_refund_id is not None:
            state: RefundState | None = self.gateway.fetch_refund(refund.stripe_refund_id)
        else:
            state = Refunding(self.session, self.gateway, self.now).made(refund, intent, reference)
        if state is not None:
            apply_refund(self.session, refund_id, state, fetch=fetch, now=self.now)
        self.session.commit()

    def book_fee(self, payment_id: int) -> None:
        """Ask what Stripe kept of a payment, unless that is known; it may say so only later."""
        learn_what_stripe_kept(self.session, self.gateway, payment_id, now=self.now)

    def _look_for_lost(self, payment: Payment, fetch: int, *, give_back: bool) -> None:
        """A payment whose session's id was never stored: make the session, or find it; or drop it before it is made."""
        unwanted = give_back or payment.expires_at <= self.now
        if unwanted and self._withdrawn(payment, give_back=give_back):
            return
        state = self.outbox.perform(
            payment.command_id,
            send=self.gateway.create_checkout,
            look_up=lambda: self.gateway.find_checkout(payment.public_id, payment.created_at - CLOCK_SKEW),
        )
        if state is None:
            lapse_unsent(self.session, payment.id, now=self.now, given_back=give_back)
            self.session.commit()
            return
        if state.status == "open" and unwanted:
            state = self.gateway.expire_checkout(state.id)
        self._apply(payment.id, fetch, state, given_back=give_back)

    def _of_lost_session(self, state: CheckoutState) -> int | None:
        """The payment that it was made for; what was asked of Stripe is answered by that."""
        known = select(Payment.id, Payment.command_id).where(Payment.public_id == (state.payment or ""))
        payment = self.session.execute(known).one_or_none()
        if payment is not None:
            close(self.session, payment.command_id, CommandStatus.DONE)
        self.session.commit()
        return None if payment is None else payment.id

    def _withdrawn(self, payment: Payment, *, give_back: bool) -> bool:
        withdrawn = withdraw_unsent(self.session, payment.id, now=self.now, given_back=give_back)
        self.session.commit()
        return withdrawn

    def _apply(self, payment_id: int, fetch: int, state: CheckoutState, *, given_back: bool = False) -> None:
        def applied() -> None:
            apply_checkout(
                self.session,
                payment_id,
                state,
                fetch=fetch,
                now=self.now,
                settings=self.settings,
                given_back=given_back,
            )
            self.session.commit()

        self._clearing_overdue(lambda: retry_deadlock(self.session, applied, _too_busy))

    def _clearing_overdue(self, act: Callable[[], Result]) -> Result:
        """Do it, and again once the overdue holds that stood in the way have been ended."""
        for _ in range(ROUNDS):
            try:
                return act()
            except HoldOverdue as overdue:
                self.session.rollback()
                self.end_overdue(overdue.bookings)
        raise _too_busy(None)

    def _payment(self, payment_id: int) -> Payment:
        """Read afresh; no transaction stays open."""
        payment = self.session.execute(
            select(Payment).where(Payment.id == payment_id), execution_options={"populate_existing": True}
        ).scalar_one()
        self.session.commit()
        return payment

    def _again(self, sale: queries.Sale) -> queries.Sale:
        """Read afresh; no transaction stays open."""
        self.session.expire_all()
        found = queries.sale_of(self.session, self.session.get_one(Purchase, sale.purchase.id))
        self.session.commit()
        return found

    def _is_settled(self, payment: Payment) -> bool:
        """Bought by another of its sessions, or over: this one must not be paid any more."""
        status = self.session.scalar(select(Purchase.status).where(Purchase.id == payment.purchase_id))
        self.session.commit()
        return status != PurchaseStatus.UNPAID

    def _number(self, looking_at: Payment | None = None) -> int:
        """The number of a fetch that is about to begin, which is noted: a silent Stripe is not asked again at once."""
        if looking_at is not None:
            seen = update(Payment).where(Payment.id == looking_at.id, Payment.looked_at < self.now)
            self.session.execute(seen.values(looked_at=self.now))
        number: int = self.session.scalar(FETCH_NUMBER)
        self.session.commit()
        return number


def _too_busy(_cause: Exception | None) -> SlotTaken:
    return SlotTaken("That time is being booked by someone else just now. Please choose another or try again.")
