"""Holds whom Stripe pays, and what it has paid them, against Stripe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from marketplace.core.errors import DomainError
from marketplace.core.formats import money
from marketplace.core.money import Money
from payments.domain.payouts import Transfers
from payments.domain.states import TransferStatus
from payments.domain.transfers import TransferState
from payments.onboarding import Onboarding
from payments.paying import Paying
from payments.queries import owed as owed_queries
from payments.queries import payouts as payout_queries
from payments.queries import transfers as transfer_queries
from payments.queries.payouts import AccountRow
from payments.queries.transfers import TRY_AGAIN_AFTER, TransferRow
from payments.reconciling.lines import Line, Result, failure_of, tried
from payments.taking_back import TakingBack
from payments.till import Till

TRANSFERS_REACH = timedelta(days=30)


def accounts(till: Till) -> Iterator[Line]:
    """Whether each mentor can be paid, as Stripe says now."""
    known = payout_queries.account_rows(till.session)
    till.session.commit()
    onboarding = Onboarding(till.session, till.gateway, till.now)
    for before in known:
        failure = None if before.refused else failure_of(till, onboarding.look, before.mentor_id)
        after = payout_queries.account_row(till.session, before.mentor_id) or before
        till.session.commit()
        yield from _account(before, after, failure)


def _account(before: AccountRow, after: AccountRow, failure: str | None) -> Iterator[Line]:
    name = f"account {after.stripe_account_id or after.reference} of mentor {after.mentor_id}"
    if after.refused:
        yield Line(Result.LEFT, name, f"Stripe refuses to make it: {after.refused}")
    elif after.transfers is Transfers.GONE:
        yield Line(Result.LEFT, name, "is not known at Stripe, or not shown to this site: the mentor cannot be paid")
    elif failure:
        yield Line(Result.LEFT, name, failure)
    elif after.transfers is not before.transfers:
        yield Line(Result.HEALED, name, f"transfers were {before.transfers}, are {after.transfers}")


def transfers(till: Till) -> Iterator[Line]:
    """What was earned and not transferred, what Stripe refused, and what was made or undone behind our back."""
    paying = Paying(till.session, till.gateway, till.now)
    waiting = transfer_queries.sessions_to_transfer(till.session, till.now + TRY_AGAIN_AFTER)
    refused = [row.booking_id for row in transfer_queries.transfer_rows(till.session) if row.refused]
    reversals = owed_queries.reversals_to_ask_for(till.session, till.now + TRY_AGAIN_AFTER)
    till.session.commit()
    for booking_id in waiting:
        yield _paid(till, booking_id, failure_of(till, paying.pay, booking_id), "was earned and not transferred")
    for reversal_id in reversals:
        asking = TakingBack(till.session, till.gateway, till.now)
        yield tried(till, f"reversal number {reversal_id}", "was to be taken back", asking.ask, reversal_id)
    for booking_id in refused:
        yield _paid(till, booking_id, failure_of(till, paying.again, booking_id), "was refused by Stripe before")
    yield from _made(till)


def _paid(till: Till, booking_id: int, failure: str | None, says: str) -> Line:
    row = next((row for row in transfer_queries.transfer_rows(till.session) if row.booking_id == booking_id), None)
    till.session.commit()
    name = f"transfer for session {row.session if row else booking_id}"
    if row is not None and row.status is TransferStatus.SENT:
        return Line(Result.HEALED, name, says)
    if row is not None and row.refused:
        return Line(Result.LEFT, name, f"is owed, and Stripe refuses it: {row.refused}")
    return Line(
        Result.LEFT, name, failure or "is owed: the mentor cannot be paid now, or too little is left of the payment"
    )


def _made(till: Till) -> Iterator[Line]:
    since = till.now - TRANSFERS_REACH
    try:
        made = till.gateway.transfers.since(since)
    except DomainError as failure:
        yield Line(Result.LEFT, "transfers at Stripe", str(failure))
        return
    rows = transfer_queries.transfer_rows(till.session)
    ours = {row.stripe_account_id for row in payout_queries.account_rows(till.session)}
    till.session.commit()
    taken = owed_queries.taken_back_by_us(till.session)
    till.session.commit()
    by_reference = {row.reference: row for row in rows if row.reference}
    for theirs in made:
        if theirs.destination in ours:
            yield from _made_one(theirs, by_reference.get(theirs.reference or ""), taken.get(theirs.id, 0))
    yield from _missing(rows, {theirs.id for theirs in made}, till)


def _made_one(theirs: TransferState, row: TransferRow | None, taken_minor: int) -> Iterator[Line]:
    name = f"transfer {theirs.id}"
    if row is None:
        says = f"was made by hand to a mentor, {money(theirs.amount)}: this site does not count it"
        yield Line(Result.LEFT, name, says)
    elif theirs.reversed.minor != taken_minor:
        by_hand = money(theirs.reversed - Money(taken_minor, theirs.reversed.currency))
        says = f"{by_hand} of it was taken back by hand at Stripe: this site does not count it; pay it in another way"
        yield Line(Result.LEFT, name, says)


def _missing(rows: list[TransferRow], made: set[str], till: Till) -> Iterator[Line]:
    since = till.now - TRANSFERS_REACH
    for row in rows:
        if row.stripe_transfer_id and row.sent_at and row.sent_at > since and row.stripe_transfer_id not in made:
            yield Line(Result.LEFT, f"transfer {row.stripe_transfer_id}", f"of session {row.session} is not at Stripe")
