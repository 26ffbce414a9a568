"""The books of a month, to take along: as CSV, and as beancount reads them. Pure.

Days and months are those of UTC, as at Stripe.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from types import MappingProxyType

from marketplace.core.money import Money, decimals
from payments.domain.ledger import Account, Entry

Sums = Mapping[tuple[Account, str], int]
"""Minor units, signed, by account and currency."""

CSV_COLUMNS = ("transaction", "booked_at", "kind", "about", "account", "amount", "currency")
NAMES: Mapping[Account, str] = MappingProxyType(
    {
        Account.STRIPE_CLEARING: "Assets:Stripe",
        Account.SITE_BANK: "Assets:SiteBank",
        Account.MENTOR_RECEIVABLE: "Assets:Mentors:Owed",
        Account.MENTEE_PREPAID: "Liabilities:Mentees:Prepaid",
        Account.REFUNDS_OWED: "Liabilities:Mentees:RefundsOwed",
        Account.REFUNDS_IN_FLIGHT: "Liabilities:Mentees:RefundsInFlight",
        Account.MENTOR_PAYABLE: "Liabilities:Mentors",
        Account.TAX_PAYABLE: "Liabilities:Tax",
        Account.MENTOR_WAITING: "Liabilities:MentorsWaiting",
        Account.DISPUTED: "Assets:Disputed",
        Account.DISPUTE_LOSS: "Expenses:DisputeLoss",
        Account.SITE_FEES: "Income:SiteFees",
        Account.SITE_DISCOUNTS: "Expenses:Discounts",
        Account.STRIPE_FEES: "Expenses:StripeFees",
        Account.FX: "Equity:Exchange",
    }
)
"""Of each account in beancount, which signs as we do: what comes to an account is positive."""


@dataclass(frozen=True, slots=True)
class Booked:
    """`about` names the payment or the refund."""

    number: int
    at: datetime
    kind: str
    about: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Books:
    """From the first day of a month to that of the next, which is left out."""

    first: date
    following: date
    opening: Sums
    booked: tuple[Booked, ...]

    @property
    def closing(self) -> Sums:
        sums = Counter(self.opening)
        for each in self.booked:
            for entry in each.entries:
                sums[entry.account, entry.amount.currency] += entry.amount.minor
        return sums


def month_of(day: date) -> tuple[date, date]:
    """Its first day and that of the following month."""
    first = day.replace(day=1)
    return first, first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def as_csv(books: Books) -> str:
    """One line for each entry; what was there before stands first, as a transaction without a number."""
    written = StringIO(newline="")
    table = csv.writer(written)
    table.writerow(CSV_COLUMNS)
    for (account, currency), minor in sorted(books.opening.items()):
        if minor:
            table.writerow(("", books.first.isoformat(), "opening", "", account, _number(minor, currency), currency))
    for each in books.booked:
        for entry in each.entries:
            amount = _number(entry.amount.minor, entry.amount.currency)
            at = each.at.isoformat(timespec="seconds")
            table.writerow((each.number, at, each.kind, each.about, entry.account, amount, entry.amount.currency))
    return written.getvalue()


def as_beancount(books: Books, title: str) -> str:
    """With what was there before, and a balance of each account on the first day of the next month, so that whoever
    loads it sees that nothing is missing."""
    return "\n".join(_beancount(books, title)) + "\n"


def _beancount(books: Books, title: str) -> Iterator[str]:
    clean = title.replace("\\", "").replace('"', "")
    yield f'option "title" "{clean}"'
    for currency in sorted({currency for _, currency in books.closing}):
        yield f'option "operating_currency" "{currency}"'
    for account in Account:
        yield f"{books.first} open {NAMES[account]}"
    opening = {key: minor for key, minor in sorted(books.opening.items()) if minor}
    if opening:
        yield f'\n{books.first} * "what was there before"'
        yield from (_posting(account, Money(minor, currency)) for (account, currency), minor in opening.items())
    for each in books.booked:
        yield f'\n{each.at.date()} * "{each.kind}" "{each.about}"'
        yield f'  transaction: "{each.number}"'
        yield from (_posting(entry.account, entry.amount) for entry in each.entries)
    yield ""
    for (account, currency), minor in sorted(books.closing.items()):
        yield f"{books.following} balance {NAMES[account]}  {_number(minor, currency)} {currency}"


def _posting(account: Account, amount: Money) -> str:
    return f"  {NAMES[account]}  {_number(amount.minor, amount.currency)} {amount.currency}"


def _number(minor: int, currency: str) -> str:
    return f"{Decimal(minor).scaleb(-decimals(currency)):f}"
