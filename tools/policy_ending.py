"""The part of docs/who-gets-what.md about programmes that end without fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from booking.domain.states import CANCELLED_BY, BookingStatus, Canceller
from marketplace.core.money import Money
from payments.domain.settle import FrozenSale, UnusedSession, settle
from tools.policy_terms import ALL_TERMS, Terms, in_words, sum_in_words

PROGRAMMES = [terms for terms in ALL_TERMS if terms.sessions > 1]
MOMENT = timedelta(microseconds=1)

ENDING = """
## When a programme ends

Three sessions that were bought together, and ended without fault by the mentee after none, one or two of them took
place. Of the others one is booked, and the rest is not. What is not booked goes back whole, whoever ends it. So does
the one that is booked while it can be called off for nothing, or if it is the mentor who ends; past that limit half of
it goes back by the policy that was sold. What took place stays earned.
"""
HEAD = (
    *("sale", "took place", "paid", "back for what is not booked"),
    *("with the booked one, still free", "mentor", "tax", "site"),
    *("with the booked one, past its limit", "mentor", "tax", "site"),
)


@dataclass(frozen=True, slots=True)
class Ended:
    """Of all of a programme, in the end."""

    paid: Money
    unused: Money
    back: Money
    share: Money
    tax: Money
    fee: Money


def ended(terms: Terms, held: int, by: Canceller, *, is_late: bool) -> Ended:
    """After so many took place, with the next one booked and the others unused."""
    sale = _going_on(terms, held)
    booked = sale.sessions[-1]
    notice = MOMENT if is_late else sale.policy.notice
    over = sale.with_cancelled(booked.booking_id, CANCELLED_BY[by], booked.starts_at - notice).ended()
    dues, none = settle(over), Money(0, terms.currency)
    parts = ((each.back, each.share, each.tax, each.fee) for each in dues)
    back, share, tax, fee = (sum(column, none) for column in zip(*parts, strict=True))
    return Ended(sale.total, sale.unused_paid, back, share, tax, fee)


def _going_on(terms: Terms, held: int) -> FrozenSale:
    sale = terms.sale(BookingStatus.COMPLETED)
    booked = replace(sale.sessions[held], status=BookingStatus.CONFIRMED, is_final=False)
    rest = (UnusedSession(each.gross_minor, each.discount_minor, each.tax_minor) for each in sale.sessions[held + 1 :])
    return replace(sale, sessions=(*sale.sessions[:held], booked), unused=tuple(rest))


def rows() -> Iterator[str]:
    yield f"| {' | '.join(HEAD)} |"
    yield "|" + "---|" * len(HEAD)
    for terms in PROGRAMMES:
        for held in range(terms.sessions):
            free, late = (ended(terms, held, Canceller.MENTEE, is_late=is_late) for is_late in (False, True))
            sums = [free.paid, free.unused, free.back, free.share, free.tax, free.fee]
            sums += [late.back, late.share, late.tax, late.fee]
            yield f"| {' | '.join([in_words(terms), str(held) if held else '–', *map(sum_in_words, sums)])} |"
