"""Who gets what of a sale: what the mentee is to have back and what is earned, from facts alone. Pure.

It can be asked at any time and any number of times: the same facts give the same sums. What stands between them and the
books is the difference, and only that is issued.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    tax, and what the mentor has of that."""

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


@dataclass(frozen=True, slots=True)
class FrozenSale:
    """`total` is what was paid for all of it; `sessions` in their order."""

    policy: CancellationPolicy
    total: Money
    sessions: tuple[SoldSession, ...]

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


@dataclass(frozen=True, slots=True)
class Dues:
    """Of one session that is settled: paid = back + share + fee, none of them negative."""

    booking_id: int
    paid: Money
    back: Money
    share: Money
    fee: Money


def settle(sale: FrozenSale) -> list[Dues]:
    """Of the sessions that are called off, and of those of which it is final what became of them."""
    paid = paid_for_each(sale.total, [each.gross_minor for each in sale.sessions])
    return [
        _dues(each, paid_for_it, sale.policy)
        for each, paid_for_it in zip(sale.sessions, paid, strict=True)
        if each.cancelled_at is not None or each.is_final
    ]


def still_owed(dues: Sequence[Dues], refunded: Mapping[int, Money], left: Money) -> list[tuple[int, Money]]:
    """What is to be sent back for which session beyond what was, in any state; together never more than is `left` of
    the payment."""
    owed = []
    for each in dues:
        missing = each.back - refunded.get(each.booking_id, Money(0, each.back.currency))
        amount = min(missing, left)
        if amount.minor > 0:
            owed.append((each.booking_id, amount))
            left = left - amount
    return owed


def kept_key(booking_id: int) -> str:
    """Under which the books have what was kept for a session, once."""
    return f"session-{booking_id}-kept"


def paid_for_each(total: Money, gross_minor: Sequence[int]) -> list[Money]:
    """The total over the sessions as they cost before discount and tax, in the currency's step; the rest to the
    first."""
    unit, whole = step(total.currency), sum(gross_minor)
    if not whole:
        return [total, *(Money(0, total.currency) for _ in gross_minor[1:])] if gross_minor else []
    parts = [total.minor * each // (whole * unit) * unit for each in gross_minor]
    parts[0] += total.minor - sum(parts)
    return [Money(part, total.currency) for part in parts]


def _dues(session: SoldSession, paid: Money, policy: CancellationPolicy) -> Dues:
    back = _back(session, paid, policy)
    kept = paid - back
    share = _share(session, kept)
    return Dues(session.booking_id, paid, back, share, kept - share)


def _back(session: SoldSession, paid: Money, policy: CancellationPolicy) -> Money:
    """All of it, unless it took place or the mentee did not come: then nothing; or the mentee called it off: then by
    the policy that was frozen with the sale."""
    if session.status in EARNED and not session.all_back:
        return Money(0, paid.currency)
    if session.status is not BookingStatus.CANCELLED_BY_MENTEE or session.cancelled_at is None:
        return paid
    rate = policy.refund_bp(starts_at=session.starts_at, cancelled_at=session.cancelled_at)
    return paid if rate == ALL_BP else paid.percent(rate)


def _share(session: SoldSession, kept: Money) -> Money:
    """The mentor's part of what is kept, in the frozen ratio; one rounding, half to even, and the site has the rest."""
    if not session.gross_minor:
        return Money(0, kept.currency)
    unit = step(kept.currency)
    minor = round_half_even(kept.minor * session.share_minor, session.gross_minor * unit) * unit
    return Money(min(minor, kept.minor), kept.currency)
