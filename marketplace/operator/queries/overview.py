"""What an operator sees first: what waits for a person, the sessions of these days, and where the money is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.domain.states import PENDING, BookingStatus
from booking.models.bookings import Booking
from booking.queries.outcomes import waiting_for_operator
from booking.queries.outside import outside_count
from marketplace.core.money import Money
from marketplace.mentorships.queries.messages import Silence, silences
from marketplace.mentorships.queries.reports import open_reports
from marketplace.operator.queries import refunds, transfers
from marketplace.operator.queries.vetting import Shown, counts
from payments.domain.ledger import Account
from payments.queries import ledger as queries_ledger
from payments.queries.disputes import to_answer
from payments.queries.exchanges import waiting_exchanges
from payments.queries.inbox import left_count

DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of each no machine can bring to an end. `submitted` and `changed` are mentors' profiles."""

    submitted: int
    changed: int
    claims: int
    refunds: int
    disputes: int
    transfers: int
    exchanges: int
    events: int
    reports: int

    @property
    def nothing(self) -> bool:
        money = (self.refunds, self.disputes, self.transfers, self.exchanges)
        return not any((self.submitted, self.changed, self.claims, *money, self.events, self.reports))


@dataclass(frozen=True, slots=True)
class Sessions:
    """`today` by the calendar of the reader; `ahead` in the next DAYS_AHEAD days from now; `held` are being paid;
    `outside` lie outside what they were judged by, of all that there ever were: always none."""

    today: int
    ahead: int
    held: int
    outside: int


@dataclass(frozen=True, slots=True)
class MoneyOf:
    """In one currency: what Stripe holds, what mentees have paid ahead, what is to go back to them or on its way, what
    mentors have earned and were not paid, what they owe, what the site has earned, what it has given for discounts,
    what it owes in tax, and what Stripe has kept."""

    held: Money
    prepaid: Money
    going_back: Money
    mentors: Money
    owed: Money
    site: Money
    discounts: Money
    tax: Money
    fees: Money


@dataclass(frozen=True, slots=True)
class Overview:
    waiting: Waiting
    sessions: Sessions
    money: list[MoneyOf]
    silences: list[Silence]
    """Who waits for an answer of a mentor; how it is worded is theirs."""


def overview(session: Session, zone: ZoneInfo, now: datetime) -> Overview:
    """In a number of statements that does not grow."""
    mentors = counts(session)
    waiting = Waiting(
        submitted=mentors[Shown.SUBMITTED],
        changed=mentors[Shown.CHANGED],
        claims=len(waiting_for_operator(session, now)),
        refunds=refunds.stuck_count(session),
        disputes=len(to_answer(session, now)),
        transfers=transfers.stuck_count(session),
        exchanges=waiting_exchanges(session),
        events=left_count(session),
        reports=open_reports(session),
    )
    money = _money(queries_ledger.balances(session))
    return Overview(waiting, _sessions(session, zone, now), money, silences(session))


def _sessions(session: Session, zone: ZoneInfo, now: datetime) -> Sessions:
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    confirmed = Booking.status == BookingStatus.CONFIRMED
    today = Booking.starts_at.between(midnight, midnight + timedelta(days=1) - timedelta(microseconds=1))
    ahead = Booking.starts_at.between(now, now + timedelta(days=DAYS_AHEAD))
    row = session.execute(
        select(
            func.count().filter(confirmed, today),
            func.count().filter(confirmed, ahead),
            func.count().filter(Booking.status.in_(PENDING)),
        ).where(Booking.status.in_({*PENDING, BookingStatus.CONFIRMED}))
    ).one()
    return Sessions(*row, outside=outside_count(session))


def _money(balances: Mapping[tuple[str, str], int]) -> list[MoneyOf]:
    """What we owe is negative in the books, and told as a positive sum."""

    def of(account: Account, currency: str) -> Money:
        return Money(abs(balances.get((account, currency), 0)), currency)

    return [
        MoneyOf(
            held=Money(balances.get((Account.STRIPE_CLEARING, currency), 0), currency),
            prepaid=of(Account.MENTEE_PREPAID, currency),
            going_back=of(Account.REFUNDS_OWED, currency) + of(Account.REFUNDS_IN_FLIGHT, currency),
            mentors=of(Account.MENTOR_PAYABLE, currency),
            owed=of(Account.MENTOR_RECEIVABLE, currency),
            site=of(Account.SITE_FEES, currency),
            discounts=of(Account.SITE_DISCOUNTS, currency),
            tax=of(Account.TAX_PAYABLE, currency),
            fees=of(Account.STRIPE_FEES, currency),
        )
        for currency in sorted({currency for _, currency in balances})
    ]
