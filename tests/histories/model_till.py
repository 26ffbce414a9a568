"""The till in plain Python. Each way is a generator that stops wherever a process may die or another may come between.

A generator that is not resumed has died there. What stands between two stops is one transaction or one request.
"""

from collections.abc import Callable, Generator
from typing import TypeVar

from booking.domain.states import BookingStatus
from payments.domain.checkout import CheckoutState
from payments.domain.commands import Approach, approach, next_key
from payments.domain.extending import Extension, extension
from payments.domain.states import CommandStatus, PaymentStatus, PurchaseStatus
from tests.histories.model_rows import HOLD, Command, Overdue, Pay, Proposal, Rows, Sale, Slot, Taken
from tests.histories.model_stripe import Broke, ModelStripe, Refused, Seen, Unavailable

Result = TypeVar("Result")
Way = Generator[None, None, Result]
ROUNDS = 3


class ModelTill:
    def __init__(self, rows: Rows, stripe: ModelStripe) -> None:
        self.rows, self.stripe = rows, stripe

    def buy(self, mentee: int, slot: Slot, sessions: int = 1) -> Way[Sale]:
        sale = yield from self._clearing(lambda: self.rows.bought(mentee, slot, sessions))
        yield from self.open(sale)
        return sale

    def open(self, sale: Sale) -> Way[None]:
        pay = self.rows.pays_of(sale)[-1]
        yield
        if pay.status is PaymentStatus.UNSENT:
            yield from self.look(pay)

    def replace(self, held: Sale, slot: Slot) -> Way[None]:
        yield from self._clearing(lambda: self.rows.judge(held.mentee, slot, without=held))
        yield
        yield from self.look(self.rows.pays_of(held)[-1], give_back=True)
        if held.status is not PurchaseStatus.SOLD:
            yield from self.buy(held.mentee, slot)

    def extend(self, sale: Sale) -> Way[None]:
        pay = self.rows.pays_of(sale)[-1]
        made = len(self.rows.pays_of(sale))
        offered = extension(sessions_made=made, held_until=pay.expires_at, now=self.rows.now)
        if pay.status is not PaymentStatus.OPEN or offered is not Extension.NOW:
            return
        fetch = self.rows.number()
        yield
        guarded = self.rows.guards.end_before_extending
        ended = self.stripe.expire(str(pay.session)) if guarded else self.stripe.fetch(str(pay.session))
        yield
        over = ended.status == "expired" or (not guarded and ended.status == "open")
        if over and sale.booking is BookingStatus.HELD and pay.status is PaymentStatus.OPEN and fetch > pay.last_fetch:
            pay.status, pay.last_fetch = PaymentStatus.EXPIRED, fetch
            sale.held_until = self.rows.now + HOLD
            self.rows.new_pay(sale)
            yield
            yield from self.open(sale)
        else:
            yield from self._apply(pay, fetch, ended)

    def move(self, sale: Sale, slot: Slot) -> Way[None]:
        seen = sale.moves
        yield
        yield from self._clearing(lambda: self.rows.move(sale, slot, seen))

    def propose(self, sale: Sale, slot: Slot) -> Way[None]:
        seen = sale.moves
        yield
        yield from self._clearing(lambda: self.rows.propose(sale, slot, seen))

    def answer(self, act: Callable[[Sale, Proposal], None], sale: Sale, read: Proposal) -> Way[None]:
        """The one that was on the page."""
        yield
        act(sale, read)

    def look(self, pay: Pay, *, give_back: bool = False) -> Way[None]:
        fetch = self.rows.number()
        yield
        if pay.session is None:
            if pay.status is PaymentStatus.UNSENT:
                yield from self._look_for_lost(pay, fetch, give_back)
            return
        settled = pay.sale.status is not PurchaseStatus.UNPAID
        unwanted = give_back or pay.expires_at <= self.rows.now or settled
        yield
        if pay.status is PaymentStatus.OPEN and unwanted:
            if not self.rows.guards.expire_before_release:
                self.rows.lapse(pay, PaymentStatus.EXPIRED, give_back)
                return
            state = self.stripe.expire(pay.session)
        else:
            state = self.stripe.fetch(pay.session)
        yield
        yield from self._apply(pay, fetch, state, give_back)

    def look_at_session(self, session_id: str) -> Way[None]:
        pay = next((each for each in self.rows.pays if each.session == session_id), None)
        fetch = self.rows.number()
        yield
        state = self.stripe.fetch(session_id)
        yield
        pay = pay or next((each for each in self.rows.pays if each.ref == state.payment), None)
        if pay is not None:
            yield from self._apply(pay, fetch, state)

    def _look_for_lost(self, pay: Pay, fetch: int, give_back: bool) -> Way[None]:
        unwanted = give_back or pay.expires_at <= self.rows.now
        if unwanted and pay.command.first_sent_at is None:
            pay.command.status = CommandStatus.WITHDRAWN
            if pay.status is PaymentStatus.UNSENT:
                self.rows.lapse(pay, PaymentStatus.EXPIRED, give_back)
            return
        state = yield from self._perform(
            pay.command,
            lambda key: self.stripe.create_checkout(key, pay.ref, pay.sale.id, pay.sale.price, pay.expires_at),
            lambda: self.stripe.find(pay.ref),
        )
        yield
        if state is None:
            if pay.status is PaymentStatus.UNSENT:
                self.rows.lapse(pay, PaymentStatus.EXPIRED, give_back)
            return
        if state.status == "open" and unwanted:
            state = self.stripe.expire(state.id)
            yield
        yield from self._apply(pay, fetch, state, give_back)

    def _perform(
        self,
        command: Command,
        send: Callable[[str], Seen],
        look_up: Callable[[], Seen | None],
        passes: Callable[[str], bool] = lambda _code: False,
    ) -> Way[Seen | None]:
        how, key, again = self._approach(command), command.key, command.first_sent_at is not None
        if how is Approach.SEND and command.first_sent_at is None:
            command.first_sent_at = self.rows.now
        yield
        while how is Approach.LOOK_UP:
            found = look_up() if self.rows.guards.look_up_after_500 else None
            yield
            if found is not None:
                close(command, CommandStatus.DONE)
                return found
            again = not self._renew(command, key)
            how, key = self._approach(command), command.key
            yield
        if how is Approach.NOTHING:
            return look_up()
        try:
            answer = send(key)
        except Broke:
            self._spoil(command, key)
            raise
        except Refused as refused:
            yield
            if again and self.rows.guards.distrust_old_refusals:
                self._spoil(command, key)
                return (yield from self._perform(command, send, look_up, passes))
            if passes(str(refused)):
                self._spoil(command, key)
                return None
            found = look_up()
            close(command, CommandStatus.REFUSED if found is None else CommandStatus.DONE)
            return found
        yield
        fresh = look_up() if again else None
        yield
        close(command, CommandStatus.DONE)
        return fresh or answer

    def _spoil(self, command: Command, key: str) -> None:
        command.spoilt = command.spoilt or command.key == key

    def _renew(self, command: Command, key: str) -> bool:
        looked_up = command.key == key or not self.rows.guards.renew_what_was_looked_up
        mine = looked_up and self._approach(command) is Approach.LOOK_UP
        if mine:
            command.key = next_key(command.base, command.keys_used)
            command.keys_used += 1
            command.first_sent_at, command.spoilt = self.rows.now, False
        return mine

    def _approach(self, command: Command) -> Approach:
        sent_at = command.first_sent_at
        return approach(command.status, first_sent_at=sent_at, spoilt=command.spoilt, now=self.rows.now)

    def _apply(self, pay: Pay, fetch: int, state: CheckoutState, given_back: bool = False) -> Way[None]:
        yield from self._clearing(lambda: self.rows.apply(pay, state, fetch, given_back=given_back))

    def _clearing(self, act: Callable[[], Result]) -> Way[Result]:
        for _ in range(ROUNDS):
            yield
            try:
                return act()
            except Overdue as overdue:
                for sale in overdue.sales:
                    for pay in [each for each in self.rows.payable() if each.sale is sale]:
                        yield from self.look(pay)
        raise Taken


def close(command: Command, status: CommandStatus) -> None:
    if command.status is CommandStatus.WAITING:
        command.status = status


def quietly(way: Way[None]) -> Way[None]:
    """A job that fails is another's business; the next one goes on."""
    try:
        yield from way
    except (Unavailable, Refused, Taken):
        return
