"""The site's rows in plain Python, and the one transaction that decides: built upon the same pure rules as the site."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from booking.domain.outcomes import Claim, Decision, Facts
from booking.domain.policy import STANDARD
from booking.domain.proposals import answer_until
from booking.domain.states import (
    OCCUPYING,
    PENDING,
    BookingStatus,
    may_become,
)
from payments.domain.checkout import BOUGHT_NOTHING, CheckoutState, Ours, Step, next_step
from payments.domain.moving import may_move
from payments.domain.refunds import RefundState, next_refund_status
from payments.domain.states import PAYABLE, CommandStatus, PaymentStatus, PurchaseStatus, RefundStatus

START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
HOLD, HOUR = timedelta(minutes=35), timedelta(hours=1)
PRICE, SHARE = 8050, 7000
Slot = tuple[int, int]
"""Whose time, and when."""


def starts_at(slot: Slot) -> datetime:
    return START + timedelta(days=2 * (slot[1] + 1))


@dataclass(frozen=True)
class Guards:
    """What keeps the promises. A control run takes one away and must see the harm."""

    expire_before_release: bool = True
    end_before_extending: bool = True
    refund_second: bool = True
    look_up_after_500: bool = True
    renew_what_was_looked_up: bool = True
    judge_late_money: bool = True
    cancelled_is_final: bool = True
    judge_moves: bool = True
    distrust_old_refusals: bool = True
    cover_what_banks_gave: bool = True
    leave_what_is_asked: bool = True
    hear_both: bool = True
    keep_what_is_proposed: bool = True
    use_once: bool = True
    returned_is_final: bool = True
    keep_what_is_bought: bool = True
    ask_what_was_exchanged: bool = True


@dataclass
class Command:
    key: str
    status: CommandStatus = CommandStatus.WAITING
    first_sent_at: datetime | None = None
    spoilt: bool = False
    keys_used: int = 1
    base: str = ""

    def __post_init__(self) -> None:
        self.base = self.key


@dataclass
class Row:
    """One session of a programme, with the sale that uses it, or last did."""

    used_by: "Sale | None" = None
    to_book: bool = True
    is_returned: bool = False


@dataclass
class Programme:
    """What was bought together, session by session."""

    rows: list[Row]
    has_ended: bool = False


@dataclass
class Proposal:
    slot: Slot
    expires_at: datetime


@dataclass
class Sale:
    """A purchase with its booking; of a programme, each of its bookings, the first of which was made when it was
    bought. `total` is what was paid for this one."""

    id: int
    mentee: int
    slot: Slot
    held_until: datetime
    status: PurchaseStatus = PurchaseStatus.UNPAID
    booking: BookingStatus = BookingStatus.HELD
    total: int | None = None
    cancelled_at: datetime | None = None
    moves: int = 0
    forgotten: bool = False
    claims: list[Claim] = field(default_factory=list)
    decision: Decision | None = None
    settled_at: datetime | None = None
    given: int = 0
    """What an operator gave back after that."""
    proposal: Proposal | None = None
    programme: Programme | None = None
    first: "Sale | None" = None
    """The one that was bought, unless it is this."""

    @property
    def origin(self) -> "Sale":
        return self.first or self

    @property
    def rows(self) -> list[Row]:
        return self.programme.rows if self.programme is not None else []

    @property
    def sessions(self) -> int:
        return max(len(self.rows), 1)

    @property
    def price(self) -> int:
        return PRICE * self.sessions

    @property
    def row(self) -> Row | None:
        return next((each for each in self.rows if each.used_by is self), None)

    @property
    def is_used(self) -> bool:
        """No other was booked in its place, or can be."""
        return self.programme is None or (self.row is not None and not self.row.to_book)

    @property
    def facts(self) -> Facts:
        begins = starts_at(self.slot)
        return Facts(begins, begins + HOUR, tuple(self.claims), self.decision)

    def becomes(self, status: BookingStatus) -> None:
        assert may_become(self.booking, status), f"{self.booking} cannot become {status}"
        self.booking = status


@dataclass
class Pay:
    """One Checkout Session of a sale."""

    ref: str
    sale: Sale
    expires_at: datetime
    command: Command
    status: PaymentStatus = PaymentStatus.UNSENT
    session: str | None = None
    last_fetch: int = 0
    paid: int = 0
    is_exchanged: bool | None = None
    """None until Stripe has said in which currency it holds it."""
    is_released: bool = False
    """An operator has decided that the mentor is paid from the balance."""

    @property
    def waits(self) -> bool:
        return bool(self.is_exchanged) and not self.is_released


@dataclass
class Back:
    """A refund, of one sale or of all that a payment was for."""

    pay: Pay
    reason: str
    amount: int
    command: Command
    sale: Sale | None = None
    status: RefundStatus = RefundStatus.OWED
    there: str | None = None
    last_fetch: int = 0


class Overdue(Exception):
    def __init__(self, sales: list[Sale]) -> None:
        super().__init__()
        self.sales = sales


class Taken(Exception):
    """The time cannot be had."""


@dataclass
class Rows:
    now: datetime
    guards: Guards
    sales: list[Sale] = field(default_factory=list)
    pays: list[Pay] = field(default_factory=list)
    backs: list[Back] = field(default_factory=list)
    paused: set[int] = field(default_factory=set)
    fetches: int = 0

    def number(self) -> int:
        self.fetches += 1
        return self.fetches

    def unpaid(self, mentee: int) -> Sale | None:
        return next((each for each in self.sales if each.mentee == mentee and each.status == "unpaid"), None)

    def pays_of(self, sale: Sale) -> list[Pay]:
        return [each for each in self.pays if each.sale is sale.origin]

    def sessions_of(self, sale: Sale) -> list[Sale]:
        """That are used, of all that was bought with it."""
        return [each for each in self.sales if each.origin is sale.origin and each.is_used]

    def judge(self, mentee: int, slot: Slot, without: Sale | None = None) -> None:
        """Raises Taken and Overdue."""
        if slot[0] in self.paused:
            raise Taken
        clashes = [
            each
            for each in self.sales
            if each is not without and each.booking in OCCUPYING and self._keeps(each, slot[1])
            if each.mentee == mentee or each.slot[0] == slot[0]
        ]
        late = [each for each in clashes if each.booking is BookingStatus.HELD and each.held_until <= self.now]
        if late:
            raise Overdue(late)
        if clashes:
            raise Taken

    def _keeps(self, sale: Sale, hour: int) -> bool:
        """At that hour, or proposed for it; what nobody answered in time is over."""
        if sale.proposal is not None and sale.proposal.expires_at <= self.now:
            sale.proposal = None
        proposed = sale.proposal is not None and self.guards.keep_what_is_proposed and sale.proposal.slot[1] == hour
        return sale.slot[1] == hour or proposed

    def bought(self, mentee: int, slot: Slot, sessions: int = 1) -> Sale:
        """The sale, old or new; of a programme of so many. Raises Taken and Overdue."""
        held = self.unpaid(mentee)
        if held is not None:
            if held.booking is BookingStatus.HELD and held.held_until <= self.now:
                raise Overdue([held])
            if held.slot != slot or held.sessions != sessions:
                raise Taken
            return held
        self.judge(mentee, slot)
        sale = Sale(len(self.sales), mentee, slot, self.now + HOLD)
        if sessions > 1:
            sale.programme = Programme([Row(sale, to_book=False), *(Row() for _ in range(sessions - 1))])
        self.sales.append(sale)
        self.new_pay(sale)
        return sale

    def new_pay(self, sale: Sale) -> Pay:
        ref = f"pay{len(self.pays)}"
        pay = Pay(ref, sale, sale.held_until, Command(f"checkout-{ref}"))
        self.pays.append(pay)
        return pay

    def apply(self, pay: Pay, theirs: CheckoutState, fetch: int, *, given_back: bool) -> None:
        """One transaction. Raises Overdue with nothing changed."""
        if fetch <= pay.last_fetch:
            return
        sale = pay.sale
        step = next_step(theirs, Ours(pay.status, sale.status, sale.booking, sale.price, "EUR"))
        if step is Step.REVIVE:
            step = self._revived(sale)
        pay.last_fetch, pay.session = fetch, theirs.id
        match step:
            case Step.NOTHING:
                return
            case Step.NOTE_OPEN:
                pay.status = PaymentStatus.OPEN
            case Step.AWAIT:
                pay.status = PaymentStatus.PROCESSING
                if sale.booking is BookingStatus.HELD:
                    sale.becomes(BookingStatus.AWAITING_PAYMENT)
            case Step.LAPSE:
                self.lapse(pay, PaymentStatus.FAILED if theirs.has_failed else PaymentStatus.EXPIRED, given_back)
            case _:
                self._take_money(pay, step, theirs.amount_total)

    def lapse(self, pay: Pay, status: PaymentStatus, given_back: bool) -> None:
        pay.status, sale = status, pay.sale
        if sale.status is not PurchaseStatus.UNPAID:
            return
        sale.status = PurchaseStatus.LAPSED
        if sale.booking in PENDING:
            gone = given_back or sale.booking is BookingStatus.AWAITING_PAYMENT
            sale.becomes(BookingStatus.RELEASED if gone else BookingStatus.EXPIRED)

    def move(self, sale: Sale, slot: Slot, seen: int) -> None:
        """One transaction. Raises Taken and Overdue."""
        in_time = may_move(STANDARD, starts_at(sale.slot), costs=True, now=self.now) or self.proposed(sale) is not None
        ahead = in_time and self.now < min(starts_at(slot), starts_at(sale.slot))
        if sale.booking is not BookingStatus.CONFIRMED or not ahead or sale.moves != seen or slot == sale.slot:
            raise Taken
        if self.guards.judge_moves:
            self.judge(sale.mentee, slot, without=sale)
        sale.slot, sale.moves, sale.proposal = slot, sale.moves + 1, None

    def propose(self, sale: Sale, slot: Slot, seen: int) -> None:
        """One transaction: both times are kept. Raises Taken and Overdue."""
        ahead = min(starts_at(sale.slot), starts_at(slot)) > self.now
        if sale.booking is not BookingStatus.CONFIRMED or not ahead or sale.moves != seen or slot == sale.slot:
            raise Taken
        if self.proposed(sale) is not None:
            raise Taken
        self.judge(sale.mentee, slot, without=sale)
        until = answer_until(self.now, old_start=starts_at(sale.slot), new_start=starts_at(slot))
        sale.proposal = Proposal(slot, until)

    def proposed(self, sale: Sale) -> Proposal | None:
        """While it can be answered."""
        open_ = sale.booking is BookingStatus.CONFIRMED and sale.proposal and sale.proposal.expires_at > self.now
        return sale.proposal if open_ else None

    def accept(self, sale: Sale, read: Proposal) -> None:
        """One transaction; the time was judged, and kept. Raises Taken."""
        if self.proposed(sale) is not read:
            raise Taken
        sale.slot, sale.moves, sale.proposal = read.slot, sale.moves + 1, None

    def withdraw(self, sale: Sale, read: Proposal) -> None:
        """One transaction. Raises Taken."""
        if self.proposed(sale) is not read:
            raise Taken
        sale.proposal = None

    def pay_that_bought(self, sale: Sale) -> Pay | None:
        paid = [each for each in self.pays_of(sale) if each.status is PaymentStatus.PAID]
        return next((each for each in paid if not self.bought_nothing(each)), None)

    def bought_nothing(self, pay: Pay) -> bool:
        return any(each.pay is pay and each.reason in BOUGHT_NOTHING for each in self.backs)

    def apply_refund(self, back: Back, theirs: RefundState, fetch: int) -> None:
        if fetch > back.last_fetch:
            back.last_fetch, back.there = fetch, theirs.id
            back.status = next_refund_status(back.status, theirs.status)

    def _revived(self, sale: Sale) -> Step:
        try:
            if self.guards.judge_late_money:
                self.judge(sale.mentee, sale.slot, without=sale)
        except Taken:
            return Step.REFUND_LATE
        return Step.REVIVE

    def _take_money(self, pay: Pay, step: Step, amount: int) -> None:
        pay.status, pay.paid, sale = PaymentStatus.PAID, amount, pay.sale
        if step in {Step.CONFIRM, Step.REVIVE}:
            sale.becomes(BookingStatus.CONFIRMED)
            sale.status, sale.total = PurchaseStatus.SOLD, amount // sale.sessions
            return
        if sale.status is PurchaseStatus.UNPAID:
            if sale.booking in PENDING:
                sale.becomes(BookingStatus.EXPIRED)
            sale.status = PurchaseStatus.LAPSED
        if amount and (step is not Step.REFUND_SECOND or self.guards.refund_second):
            self.backs.append(Back(pay, step.value, amount, Command(f"refund-{pay.ref}-{step.value}")))

    def payable(self) -> list[Pay]:
        return [each for each in self.pays if each.status in PAYABLE]
