"""What the operator reads of disputes: a queue, and one of them with all that would go to the bank."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from payments.domain.states import CommandStatus
from payments.evidence import Sale, evidence_of, sale_of_dispute
from payments.models.disputes import Dispute
from payments.models.sales import Payment, Purchase, StripeCommand
from payments.queries.disputes import dispute_of


@dataclass(frozen=True, slots=True)
class Line:
    dispute: Dispute
    title: str
    mentee: str
    mentor: str


@dataclass(frozen=True, slots=True)
class DisputeCase:
    """`evidence` is what was sent, or what would be: Stripe's fields with their text. `refused`: Stripe's word for why
    it did not take it."""

    dispute: Dispute
    sale: Sale
    evidence: dict[str, str]
    sent_by: str
    refused: str

    @property
    def taken(self) -> Money:
        return Money(self.dispute.taken_minor, self.dispute.currency)

    @property
    def returned(self) -> Money:
        return Money(self.dispute.returned_minor, self.dispute.currency)

    @property
    def fee(self) -> Money:
        return Money(self.dispute.fee_minor, self.dispute.fee_currency)


def dispute_lines(session: Session, *, decided: bool, offset: int, limit: int) -> list[Line]:
    """Open ones, the most urgent first; or those that are decided, the newest first. In one statement."""
    mentee, mentor = _named("mentee"), _named("mentor")
    order = (Dispute.decided_at.desc(),) if decided else (Dispute.due_by.asc().nulls_last(), Dispute.id)
    rows = session.execute(
        select(Dispute, Purchase.title, mentee.c.name, mentor.c.name)
        .join(Payment, Payment.id == Dispute.payment_id)
        .join(Purchase, Purchase.id == Payment.purchase_id)
        .join(mentee, mentee.c.id == Purchase.mentee_id)
        .join(mentor, mentor.c.id == Purchase.mentor_id)
        .where(Dispute.decided_at.is_not(None) if decided else Dispute.decided_at.is_(None))
        .order_by(*order)
        .offset(offset)
        .limit(limit)
    )
    return [Line(*row) for row in rows]


def _named(name: str):  # type: ignore[no-untyped-def]  # an alias of the table, which has no type of its own
    return select(User.id, User.name).subquery(name)


def dispute_case(session: Session, stripe_id: str, words: str, settings: Settings) -> DisputeCase:
    """Raises NotFound."""
    dispute = dispute_of(session, stripe_id)
    if dispute is None:
        raise NotFound("There is no such dispute.")
    command = session.get(StripeCommand, dispute.evidence_command_id) if dispute.evidence_command_id else None
    sent = dict(command.params["evidence"]) if command else None  # type: ignore[call-overload]  # JSON of our own
    sender = session.get(User, dispute.evidence_by) if dispute.evidence_by else None
    return DisputeCase(
        dispute,
        sale_of_dispute(session, dispute),
        evidence_of(session, dispute, words, settings) if sent is None else sent,
        sender.name if sender else "",
        (command.error or "refused") if command and command.status == CommandStatus.REFUSED else "",
    )
