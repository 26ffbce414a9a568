"""What the database has of one session and of the sale that it was sold with, for the operator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from booking.models.bookings import Booking
from booking.models.claims import BookingClaim
from booking.models.moves import BookingMove, MoveProposal
from booking.queries.outcomes import claims_of
from marketplace.accounts.models import User
from marketplace.core.audit import AuditEntry
from marketplace.core.mail import MailRow
from payments.models.disputes import Dispute
from payments.models.ledger import LedgerEntry, LedgerTransaction
from payments.models.payouts import Transfer
from payments.models.returns import GivenBack, TakenBack, TransferReversal
from payments.models.sales import Payment, Purchase, Refund, StripeCommand
from payments.offers.cancel import anybodys_session
from payments.queries.inbox import EventLine, events_about
from payments.queries.sales import bookings_of, purchase_of

Row = TypeVar("Row")
Told = tuple[datetime, str, *tuple[str, ...]]
"""When, a sentence, and what stands below it exactly: terms of Stripe and of the books, and what people have said."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Each list in the order in which it came about."""

    booking: Booking
    purchase: Purchase
    siblings: list[Booking]
    """All sessions of the sale, this one among them."""
    moves: list[BookingMove]
    proposals: list[MoveProposal]
    claims: list[BookingClaim]
    payments: list[Payment]
    refunds: list[Refund]
    transfers: list[Transfer]
    disputes: list[Dispute]
    given_back: list[GivenBack]
    taken_back: list[TakenBack]
    reversals: list[TransferReversal]
    commands: list[StripeCommand]
    events: list[EventLine]
    booked: list[tuple[LedgerTransaction, list[LedgerEntry]]]
    letters: list[MailRow]
    deeds: list[AuditEntry]
    names: dict[int, str]
    """Of the people who had a part in it."""


def rows_of(session: Session, public_id: str) -> Rows:
    """In a number of statements that does not grow. Raises NotFound."""
    booking = anybodys_session(session, public_id)
    purchase = purchase_of(session, booking)
    moves = _all(session, select(BookingMove).where(BookingMove.booking_id == booking.id), BookingMove.id)
    proposals = _all(session, select(MoveProposal).where(MoveProposal.booking_id == booking.id), MoveProposal.id)
    payments = _all(session, select(Payment).where(Payment.purchase_id == purchase.id), Payment.id)
    refunds = _all(session, select(Refund).where(Refund.payment_id.in_(_ids(payments))), Refund.id)
    transfers = _all(session, select(Transfer).where(Transfer.payment_id.in_(_ids(payments))), Transfer.id)
    disputes = _all(session, select(Dispute).where(Dispute.payment_id.in_(_ids(payments))), Dispute.id)
    given_back = _all(session, select(GivenBack).where(GivenBack.booking_id == booking.id), GivenBack.id)
    taken_back = _all(session, select(TakenBack).where(TakenBack.booking_id == booking.id), TakenBack.id)
    reversals = _all(
        session,
        select(TransferReversal).where(TransferReversal.transfer_id.in_([each.id for each in transfers])),
        TransferReversal.id,
    )
    asked = [
        *(each.command_id for each in payments),
        *(each.command_id for each in refunds),
        *(each.command_id for each in transfers),
        *(each.command_id for each in reversals),
        *(each.evidence_command_id for each in disputes if each.evidence_command_id),
    ]
    keys = [
        booking.public_id,
        *(each.public_id for each in proposals),
        *(f"refund-{each.id}" for each in refunds),
        *(f"dispute-{each.id}" for each in disputes),
        *(f"{booking.public_id}-{each.number}" for each in given_back),
    ]
    commands = _all(session, select(StripeCommand).where(StripeCommand.id.in_(asked)), StripeCommand.id)
    letters = select(MailRow).where(MailRow.key.in_([*keys, *(each.business_key for each in commands)]))
    people = {purchase.mentee_id, purchase.mentor_id}
    deeds = _all(
        session,
        select(AuditEntry).where(
            AuditEntry.about_id.in_(people), AuditEntry.subject.in_([booking.public_id, purchase.public_id])
        ),
        AuditEntry.id,
    )
    had_a_part = {booking.cancelled_by, booking.decided_by, *(each.moved_by for each in moves)}
    had_a_part |= {each.by_hand_by for each in refunds} | {each.by_hand_by for each in transfers}
    had_a_part |= {each.actor_id for each in deeds} | people
    return Rows(
        booking=booking,
        purchase=purchase,
        siblings=bookings_of(session, purchase),
        moves=moves,
        proposals=proposals,
        claims=claims_of(session, booking.id),
        payments=payments,
        refunds=refunds,
        transfers=transfers,
        disputes=disputes,
        given_back=given_back,
        taken_back=taken_back,
        reversals=reversals,
        commands=commands,
        events=events_about(
            session, _stripe_ids(payments, refunds, transfers) | {each.stripe_dispute_id for each in disputes}
        ),
        booked=_booked(session, payments, refunds),
        letters=_all(session, letters.where(MailRow.user_id.in_(people)), MailRow.id),
        deeds=deeds,
        names={each.id: each.name for each in session.scalars(select(User).where(User.id.in_(had_a_part - {None})))},
    )


def _stripe_ids(payments: list[Payment], refunds: list[Refund], transfers: list[Transfer]) -> set[str]:
    """What Stripe calls them, as far as it has told."""
    ids = {
        *(each.stripe_session_id for each in payments),
        *(each.stripe_payment_intent_id for each in payments),
        *(each.stripe_refund_id for each in refunds),
        *(each.stripe_transfer_id for each in transfers),
    }
    return {each for each in ids if each}


def _booked(
    session: Session, payments: list[Payment], refunds: list[Refund]
) -> list[tuple[LedgerTransaction, list[LedgerEntry]]]:
    about = or_(LedgerTransaction.payment_id.in_(_ids(payments)), LedgerTransaction.refund_id.in_(_ids(refunds)))
    rows = session.execute(
        select(LedgerTransaction, LedgerEntry)
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .where(about)
        .order_by(LedgerTransaction.id, LedgerEntry.position)
    )
    entries: defaultdict[int, list[LedgerEntry]] = defaultdict(list)
    facts: dict[int, LedgerTransaction] = {}
    for fact, entry in rows:
        facts[fact.id] = fact
        entries[fact.id].append(entry)
    return [(fact, entries[number]) for number, fact in facts.items()]


def _all(session: Session, statement: Select[Row], order: InstrumentedAttribute[int]) -> list[Row]:
    return list(session.scalars(statement.order_by(order)))


def _ids(rows: Iterable[Payment | Refund]) -> list[int]:
    return [each.id for each in rows]
