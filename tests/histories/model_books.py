"""What becomes of what the model has sold, and of its money: outcomes, mentors' shares, disputes. The same pure rules
as the site's decide."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from booking.domain.outcomes import Claim, Decision, Said, Side, may_say, outcome
from booking.domain.policy import STANDARD
from booking.domain.states import CANCELLED, CANCELLED_BY, BookingStatus, Canceller
from marketplace.core.money import Money
from payments.domain.disputes import CHARGEBACKS, OPEN, DisputeState, DisputeStatus, lost, next_dispute_status
from payments.domain.settle import Dues, FrozenSale, SoldSession, UnusedSession, settle, still_owed
from payments.domain.states import CommandStatus, PurchaseStatus, RefundStatus, ReversalStatus, TransferStatus
from payments.domain.transfers import net
from tests.histories.model_rows import PRICE, SHARE, Back, Command, Pay, Proposal, Rows, Sale, Taken, starts_at

WARNED, GIVEN, ENDED = "warning", "given_back", "ended"


@dataclass
class Sent:
    """A transfer; `netted` of the share was kept for what the mentor owed."""

    sale: Sale
    amount: int
    netted: int
    command: Command | None
    status: TransferStatus
    there: str | None = None


@dataclass
class Reversal:
    transfer: Sent
    amount: int
    command: Command
    status: ReversalStatus = ReversalStatus.OWED


@dataclass
class Disputed:
    pay: Pay
    status: DisputeStatus | None = None
    lost: int = 0
    last_fetch: int = 0


@dataclass
class Books(Rows):
    shares: dict[int, int] = field(default_factory=dict)
    """By sale: what the mentor earned, as it was booked when it was settled."""
    taken: Counter[int] = field(default_factory=Counter)
    kept_here: Counter[int] = field(default_factory=Counter)
    """By sale: what was taken back of that, and what of it had not gone."""
    owed: Counter[int] = field(default_factory=Counter)
    """By mentor."""
    takings: dict[str, int] = field(default_factory=dict)
    """By key, each once."""
    sent: list[Sent] = field(default_factory=list)
    reversals: list[Reversal] = field(default_factory=list)
    disputes: dict[str, Disputed] = field(default_factory=dict)

    # What becomes of a session.

    def cancel(self, sale: Sale, by: Canceller) -> None:
        """One transaction: the fact, and what is due for it. Raises Taken."""
        final = self.guards.cancelled_is_final or sale.booking not in CANCELLED
        if self.now >= starts_at(sale.slot) or (final and sale.booking is not BookingStatus.CONFIRMED):
            raise Taken
        sale.booking, sale.cancelled_at, sale.proposal = CANCELLED_BY[by], self.now, None
        goes_on = sale.programme is not None and not sale.programme.has_ended
        if goes_on and sale.row is not None and self.frozen(sale).gives_all_back(sale.id):
            sale.row.to_book = True
        self.settle(sale)

    def take_all_back(self, sale: Sale, read: Proposal) -> None:
        """One transaction: called off as by the mentor, and used up. Raises Taken."""
        if self.proposed(sale) is not read:
            raise Taken
        sale.booking, sale.cancelled_at, sale.proposal = BookingStatus.CANCELLED_BY_MENTOR, self.now, None
        self.settle(sale)

    def say(self, sale: Sale, side: Side, said: Said) -> None:
        """Raises Taken."""
        if not _is_open(sale) or said not in may_say(sale.facts, side, self.now):
            raise Taken
        sale.claims.append(Claim(side, said, self.now))
        self.forward(sale)

    def decide(self, sale: Sale, decision: Decision) -> None:
        """Raises Taken."""
        if not _is_open(sale) or not outcome(sale.facts, self.now).waits_for_operator:
            raise Taken
        sale.decision = decision
        self.forward(sale)

    def forward(self, sale: Sale) -> None:
        """As far as it has come by now; nothing, the second time."""
        if not _is_open(sale):
            return
        found = outcome(sale.facts, self.now)
        if found.status is not BookingStatus.CONFIRMED and sale.booking is BookingStatus.CONFIRMED:
            sale.becomes(BookingStatus.COMPLETED)
        if found.status is not sale.booking:
            sale.becomes(found.status)
        at_once = not self.guards.hear_both and sale.booking is BookingStatus.COMPLETED
        if found.is_final or at_once:
            sale.settled_at = self.now
            self.settle(sale)

    # What goes back, and what is earned.

    def frozen(self, sale: Sale) -> FrozenSale:
        """All that was bought with it."""
        discount = PRICE - (sale.total or 0)
        unused = [UnusedSession(PRICE, discount, 0, each.is_returned) for each in sale.rows if each.to_book]
        sessions = [self._session(each) for each in self.sales if each.origin is sale.origin and self._counts(each)]
        return FrozenSale(STANDARD, "EUR", tuple(sessions), unused=tuple(unused))

    def _counts(self, sale: Sale) -> bool:
        called_off = sale.cancelled_at is not None and not self.guards.keep_what_is_bought
        return sale.is_used or called_off

    def _session(self, sale: Sale) -> SoldSession:
        return SoldSession(
            sale.id,
            PRICE,
            SHARE,
            sale.booking,
            starts_at(sale.slot),
            sale.cancelled_at,
            is_final=sale.settled_at is not None,
            all_back=sale.decision is Decision.ALL_BACK,
            discount_minor=PRICE - (sale.total or 0),
            given_back_minor=sale.given,
        )

    def dues(self, sale: Sale) -> Dues | None:
        return next((each for each in settle(self.frozen(sale)) if each.booking_id == sale.id), None)

    def settle(self, sale: Sale) -> None:
        """All that was bought with it."""
        pay = self.pay_that_bought(sale)
        if pay is None:
            return
        dues = settle(self.frozen(sale))
        left, gone = self.left(pay), self.lost(pay) + self._back(pay, lambda back: back.reason == WARNED)
        known = {each.booking_id: _eur(self.back_of(pay, each.booking_id)) for each in dues}
        if not self.guards.cancelled_is_final:
            known, left = {}, pay.paid
        for number, amount in still_owed(dues, known, _eur(left), _eur(gone)):
            self._owe(pay, ENDED if number is None else "session", amount.minor, number)
        for each in dues:
            if each.booking_id is not None:
                self.shares.setdefault(each.booking_id, each.share.minor)

    def back_of(self, pay: Pay, number: int | None) -> int:
        """Of one sale, or of all that was unused when it ended."""
        if number is None:
            return self._back(pay, lambda back: back.reason == ENDED)
        return self._back(pay, lambda back: back.sale is self.sales[number])

    def give_back(self, sale: Sale, amount: int) -> None:
        """An operator, after it was settled. Raises Taken."""
        pay, before = self.pay_that_bought(sale), self.dues(sale)
        if pay is None or before is None or not 0 < amount <= min(before.kept.minor, self.left(pay)):
            raise Taken
        sale.given += amount
        self._owe(pay, GIVEN, amount, sale.id)
        after = self.dues(sale)
        assert after is not None
        self.take_back(sale, f"given-{sale.id}-{sale.given}", (before.share - after.share).minor)

    def left(self, pay: Pay) -> int:
        return pay.paid - self._back(pay, lambda _: True) - self.lost(pay)

    def lost(self, pay: Pay) -> int:
        return sum(each.lost for each in self.disputes.values() if each.pay is pay)

    def is_gone(self, pay: Pay) -> bool:
        """By a bank, or on a warning."""
        return bool(self.lost(pay) or self._back(pay, lambda back: back.reason == WARNED))

    def _back(self, pay: Pay, which: Callable[[Back], bool]) -> int:
        counts = [each for each in self.backs if each.pay is pay and each.status is not RefundStatus.COVERED]
        return sum(each.amount for each in counts if which(each))

    def _owe(self, pay: Pay, reason: str, amount: int, number: int | None = None) -> None:
        command = Command(f"refund-{pay.ref}-{reason}-{len(self.backs)}")
        self.backs.append(Back(pay, reason, amount, command, None if number is None else self.sales[number]))

    # What goes to mentors.

    def due(self, sale: Sale) -> int:
        went = sum(each.amount + each.netted for each in self.sent if each.sale is sale)
        return self.shares.get(sale.id, 0) - self.kept_here[sale.id] - went

    def unsent(self, sale: Sale) -> Sent | None:
        return next((each for each in self.sent if each.sale is sale and each.status is TransferStatus.OWED), None)

    def nettable(self, mentor: int) -> int:
        asked = [each for each in self.reversals if each.status is ReversalStatus.OWED]
        theirs = sum(each.amount for each in asked if each.transfer.sale.slot[0] == mentor)
        return max(0, self.owed[mentor] - (theirs if self.guards.leave_what_is_asked else 0))

    def owe_transfer(self, sale: Sale) -> Sent | None:
        known, due, pay = self.unsent(sale), self.due(sale), self.pay_that_bought(sale)
        if known is not None or due <= 0 or (pay is not None and self.is_disputed(pay)):
            return known
        parts = net(_eur(due), _eur(self.nettable(sale.slot[0])))
        command = Command(f"transfer-{sale.id}-{len(self.sent)}") if parts.sent else None
        status = TransferStatus.OWED if parts.sent else TransferStatus.NETTED
        made = Sent(sale, parts.sent.minor, parts.kept.minor, command, status)
        self.sent.append(made)
        self.owed[sale.slot[0]] -= parts.kept.minor
        return made

    def take_back(self, sale: Sale, key: str, amount: int) -> None:
        """Of what was earned by it. Once for a key."""
        if amount <= 0 or key in self.takings:
            return
        here = self._still_here(sale, amount)
        self.takings[key] = amount
        self.taken[sale.id] += amount
        self.kept_here[sale.id] += here
        self.owed[sale.slot[0]] += amount - here
        self._want_reversals(sale, amount - here)

    def give_again(self, sale: Sale, key: str, amount: int) -> None:
        if key not in self.takings:
            self.takings[key] = -amount
            self.taken[sale.id] -= amount
            self.kept_here[sale.id] -= amount

    def _still_here(self, sale: Sale, amount: int) -> int:
        due = max(self.due(sale), 0)
        if due >= amount:
            return amount
        unsent = self.unsent(sale)
        if unsent is not None and unsent.command is not None and unsent.command.status is CommandStatus.REFUSED:
            self.net_again(unsent)
            unsent = self.unsent(sale)
        if unsent is None or unsent.command is None or unsent.command.first_sent_at is not None:
            return due
        less = min(amount - due, unsent.amount)
        unsent.command.status = CommandStatus.WITHDRAWN
        self._lessen(unsent, less, netted=False)
        return due + less

    def net_again(self, unsent: Sent) -> None:
        """Of what Stripe refused, what the mentor has come to owe is kept, and the rest is asked for anew."""
        for each in self.reversals:
            if each.transfer is unsent and each.status is ReversalStatus.OWED:
                each.status = ReversalStatus.LEFT
        kept = net(_eur(unsent.amount), _eur(self.nettable(unsent.sale.slot[0]))).kept.minor
        self._lessen(unsent, kept, netted=True)

    def _lessen(self, unsent: Sent, less: int, *, netted: bool) -> None:
        unsent.amount -= less
        if netted:
            unsent.netted += less
            self.owed[unsent.sale.slot[0]] -= less
        if unsent.amount:
            assert unsent.command is not None
            unsent.command = Command(f"{unsent.command.base}+")
        elif unsent.netted:
            unsent.status, unsent.command = TransferStatus.NETTED, None
        else:
            self.sent.remove(unsent)

    def _want_reversals(self, sale: Sale, left: int) -> None:
        for each in reversed([each for each in self.sent if each.sale is sale and each.command is not None]):
            counts = [one for one in self.reversals if one.transfer is each and one.status is not ReversalStatus.LEFT]
            part = min(left, each.amount - sum(one.amount for one in counts))
            if part > 0:
                self.want_reversal(each, part)
                left -= part

    def want_reversal(self, transfer: Sent, amount: int) -> None:
        self.reversals.append(Reversal(transfer, amount, Command(f"reversal-{len(self.reversals)}")))

    # What banks do.

    def is_disputed(self, pay: Pay) -> bool:
        return any(each.pay is pay and each.status in OPEN for each in self.disputes.values())

    def apply_dispute(self, pay: Pay, theirs: DisputeState, fetch: int) -> None:
        """One transaction."""
        row = self.disputes.setdefault(theirs.id, Disputed(pay))
        if fetch <= row.last_fetch:
            return
        before, row.last_fetch = row.status, fetch
        row.status = next_dispute_status(before, theirs.status)
        row.lost = lost(row.status, theirs.taken, theirs.returned).minor
        if row.status is not before:
            self._follow(pay, theirs.id, row.status)

    def _follow(self, pay: Pay, dispute: str, status: DisputeStatus) -> None:
        if status is DisputeStatus.LOST:
            self._cover(pay)
            self._call_off(pay)
        self._settle_again(pay)
        if pay is not self.pay_that_bought(pay.sale):
            return
        for sale in self.sessions_of(pay.sale):
            key = f"dispute-{dispute}-{sale.id}"
            if status in CHARGEBACKS:
                gone = self.shares.get(sale.id, 0) - self.due(sale) - self.taken[sale.id]
                self.take_back(sale, key, gone)
            if status not in OPEN and key in self.takings:
                self.give_again(sale, f"{key}-again", self.takings[key])

    def apply_warning(self, pay: Pay) -> None:
        """One transaction: all that is left goes back."""
        self._call_off(pay)
        self._settle_again(pay)
        if self.left(pay) > 0:
            self._owe(pay, WARNED, self.left(pay))
            self._settle_again(pay)

    def _cover(self, pay: Pay) -> None:
        covered = sum(each.amount for each in self.backs if each.pay is pay and each.status is RefundStatus.COVERED)
        gone = self.lost(pay) - covered
        for each in [each for each in self.backs if each.pay is pay]:
            unsent = each.status in {RefundStatus.OWED, RefundStatus.FAILED}
            if gone > 0 and unsent and self.guards.cover_what_banks_gave:
                each.status = RefundStatus.COVERED
                if each.command.status is CommandStatus.WAITING:
                    never = each.command.first_sent_at is None
                    each.command.status = CommandStatus.WITHDRAWN if never else CommandStatus.REFUSED
                gone -= each.amount

    def _call_off(self, pay: Pay) -> None:
        if pay is self.pay_that_bought(pay.sale):
            self.call_off_what_is_ahead(pay.sale, Canceller.OPERATOR)
            self.close_programme(pay.sale)

    def call_off_what_is_ahead(self, sale: Sale, by: Canceller) -> None:
        """Of all that was bought with it."""
        for each in self.ahead(sale):
            each.booking, each.cancelled_at, each.proposal = CANCELLED_BY[by], self.now, None

    def ahead(self, sale: Sale) -> list[Sale]:
        stand = [each for each in self.sessions_of(sale) if each.booking is BookingStatus.CONFIRMED]
        return [each for each in stand if starts_at(each.slot) > self.now]

    def close_programme(self, sale: Sale) -> None:
        for row in [each for each in sale.rows if each.to_book]:
            row.is_returned = True
        if sale.programme is not None:
            sale.programme.has_ended = True

    def _settle_again(self, pay: Pay) -> None:
        if pay.sale.status is PurchaseStatus.SOLD and pay is self.pay_that_bought(pay.sale):
            self.settle(pay.sale)
        elif self.bought_nothing(pay) and self.left(pay) > 0:
            first = next(each for each in self.backs if each.pay is pay)
            self._owe(pay, first.reason, self.left(pay))


def _is_open(sale: Sale) -> bool:
    """It stood, and nothing is final about it yet."""
    return sale.booking in {BookingStatus.CONFIRMED, BookingStatus.COMPLETED} and sale.settled_at is None


def _eur(minor: int) -> Money:
    return Money(minor, "EUR")
