"""The ways that money goes once something is sold, in plain Python: refunds, transfers, reversals, what banks do."""

from booking.domain.outcomes import Decision, Said, Side
from booking.domain.states import Canceller
from payments.domain.disputes import DisputeState, DisputeStatus
from payments.domain.refunds import RefundState
from payments.domain.states import CommandStatus, RefundStatus, ReversalStatus, TransferStatus
from tests.histories.model_books import Reversal
from tests.histories.model_programmes import Programmes
from tests.histories.model_rows import Back, Pay, Proposal, Row, Sale, Slot
from tests.histories.model_stripe import ModelStripe
from tests.histories.model_till import ModelTill, Way, close, quietly

WAITING = {RefundStatus.OWED, RefundStatus.SENT}


class ModelSite(ModelTill):
    """Everything that a process of the site does."""

    rows: Programmes

    def __init__(self, rows: Programmes, stripe: ModelStripe) -> None:
        super().__init__(rows, stripe)

    # What people do about what is sold: one transaction each, and its refunds at once.

    def cancel(self, sale: Sale, by: Canceller) -> Way[None]:
        yield
        self.rows.cancel(sale, by)
        yield from self._send_refunds_of(sale)

    def say(self, sale: Sale, side: Side, said: Said) -> Way[None]:
        yield
        self.rows.say(sale, side, said)
        yield from self._send_refunds_of(sale)

    def decide(self, sale: Sale, decision: Decision) -> Way[None]:
        yield
        self.rows.decide(sale, decision)
        yield from self._send_refunds_of(sale)

    def take_all_back(self, sale: Sale, read: Proposal) -> Way[None]:
        yield
        self.rows.take_all_back(sale, read)
        yield from self._send_refunds_of(sale)

    def book_bought(self, sale: Sale, chosen: list[tuple[Row, Slot]]) -> Way[None]:
        yield from self._clearing(lambda: self.rows.book_bought(sale, chosen))

    def take_money(self, sale: Sale) -> Way[None]:
        yield
        self.rows.take_money(sale)
        yield from self._send_refunds_of(sale)

    def end_programme(self, sale: Sale, by: Canceller) -> Way[None]:
        agreed = self.rows.would_give(sale, by)
        yield
        self.rows.end(sale, by, agreed)
        yield from self._send_refunds_of(sale)

    def give_money_back(self, sale: Sale, amount: int) -> Way[None]:
        yield
        self.rows.give_back(sale, amount)
        yield from self._send_refunds_of(sale)

    def _send_refunds_of(self, sale: Sale) -> Way[None]:
        yield
        for back in [each for each in self.rows.backs if each.pay.sale is sale.origin and each.there is None]:
            yield from quietly(self.send_refund(back))

    # What goes back to mentees.

    def send_refund(self, back: Back) -> Way[None]:
        fetch = self.rows.number()
        yield
        if back.there is not None:
            state: RefundState | None = self.stripe.fetch_refund(back.there)
        else:
            state = yield from self._made(back)
        yield
        if state is not None:
            self.rows.apply_refund(back, state, fetch)

    def _made(self, back: Back) -> Way[RefundState | None]:
        session, reference, command = str(back.pay.session), back.command.base, back.command
        if back.status is RefundStatus.OWED and command.status is CommandStatus.WAITING:
            standing = self.stripe.ask_standing(session)
            yield from self._learn(back.pay, standing.disputes)
            if standing.is_charged_back:
                return None
            yield
            if standing.left.minor < back.amount and self.stripe.find_refund(reference) is None:
                close(command, CommandStatus.REFUSED)
                return None
            yield
        return (
            yield from self._perform(
                command,
                lambda key: self.stripe.create_refund(key, session, reference, back.amount),
                lambda: self.stripe.find_refund(reference),
                lambda code: code == "charge_disputed" and self.stripe.ask_standing(session).is_charged_back,
            )
        )

    # What banks do.

    def look_at_dispute(self, dispute_id: str) -> Way[None]:
        fetch = self.rows.number()
        yield
        state = self.stripe.fetch_dispute(dispute_id)
        yield
        yield from self._learnt(state, fetch)

    def look_at_warning(self, pay: Pay) -> Way[None]:
        yield
        self.rows.apply_warning(pay)
        yield from self._send_refunds_of(pay.sale)

    def _learn(self, pay: Pay, disputes: tuple[DisputeState, ...]) -> Way[None]:
        fetch = self.rows.number()
        for state in disputes:
            yield
            yield from self._learnt(state, fetch, pay)

    def _learnt(self, state: DisputeState, fetch: int, pay: Pay | None = None) -> Way[None]:
        """Refunds of which no answer came may have been made before the dispute began, and what was made may have been
        sent back since."""
        found = (each for each in self.rows.pays if f"pi_{each.session}" == state.payment_intent and each.paid)
        pay = pay or next(found, None)
        if pay is None:
            return
        if state.status is DisputeStatus.LOST:
            for back in [
                each for each in self.rows.backs if each.pay is pay and each.command.first_sent_at is not None
            ]:
                made = self.stripe.fetch_refund(back.there) if back.there else self._found(back)
                yield
                if made is not None:
                    self.rows.apply_refund(back, made, fetch)
        yield
        self.rows.apply_dispute(pay, state, fetch)

    def _found(self, back: Back) -> RefundState | None:
        return self.stripe.find_refund(back.command.base)

    # What goes to mentors, and comes back.

    def pay_mentor(self, sale: Sale) -> Way[None]:
        pay = self.rows.pay_that_bought(sale)
        yield
        if pay is not None:
            yield from self.learn_what_stripe_holds(pay)
        if pay is not None and (pay.waits or (pay.is_exchanged is None and self.rows.guards.ask_what_was_exchanged)):
            return
        owed = self.rows.owe_transfer(sale)
        yield
        if owed is None or owed.command is None or owed.status is not TransferStatus.OWED:
            return
        command, amount, mentor = owed.command, owed.amount, sale.slot[0]  # as it was read, whatever comes in between
        can = self.stripe.can_be_paid(mentor)
        yield
        standing = self.stripe.ask_standing(str(pay.session)) if pay is not None else None
        if pay is not None and standing is not None:
            yield from self._learn(pay, standing.disputes)
        if not can or (standing is not None and standing.is_disputed):
            return
        source = pay.session if pay is not None and pay.paid and not pay.is_exchanged else None
        state = yield from self._perform(
            command,
            lambda key: self.stripe.transfer(key, command.base, mentor, amount, source),
            lambda: self.stripe.find_transfer(command.base),
        )
        yield
        if state is not None and owed.status is TransferStatus.OWED and owed.command is command:
            owed.status, owed.there = TransferStatus.SENT, state.id

    def learn_what_stripe_holds(self, pay: Pay) -> Way[None]:
        """In which currency."""
        if pay.is_exchanged is None and self.rows.guards.ask_what_was_exchanged:
            found = self.stripe.is_exchanged(str(pay.session))
            yield
            pay.is_exchanged = found

    def release(self) -> Way[None]:
        """The operator decides about what Stripe has exchanged."""
        yield
        for pay in [each for each in self.rows.pays if each.waits]:
            pay.is_released = True

    def again(self, sale: Sale) -> Way[None]:
        """What Stripe refused: under a new key, and less what is owed now."""
        unsent = self.rows.unsent(sale)
        if unsent is not None and unsent.command is not None and unsent.command.status is CommandStatus.REFUSED:
            self.rows.net_again(unsent)
        yield
        yield from self.pay_mentor(sale)

    def take_back(self, reversal: Reversal) -> Way[None]:
        transfer, command = reversal.transfer, reversal.command
        if reversal.status is not ReversalStatus.OWED or transfer.there is None:
            return
        there, refused_before = transfer.there, command.status is CommandStatus.REFUSED
        yield
        made = yield from self._perform(
            command,
            lambda key: self.stripe.reverse(key, there, command.base, reversal.amount),
            lambda: self.stripe.find_reversal(command.base),
        )
        yield
        if made is not None and reversal.status is ReversalStatus.OWED:
            reversal.status = ReversalStatus.MADE
            self.rows.owed[transfer.sale.slot[0]] -= reversal.amount
        elif command.status is CommandStatus.REFUSED:
            available = self.stripe.on_balance(transfer.sale.slot[0])
            yield
            self._leave(reversal, available, refused_before=refused_before)

    def _leave(self, reversal: Reversal, available: int, *, refused_before: bool) -> None:
        if reversal.status is ReversalStatus.OWED:
            reversal.status = ReversalStatus.LEFT
            part = min(available, reversal.amount) if refused_before or available < reversal.amount else 0
            if part > 0:
                self.rows.want_reversal(reversal.transfer, part)

    # What happens by itself.

    def sweep(self) -> Way[None]:
        for pay in [each for each in self.rows.pays if each.paid]:
            yield from quietly(self.learn_what_stripe_holds(pay))
        for pay in self.rows.payable():
            yield from quietly(self.look(pay))
        for sale in list(self.rows.sales):
            self.rows.forward(sale)
            yield
        for back in [each for each in self.rows.backs if each.status in WAITING]:
            if back.command.status is not CommandStatus.REFUSED:
                yield from quietly(self.send_refund(back))
        for dispute in list(self.stripe.disputes):
            yield from quietly(self.look_at_dispute(dispute))
        for sale in list(self.rows.sales):
            unsent = self.rows.unsent(sale)
            refused = unsent and unsent.command and unsent.command.status is CommandStatus.REFUSED
            if not refused and (unsent is not None or self.rows.due(sale) > 0):
                yield from quietly(self.pay_mentor(sale))
        for reversal in list(self.rows.reversals):
            yield from quietly(self.take_back(reversal))
