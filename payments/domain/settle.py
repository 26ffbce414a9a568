"""Who gets what of a sale: what the mentee is to have back and what is earned, from facts alone. Pure.

It can be asked at any time and any number of times: the same facts give the same sums. What stands between them and the
books is the difference, and only that is issued.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking.domain.policy import ALL_BP, CancellationPolicy
from booking.domain.states import BookingStatus
from marketplace.core.money import Money, round_half_even, step

EARNED = frozenset({BookingStatus.COMPLETED, BookingStatus.NO_SHOW_MENTEE})
"""The mentor came."""


@dataclass(frozen=True, slots=True)
class SoldSession:
    """One session of a sale. `gross_minor` and `share_minor` are frozen at the hold: what it costs before discount and
    tax, and what the mentor has of that; its parts of the sale's discount and tax when it was paid."""

    booking_id: int
    gross_minor: int
    share_minor: int
    status: BookingStatus
    starts_at: datetime
    cancelled_at: datetime | None = None
    is_final: bool = False
    """What became of it does not change any more."""
    all_back: bool = False
    """It took place, and an operator has decided that all goes back."""
    discount_minor: int = 0
    tax_minor: int = 0
    given_back_minor: int = 0
    """What goes back beside that, since an operator or a bank has decided so after it was settled."""


@dataclass(frozen=True, slots=True)
class UnusedSession:
    """One of a sale that has no booking, or one that was called off without using it up: its sums as they were frozen.
    It goes back by ending the programme, and by nothing else."""

    gross_minor: int
    discount_minor: int = 0
    tax_minor: int = 0
    is_returned: bool = False


@dataclass(frozen=True, slots=True)
class FrozenSale:
    """`sessions` in their order, and `unused` beside them; `tax_included`: the prices have the tax in them, else it
    came on top."""

    policy: CancellationPolicy
    currency: str
    sessions: tuple[SoldSession, ...]
    tax_included: bool = False
    withdrawal_until: datetime | None = None
    """Until then the mentee may call off what has not begun for all of the money, whatever the policy."""
    unused: tuple[UnusedSession, ...] = ()

    def paid_for(self, session: SoldSession | UnusedSession) -> Money:
        """What the mentee has paid for it: after discount, with tax."""
        on_top = 0 if self.tax_included else session.tax_minor
        return Money(session.gross_minor - session.discount_minor + on_top, self.currency)

    def all_back_until(self, starts_at: datetime) -> datetime:
        """The last instant at which a mentee's cancelling gives all back; not before what the policy says."""
        free_until = self.policy.free_until(starts_at)
        if self.withdrawal_until is None:
            return free_until
        return max(free_until, min(self.withdrawal_until, starts_at))

    @property
    def total(self) -> Money:
        """What was paid for all of it."""
        return self._paid_for_all((*self.sessions, *self.unused))

    @property
    def unused_paid(self) -> Money:
        """What was paid for what is still to be booked: all of it goes back when it ends."""
        return self._paid_for_all(each for each in self.unused if not each.is_returned)

    def gives_all_back(self, booking_id: int) -> bool:
        """Whether what became of the session gives all back that was paid for it, be it nothing."""
        return any(_back_bp(each, self) == ALL_BP for each in self.sessions if each.booking_id == booking_id)

    def _paid_for_all(self, sessions: Iterable[SoldSession | UnusedSession]) -> Money:
        return Money(sum(self.paid_for(each).minor for each in sessions), self.currency)

    def with_cancelled(self, booking_id: int, status: BookingStatus, at: datetime) -> FrozenSale:
        """As it would be if that session were cancelled then."""
        return replace(
            self,
            sessions=tuple(
                replace(each, status=status, cancelled_at=at) if each.booking_id == booking_id else each
                for each in self.sessions
            ),
        )

    def with_outcome(self, booking_id: int, status: BookingStatus, *, all_back: bool = False) -> FrozenSale:
        """As it would be if that became of the session."""
        return replace(
            self,
            sessions=tuple(
                replace(each, status=status, is_final=True, all_back=all_back)
                if each.booking_id == booking_id
                else each
                for each in self.sessions
            ),
        )

    def ended(self) -> FrozenSale:
        """As it would be if nothing more were booked of it."""
        return replace(self, unused=tuple(replace(each, is_returned=True) for each in self.unused))


UNUSED = None
"""Where a session is named by its booking: what went back unused, all together."""


@dataclass(frozen=True, slots=True)
class Dues:
    """Of one session that is settled, or of all that went back unused: paid = back + share + tax + fee. `gross` is what
    it cost before discount and tax, `tax` is the state's part of what is kept. `fee` is the site's, and negative where
    a discount is more than that: then the site gives of its own."""

    booking_id: int | None
    gross: Money
    paid: Money
    back: Money
    share: Money
    tax: Money
    fee: Money

    @property
    def kept(self) -> Money:
        return self.paid - self.back

    @property
    def fee_earned(self) -> Money:
        return max(self.fee, Money(0, self.fee.currency))

    @property
    def added(self) -> Money:
        """What the site gives of its own."""
        return self.fee_earned - self.fee

    @property
    def moves_something(self) -> bool:
        """Whether anybody earns, owes or gives something by what does not go back."""
        return bool(self.share or self.tax or self.fee)


