"""The same moves on the model, several of its ways going on at once."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from random import Random

from booking.domain.outcomes import WINDOW, Decision, Said, Side, outcome
from booking.domain.states import CANCELLED, BookingStatus, Canceller
from payments.domain.disputes import DisputeStatus
from payments.domain.states import PaymentStatus, PurchaseStatus
from tests.histories.model_programmes import Programmes
from tests.histories.model_rows import PRICE, START, Guards, Row, Sale, Slot, Taken, starts_at
from tests.histories.model_stripe import ModelStripe, Refused, Theirs, Unavailable
from tests.histories.model_till import Way
from tests.histories.model_ways import ModelSite
from tests.histories.moves import Move

MENTEES, MENTORS, HOURS, SESSIONS = 3, 2, 3, 3
LATER = 3
"""When sessions are booked out of what was bought: so much later than any other, too."""
ENDERS = [Canceller.MENTEE, Canceller.MENTEE, Canceller.MENTOR]
FAULTS = ["500_before", "500_after", "cut_after", "silence", "silence"]
WAITS = [timedelta(minutes=minutes) for minutes in (1, 3, 20, 33, 50, 120, 25 * 60, 3 * 24 * 60)]
SPOKEN_OF = {BookingStatus.CONFIRMED, BookingStatus.COMPLETED}
DECISIONS = [
    DisputeStatus.WON,
    DisputeStatus.LOST,
    DisputeStatus.WARNING_CLOSED,
    DisputeStatus.NEEDS_RESPONSE,
]
QUIET = [timedelta(minutes=40), timedelta(minutes=2), timedelta(hours=13), timedelta(hours=26), timedelta(hours=26)]


class Play:
    def __init__(self, seed: int, guards: Guards) -> None:
        self.rng = Random(seed)
        self.rows, self.stripe = Programmes(START, guards), ModelStripe(START)
        self.till = ModelSite(self.rows, self.stripe)
        self.going: list[Way[object]] = []

    def play(self, move: Move) -> None:
        for other in self.rng.sample(self.going, k=min(2, len(self.going))):
            self._advance(other, self.rng.randint(1, 4))
        way: Way[object] | None = getattr(self, move.name, _is_not_modelled)(move)
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
        self.stripe.unpayable.clear()
        self.settle(Move("settle", how=1))
        for number, dispute in enumerate(self.stripe.disputes.values()):
            last = (DisputeStatus.WON, DisputeStatus.LOST)[(number + len(self.stripe.sessions)) % 2]
            for decision in (DisputeStatus.WARNING_CLOSED, last):
                self.stripe.decide(dispute, decision)
        for refund in self.stripe.refunds.values():
            refund.status = "succeeded" if refund.status == "pending" else refund.status
        for pause in QUIET:
            self.advance(pause)
            self.finish(self.till.look_at_session(each) for each in self.stripe.sessions)
            self.finish([self.till.sweep(), self.till.release()])
            self.finish(self.till.send_refund(each) for each in self.rows.backs if each.there)  # as events tell
            self.finish(self.till.again(each) for each in self.rows.sales)  # as the night's reconciliation does

    def finish(self, ways: Iterable[Way[object]]) -> None:
        for way in ways:
            self.going.append(way)
            self._advance(way, 10_000)

    def advance(self, by: timedelta) -> None:
        """No process goes on for hours."""
        if by >= timedelta(hours=1):
            self.going.clear()
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

    def propose(self, move: Move) -> Way[object] | None:
        stood = [each for each in self.rows.sales if each.booking is BookingStatus.CONFIRMED]
        if not stood:
            return None
        sale = stood[::-1][move.which % len(stood)]
        return self.till.propose(sale, (sale.slot[0], move.how % HOURS))

    def answer(self, move: Move) -> Way[object] | None:
        """Accepted, taken back by either side, or answered with another time."""
        asked = [(each, each.proposal) for each in self.rows.sales if each.proposal is not None]
        if not asked:
            return None
        sale, read = asked[move.which % len(asked)]
        ways: list[Callable[[], Way[object]]] = [
            lambda: self.till.answer(self.rows.accept, sale, read),
            lambda: self.till.take_all_back(sale, read),
            lambda: self.till.answer(self.rows.withdraw, sale, read),
            lambda: self.till.move(sale, (sale.slot[0], move.who % HOURS)),
        ]
        return ways[move.how % 4]()

    def buy_programme(self, move: Move) -> Way[object]:
        return self.till.buy(move.who % MENTEES, _slot(move), SESSIONS)

    def book_bought(self, move: Move) -> Way[object] | None:
        """The next session of any programme, perhaps one that has ended."""
        sale = self._programme(move)
        if sale is None:
            return None
        row = next((each for each in sale.rows if each.to_book), sale.rows[move.who % SESSIONS])
        return self._book(sale, [row], move)

    def book_remaining(self, move: Move) -> Way[object] | None:
        """All that is left of any programme, or all of it where nothing is."""
        sale = self._programme(move)
        return self._book(sale, [each for each in sale.rows if each.to_book] or sale.rows, move) if sale else None

    def _book(self, sale: Sale, rows: list[Row], move: Move) -> Way[object] | None:
        """At hours that come one after the other."""
        hours = [each for each in range(HOURS + LATER) if starts_at((0, each)) > self.rows.now]
        first = move.how % len(hours) if hours else 0
        chosen = [(row, (sale.slot[0], hour)) for row, hour in zip(rows, hours[first:], strict=False)]
        return self.till.book_bought(sale, chosen) if len(chosen) == len(rows) else None

    def take_money(self, move: Move) -> Way[object] | None:
        called_off = [each for each in self.rows.sales if each.rows and each.cancelled_at is not None]
        return self.till.take_money(called_off[move.which % len(called_off)]) if called_off else None

    def end_programme(self, move: Move) -> Way[object] | None:
        sale = self._programme(move)
        return None if sale is None else self.till.end_programme(sale, ENDERS[move.how % len(ENDERS)])

    def _programme(self, move: Move) -> Sale | None:
        found = [each for each in self.rows.sales if each.rows and each.first is None and each.status == "sold"]
        return found[::-1][move.which % len(found)] if found else None

    def let_end(self, _: Move) -> None:
        ends = [each.facts.ends_at for each in self.rows.sales if each.booking is BookingStatus.CONFIRMED]
        self.advance(max(min(ends) - self.rows.now, timedelta(0)) if ends else timedelta(hours=12))

    def past_window(self, _: Move) -> None:
        self.advance(WINDOW + timedelta(hours=1))

    def say(self, move: Move) -> Way[object] | None:
        open_ = [each for each in self.rows.sales if each.booking in SPOKEN_OF]
        if not open_:
            return None
        sale, said = open_[move.which % len(open_)], list(Said)[move.how % len(Said)]
        return self.till.say(sale, list(Side)[move.who % len(Side)], said)

    def decide(self, move: Move) -> Way[object] | None:
        waiting = [
            each
            for each in self.rows.sales
            if each.booking in SPOKEN_OF and outcome(each.facts, self.rows.now).waits_for_operator
        ]
        if not waiting:
            return None
        return self.till.decide(waiting[move.which % len(waiting)], list(Decision)[move.how % len(Decision)])

    def give_money_back(self, move: Move) -> Way[object] | None:
        settled = [each for each in self.rows.sales[::-1] if each.settled_at is not None]
        if not settled:
            return None
        sale = settled[move.which % len(settled)]
        dues = self.rows.dues(sale)
        return self.till.give_money_back(sale, dues.kept.minor * (1 + move.how % 4) // 4) if dues else None

    def dispute(self, move: Move) -> None:
        paid = [each.id for each in self.stripe.sessions.values() if each.intent == "succeeded"]
        if paid:
            self.stripe.dispute(paid[move.which % len(paid)], inquiry=move.how % 3 == 0)

    def bank_decides(self, move: Move) -> Way[object] | None:
        disputes = list(self.stripe.disputes.values())
        if not disputes:
            return None
        chosen = disputes[move.which % len(disputes)]
        self.stripe.decide(chosen, DECISIONS[move.how % len(DECISIONS)])
        return self.till.look_at_dispute(chosen.id) if move.who % 2 else None

    def warn(self, move: Move) -> Way[object] | None:
        """Of a payment that we know of; a warning can be acted on until it is disputed or went back in full."""
        paid = [each for each in self.rows.pays if each.paid and self.rows.left(each) > 0]
        chosen = paid[move.which % len(paid)] if paid else None
        if chosen is None or self.stripe.standing(str(chosen.session)).disputes:
            return None
        return self.till.look_at_warning(chosen)

    def think(self, move: Move) -> None:
        mentor = move.who % MENTORS
        (self.stripe.unpayable.add if move.how % 5 in {1, 2, 4} else self.stripe.unpayable.discard)(mentor)

    def pay_out(self, move: Move) -> None:
        mentor = move.who % MENTORS
        self.stripe.paid_out[mentor] = self.stripe.has(mentor)

    def exchange(self, _: Move) -> None:
        """What is paid next is settled in another currency."""
        self.stripe.exchanges_next = True

    def release(self, _: Move) -> Way[object]:
        return self.till.release()

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
            chosen.is_exchanged, self.stripe.exchanges_next = self.stripe.exchanges_next, False

    def settle(self, move: Move) -> None:
        for each in self.stripe.sessions.values():
            if each.intent == "processing":
                each.intent = "succeeded" if move.how % 3 else "requires_payment_method"
                each.payment_status = "paid" if move.how % 3 else "unpaid"

    def reprice(self, move: Move) -> None:
        for each in list(self.stripe.sessions.values())[-1:]:
            if self.stripe.is_payable(each):
                each.discount = PRICE * (100, 25, 10)[move.which % 3] // 100 * (each.amount // PRICE)

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


def _is_not_modelled(_: Move) -> None:
    """Evidence, and asking how it goes on: the real site plays them."""


def _slot(move: Move) -> Slot:
    return move.how % MENTORS, move.which % HOURS


def _completed(theirs: Theirs, *, slow: bool) -> None:
    theirs.status = "complete"
    if theirs.discount == theirs.amount:
        theirs.payment_status, theirs.intent = "no_payment_required", ""
    elif slow:
        theirs.intent = "processing"
    else:
        theirs.payment_status, theirs.intent = "paid", "succeeded"
