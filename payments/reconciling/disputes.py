"""Holds what is known of disputes and warnings of fraud against Stripe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from marketplace.core.errors import DomainError
from payments.disputing import Disputing
from payments.domain.disputes import DisputeState, next_dispute_status
from payments.domain.exchanges import Moved
from payments.models.disputes import Dispute
from payments.queries.exchanges import exchanged_later
from payments.reconciling.lines import NOT_EXCHANGED, Line, Result, tried
from payments.till import Till

REACH = timedelta(days=180)
"""A bank may take months to decide."""


def disputes(till: Till) -> Iterator[Line]:
    """Opened at Stripe and not known here, in another state there, and known here but not there; and what a bank has
    warned of and can still go back."""
    since, disputing = till.now - REACH, Disputing(till.session, till.gateway, till.now)
    try:
        theirs, warnings = till.gateway.disputes.since(since), till.gateway.disputes.warnings_since(since)
    except DomainError as failure:
        yield Line(Result.LEFT, "disputes at Stripe", str(failure))
        return
    ours = {each.stripe_dispute_id: each for each in till.session.scalars(select(Dispute))}
    known = exchanged_later(till.session)
    till.session.commit()
    for state in theirs:
        yield from _one(till, disputing, state, ours.get(state.id), known)
    for warning in warnings:
        if warning.actionable and disputing.is_something_left(warning.payment_intent):
            yield tried(till, f"warning {warning.id}", "was not acted on", disputing.look_at_warning, warning.id)
    yield from _missing(ours.values(), {each.id for each in theirs}, since)


def _one(
    till: Till, disputing: Disputing, theirs: DisputeState, ours: Dispute | None, known: set[Moved]
) -> Iterator[Line]:
    name = f"dispute {theirs.id}"
    if ours is None:
        if disputing.is_ours(theirs.payment_intent):
            yield tried(till, name, f"is {theirs.status} at Stripe, and was not known here", disputing.look, theirs.id)
    elif _differs(theirs, ours):
        yield tried(till, name, f"is {theirs.status} at Stripe, and was {ours.status} here", disputing.look, theirs.id)
    elif not known.issuperset(theirs.exchanged):
        yield tried(till, name, NOT_EXCHANGED, disputing.look, theirs.id)


def _differs(theirs: DisputeState, ours: Dispute) -> bool:
    status = next_dispute_status(ours.state, theirs.status)
    sums = (theirs.taken.minor, theirs.returned.minor, theirs.fee.minor)
    return status is not ours.state or sums != (ours.taken_minor, ours.returned_minor, ours.fee_minor)


def _missing(ours: Iterable[Dispute], there: set[str], since: datetime) -> Iterator[Line]:
    for each in ours:
        if each.opened_at > since and each.stripe_dispute_id not in there:
            yield Line(Result.LEFT, f"dispute {each.stripe_dispute_id}", "is known here, and not at Stripe")