def settle(sale: FrozenSale) -> list[Dues]:
    """Of the sessions that are called off, of those of which it is final what became of them, and of what went back
    unused."""
    over = [_dues(sale, each) for each in sale.sessions if each.cancelled_at is not None or each.is_final]
    return [*over, *_dues_of_returned(sale)]


def still_owed(
    dues: Sequence[Dues], refunded: Mapping[int | None, Money], left: Money, gone: Money | None = None
) -> list[tuple[int | None, Money]]:
    """What is to be sent back for which session beyond what was, in any state; together never more than is `left` of
    the payment. What is `gone` reached the mentee another way, by a bank or on a warning of fraud, and counts."""
    owed, gone = [], gone or Money(0, left.currency)
    for each in dues:
        missing = each.back - refunded.get(each.booking_id, Money(0, each.back.currency))
        reached = max(min(missing, gone), Money(0, gone.currency))
        gone = gone - reached
        amount = min(missing - reached, left)
        if amount.minor > 0:
            owed.append((each.booking_id, amount))
            left = left - amount
    return owed


KEPT_KEY = ("session-", "-kept")
"""What stands before and after a session's id in the key under which the books have what was kept for it."""


def kept_key(booking_id: int) -> str:
    """Under which the books have what was kept for a session, once."""
    return f"{booking_id}".join(KEPT_KEY)


def _dues_of_returned(sale: FrozenSale) -> Iterator[Dues]:
    """All of it goes back."""
    returned = [each for each in sale.unused if each.is_returned]
    if returned:
        paid, nothing = (
            Money(sum(sale.paid_for(each).minor for each in returned), sale.currency),
            Money(0, sale.currency),
        )
        gross = Money(sum(each.gross_minor for each in returned), sale.currency)
        yield Dues(UNUSED, gross, paid, back=paid, share=nothing, tax=nothing, fee=nothing)


def _dues(sale: FrozenSale, session: SoldSession) -> Dues:
    """The mentor's share is what it would be without discount and tax: the site bears those, first from its fee."""
    rate = _back_bp(session, sale)
    gross, paid = Money(session.gross_minor, sale.currency), sale.paid_for(session)
    back = _part(paid, rate)
    kept = paid - back
    tax = _in_ratio(kept, session.tax_minor, paid.minor)
    share = _in_ratio(gross - _part(gross, rate), session.share_minor, gross.minor)
    if gross <= paid - Money(session.tax_minor, sale.currency):
        share = min(
            share, kept - tax
        )  # without a discount, a last unit of rounding is the site's to lose, never to give
    dues = Dues(session.booking_id, gross, paid, back, share, tax, kept - tax - share)
    return _less(dues, Money(session.given_back_minor, sale.currency)) if kept and session.given_back_minor else dues


def _less(dues: Dues, given: Money) -> Dues:
    """What is kept after all is split as what was kept before. Rounded once for all that was given, however many times
    it was given in."""
    kept = max(dues.kept - given, Money(0, given.currency))
    tax, share = (_scaled(part, kept, dues.kept) for part in (dues.tax, dues.share))
    if dues.fee.minor >= 0:
        share = min(share, kept - tax)
    return replace(dues, back=dues.paid - kept, share=share, tax=tax, fee=kept - tax - share)


def _scaled(part: Money, kept: Money, before: Money) -> Money:
    unit = step(part.currency)
    return Money(round_half_even(part.minor * kept.minor, before.minor * unit) * unit, part.currency)


def _back_bp(session: SoldSession, sale: FrozenSale) -> int:
    """All of it, unless it took place or the mentee did not come: then nothing; or the mentee called it off: then by
    the policy that was frozen with the sale, or by the right to withdraw that is frozen with it too."""
    if session.status in EARNED and not session.all_back:
        return 0
    if session.status is not BookingStatus.CANCELLED_BY_MENTEE or session.cancelled_at is None:
        return ALL_BP
    withdrawn = sale.withdrawal_until is not None and session.cancelled_at <= sale.withdrawal_until
    if withdrawn and session.cancelled_at < session.starts_at:
        return ALL_BP
    return sale.policy.refund_bp(starts_at=session.starts_at, cancelled_at=session.cancelled_at)


def _part(amount: Money, rate_bp: int) -> Money:
    return amount if rate_bp == ALL_BP else amount.percent(rate_bp)


def _in_ratio(amount: Money, part: int, whole: int) -> Money:
    """As much of `amount` as `part` is of `whole`, never more than it; one rounding, half to even, in the currency's
    step. Of all it is all of the part."""
    if amount.minor == whole or not whole:
        return Money(part if whole else 0, amount.currency)
    unit = step(amount.currency)
    minor = round_half_even(amount.minor * part, whole * unit) * unit
    return Money(min(minor, amount.minor), amount.currency)
