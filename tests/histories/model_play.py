"""The same moves on the model, several of its ways going on at once."""

from collections.abc import Iterable
from datetime import timedelta
from random import Random

from booking.domain.states import CANCELLED, BookingStatus, Canceller
from payments.domain.states import PaymentStatus, PurchaseStatus
from tests.histories.model_rows import PRICE, START, Guards, Rows, Slot, Taken
from tests.histories.model_stripe import ModelStripe, Refused, Theirs, Unavailable
from tests.histories.model_till import ModelTill, Way
from tests.histories.moves import Move

MENTEES, MENTORS, HOURS = 3, 2, 3
FAULTS = ["500_before", "500_after", "cut_after", "silence", "silence"]
WAITS = [timedelta(minutes=minutes) for minutes in (1, 3, 20, 33, 50, 120, 25 * 60, 3 * 24 * 60)]
QUIET = [timedelta(minutes=40), timedelta(minutes=2), timedelta(hours=13), timedelta(hours=26), timedelta(hours=26)]


class ModelSite:
    def __init__(self, seed: int, guards: Guards) -> None:
        self.rng = Random(seed)
        self.rows, self.stripe = Rows(START, guards), ModelStripe(START)
        self.till = ModelTill(self.rows, self.stripe)
        self.going: list[Way[object]] = []

    def play(self, move: Move) -> None:
        for way in self.rng.sample(self.going, k=min(2, len(self.going))):
            self._advance(way, self.rng.randint(1, 4))
        way = getattr(self, move.name)(move)
        if way is None:
            return
        self.going.append(way)
        if move.dies_at is not None:
            self._advance(way, move.dies_at)
            if way in self.going:
                self.going.remove(way)
        else:
            self._advance(way, self.rng.randint(1, 9) if move.how % 4 == 0 else 10_000)

    def settle_down(self) -> None:
        """What was still going on dies; nothing goes wrong any more; slow money and refunds come to their ends."""
        self.going.clear()
        self.stripe.faults.clear()
        self.stripe.refund_plans.clear()
        self.settle(Move("settle", how=1))
        for refund in self.stripe.refunds.values():
            refund.status = "succeeded" if refund.status == "pending" else refund.status
        for pause in QUIET:
            self.advance(pause)
            self.finish(self.till.look_at_session(each) for each in self.stripe.sessions)
            self.finish([self.till.sweep()])
            self.finish(self.till.send_refund(each) for each in self.rows.backs if each.there)  # as events tell

    def finish(self, ways: Iterable[Way[object]]) -> None:
        for way in ways:
            self.going.append(way)
            self._advance(way, 10_000)

    def advance(self, by: timedelta) -> None:
        self.rows.now = self.stripe.now = self.rows.now + by

    def _advance(self, way: Way[object], stops: int) -> None:
        try:
            for _ in range(stops):
                next(way)
        except (StopIteration, Taken, Unavailable, Refused):
            self.going.remove(way)

    # The moves; those of our processes give a way to go.

    def buy(self, move: Move) -> Way[object]:
        return self.till.buy(move.who % MENTEES, _slot(move))

    def replace(self, move: Move) -> Way[object] | None:
        held = self.rows.unpaid(move.who % MENTEES)
        return None if held is None else self.till.replace(held, _slot(move))

    def come_back(self, move: Move) -> Way[object] | None:
        held = self.rows.unpaid(move.who % MENTEES)
        return None if held is None else self.till.open(held)

    def give_back(self, move: Move) -> Way[object] | None:
        held = self.rows.unpaid(move.who % MENTEES)
        return None if held is None else self.till.look(self.rows.pays_of(held)[-1], give_back=True)

    def extend(self, move: Move) -> Way[object] | None:
        held = self.rows.unpaid(move.who % MENTEES)
        return None if held is None else self.till.extend(held)

    def cancel(self, move: Move) -> Way[object] | None:
        stood = [each for each in self.rows.sales if each.booking in {BookingStatus.CONFIRMED, *CANCELLED}]
        if not stood:
            return None
        sale = stood[::-1][move.which % len(stood)]
        return self.till.cancel(sale, list(Canceller)[move.how % len(Canceller)])

    def move(self, move: Move) -> Way[object] | None:
        stood = [each for each in self.rows.sales if each.booking is BookingStatus.CONFIRMED]
        if not stood:
            return None
        sale = stood[::-1][move.which % len(stood)]
        return self.till.move(sale, (sale.slot[0], move.how % HOURS))

    def look(self, move: Move) -> Way[object] | None:
        return self.till.look(self.rows.pays[move.which % len(self.rows.pays)]) if self.rows.pays else None

    def deliver(self, move: Move) -> Way[object] | None:
        known = [each for each in self.rows.backs if each.there]
        if known and move.who % 3 == 0:
            return self.till.send_refund(known[move.which % len(known)])
        theirs = list(self.stripe.sessions)
        return self.till.look_at_session(theirs[move.which % len(theirs)]) if theirs else None

    run_jobs = deliver

    def sweep(self, _: Move) -> Way[object]:
        return self.till.sweep()

    def poll(self, _: Move) -> None:
        self.finish([self.till.look_at_session(each) for each in self.stripe.sessions])

    def pay(self, move: Move) -> None:
        theirs = list(self.stripe.sessions.values())[::-1]
        if not theirs:
            return
        chosen = theirs[0 if move.who % 2 else move.which % len(theirs)]
        if self.stripe.is_payable(chosen) and move.how % 9 < 7:
            _completed(chosen, slow=move.how % 9 > 4)

    def settle(self, move: Move) -> None:
        for each in self.stripe.sessions.values():
            if each.intent == "processing":
                each.intent = "succeeded" if move.how % 3 else "requires_payment_method"
                each.payment_status = "paid" if move.how % 3 else "unpaid"

    def reprice(self, move: Move) -> None:
        for each in list(self.stripe.sessions.values())[-1:]:
            if self.stripe.is_payable(each):
                each.discount = PRICE * (100, 25, 10)[move.which % 3] // 100

    def wait(self, move: Move) -> None:
        self.advance(WAITS[move.how % len(WAITS)])

    def near_end(self, _: Move) -> None:
        self.advance(timedelta(minutes=31))

    def past_end(self, _: Move) -> None:
        self.advance(timedelta(minutes=36))

    def forget(self, move: Move) -> None:
        held = self.rows.unpaid(move.who % MENTEES)
        if held is None or self.rows.pays_of(held)[-1].status is PaymentStatus.UNSENT:
            return
        held.forgotten = True
        held.status, held.booking = PurchaseStatus.LAPSED, BookingStatus.EXPIRED
        self.rows.pays_of(held)[-1].status = PaymentStatus.EXPIRED

    def pause(self, move: Move) -> None:
        self.rows.paused ^= {move.who % MENTORS}

    def fault(self, move: Move) -> None:
        self.stripe.faults += [FAULTS[move.how % len(FAULTS)]] * (1 + move.which % 3)

    def plan_refund(self, move: Move) -> None:
        self.stripe.refund_plans.append(("pending", "failed")[move.how % 2])

    def settle_refund(self, move: Move) -> None:
        refunds = list(self.stripe.refunds.values())
        if refunds:
            chosen = refunds[move.which % len(refunds)]
            if chosen.status != "failed":
                chosen.status = "succeeded" if move.how % 2 else "failed"


def _slot(move: Move) -> Slot:
    return move.how % MENTORS, move.which % HOURS


def _completed(theirs: Theirs, *, slow: bool) -> None:
    theirs.status = "complete"
    if theirs.discount == PRICE:
        theirs.payment_status, theirs.intent = "no_payment_required", ""
    elif slow:
        theirs.intent = "processing"
    else:
        theirs.payment_status, theirs.intent = "paid", "succeeded"
