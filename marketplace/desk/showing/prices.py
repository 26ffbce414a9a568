"""What a price comes to: for the mentee, for the site, and for each hour that the mentor really works."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.core.money import Money
from marketplace.desk.forms.offerings import OfferingForm
from marketplace.offerings.domain.price import BadPrice
from payments.domain.fees import FOURTH, TENTH, FeeRule, Lines, PairFee, an_hour, price_lines


@dataclass(frozen=True, slots=True)
class Later:
    """What a mentee pays from their nth session with the same mentor."""

    nth: int
    rate_bp: int
    pays: Money
    left: Money


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a first session, or of a pair's first programme of several; `worked` minutes are all of its sessions with what
    comes before and after each."""

    lines: Lines
    rate_bp: int
    worked: int
    hourly: Money
    later: list[Later]
    sessions: int = 1


def sums_of(price: Money, rule: FeeRule, *, worked: int, sessions: int = 1) -> Sums:
    lines = PairFee(rule).lines(price, sessions)
    if sessions > 1:
        return Sums(lines, rule.rate_bp, worked, an_hour(lines.share, worked), [], sessions)
    steps = [(nth, rule.fee_for(nth)) for nth in (FOURTH, TENTH)]
    later = [(nth, fee.rate_bp, price_lines(price, fee)) for nth, fee in steps]
    return Sums(
        lines=lines,
        rate_bp=rule.rate_bp,
        worked=worked,
        hourly=an_hour(lines.share, worked),
        later=[Later(nth, rate, each.gross, each.share) for nth, rate, each in later if rate != rule.rate_bp],
    )


def sums_in(form: OfferingForm) -> Sums | None:
    """Of what is typed; None while any number in it is missing or wrong, and for what is free."""
    if form.price is None or form.price.errors:
        return None
    lengths = [form.minutes, form.preparation, form.follow_up]
    if any(field.data is None or field.errors for field in lengths):
        return None
    sessions = form.typed_sessions
    if sessions is None:
        return None
    worked = sessions * sum(field.data for field in lengths)
    try:
        return sums_of(form.typed_price, form.rule, worked=worked, sessions=sessions)
    except BadPrice:  # nothing is typed yet
        return None
