"""Reads of the books for a month."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from payments.domain.books import Booked, Books, month_of
from payments.domain.ledger import Account, Entry
from payments.models.ledger import LedgerEntry, LedgerTransaction


def books_of(session: Session, month: date) -> Books:
    first, following = month_of(month)
    begins, ends = (datetime(day.year, day.month, 1, tzinfo=UTC) for day in (first, following))
    before = (
        select(LedgerEntry.account, LedgerEntry.currency, func.sum(LedgerEntry.amount_minor))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(LedgerTransaction.booked_at < begins)
        .group_by(LedgerEntry.account, LedgerEntry.currency)
    )
    opening = {(Account(account), currency): int(minor) for account, currency, minor in session.execute(before)}
    rows = session.execute(
        select(LedgerTransaction, LedgerEntry)
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .where(LedgerTransaction.booked_at >= begins, LedgerTransaction.booked_at < ends)
        .order_by(LedgerTransaction.booked_at, LedgerTransaction.id, LedgerEntry.position)
    )
    facts: dict[int, LedgerTransaction] = {}
    entries: defaultdict[int, list[Entry]] = defaultdict(list)
    for transaction, entry in rows:
        facts[transaction.id] = transaction
        entries[transaction.id].append(Entry(Account(entry.account), Money(entry.amount_minor, entry.currency)))
    booked = (
        Booked(each.id, each.booked_at.astimezone(UTC), each.kind, each.business_key, tuple(entries[each.id]))
        for each in facts.values()
    )
    return Books(first, following, opening, tuple(booked))


def months_booked(session: Session) -> list[date]:
    """First days of the months in which something was booked, the newest first."""
    month = func.date_trunc("month", func.timezone("UTC", LedgerTransaction.booked_at))
    return [found.date() for found in session.scalars(select(month).distinct().order_by(month.desc()))]
