"""What no webhook told: Stripe is asked by itself, every quarter of an hour, and what is new is acted on as ever.

Commit, call, commit: nothing here holds a transaction open while Stripe is asked.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from marketplace.core.errors import DomainError
from payments.disputing import Disputing
from payments.domain.checkout import CheckoutState
from payments.domain.inbox import NEEDED_EVENTS, EventSource
from payments.domain.states import PaymentStatus
from payments.models.polls import PollState
from payments.queries import reconcile as rows
from payments.services.inbox import receive
from payments.till import Till

_log = logging.getLogger(__name__)

EVERY = timedelta(minutes=15)
OVERLAP = timedelta(hours=1)
"""Asked about again: clocks differ, and what Stripe lists may lag behind."""
FARTHEST_REACH = timedelta(days=30)
"""Stripe lists no older events. The first time goes as far, since workers may start long after the first sale.
Reconciling asks about sessions of as long: after a restored backup, one that was paid may be far older than
SESSIONS_REACH, and its event may have been delivered to the database that is lost."""
SESSIONS_REACH = timedelta(hours=26)
"""A Checkout Session lives for a day at most; two hours more for what was paid at its end."""
EVENTS, SESSIONS, DISPUTES = "events", "sessions", "disputes"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Sessions that we do not know, or not that they are paid; and those whose payment is not here, or has another."""

    news: list[CheckoutState]
    strays: list[CheckoutState]


def is_due(session: Session, name: str, now: datetime) -> bool:
    done_at = session.scalar(select(PollState.done_at).where(PollState.name == name))
    return done_at is None or done_at <= now - EVERY


def poll_events(till: Till) -> int:
    """Take in what Stripe could not deliver. How many were new."""
    session, began = till.session, till.now
    found = till.gateway.undelivered_events(_since(till, EVENTS, overlap=OVERLAP), NEEDED_EVENTS)
    taken = sum(
        receive(
            session.connection(),
            event_id=event.id,
            event_type=event.type,
            object_id=event.object_id,
            api_version=event.api_version,
            livemode=event.livemode,
            created_at=event.created_at,
            body=event.body,
            now=began,
            source=EventSource.POLL,
        )
        for event in found
    )
    _note_done(session, EVENTS, began)
    session.commit()
    return taken


def poll_sessions(till: Till) -> None:
    """Look at every session of ours of which Stripe knows more than we do."""
    all_seen = True
    since = _since(till, SESSIONS, overlap=SESSIONS_REACH)
    for theirs in unknown_sessions(till, since).news:
        try:
            till.look_at_session(theirs.id)
        except DomainError as later:
            till.session.rollback()
            _log.warning("checkout session %s could not be looked at: %s", theirs.id, later)
            all_seen = False
    if all_seen:
        _note_done(till.session, SESSIONS, till.now)
    till.session.commit()


def poll_disputes(till: Till) -> int:
    """Learn of every dispute and warning since the last time, told of or not. How many are about payments of ours."""
    session, began = till.session, till.now
    since = _since(till, DISPUTES, overlap=OVERLAP)
    disputing = Disputing(session, till.gateway, till.now)
    found = till.gateway.disputes.since(since)
    known = sum(disputing.look(each.id) for each in found)
    warnings = [each for each in till.gateway.disputes.warnings_since(since) if each.actionable]
    known += sum(disputing.look_at_warning(each.id) for each in warnings)
    _note_done(session, DISPUTES, began)
    session.commit()
    return known


def unknown_sessions(till: Till, since: datetime) -> Unknown:
    """Among those made since then."""
    theirs = [each for each in till.gateway.sessions_since(since) if each.payment]
    ours = rows.payments_named(till.session, [str(each.payment) for each in theirs])
    till.session.commit()
    news, strays = [], []
    for each in theirs:
        payment = ours.get(str(each.payment))
        if payment is None or payment.stripe_session_id not in {None, each.id}:
            strays.append(each)
        elif payment.stripe_session_id is None or (each.is_paid and payment.status is not PaymentStatus.PAID):
            news.append(each)
    return Unknown(news, strays)


def _since(till: Till, name: str, *, overlap: timedelta) -> datetime:
    """From when on to ask: since the last time that was answered in full, also if no worker ran for days."""
    done_at = till.session.scalar(select(PollState.done_at).where(PollState.name == name))
    till.session.commit()
    farthest = till.now - FARTHEST_REACH
    return farthest if done_at is None else max(done_at - overlap, farthest)


def _note_done(session: Session, name: str, began: datetime) -> None:
    row = insert(PollState).values(name=name, done_at=began)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"done_at": began}))
