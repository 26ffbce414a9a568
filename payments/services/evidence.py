"""Evidence for a bank: stored with its text before it is sent, sent once, and never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.core.audit import note
from marketplace.core.config import Settings
from marketplace.core.errors import Conflict
from marketplace.core.jobs import enqueue
from payments.domain.disputes import TO_ANSWER
from payments.evidence import evidence_of, print_of
from payments.models.disputes import Dispute
from payments.queries.disputes import dispute_of
from payments.services.commands import want
from payments.services.rows import lock_sale


class NotToBeAnswered(Conflict):
    """The dispute was answered, is decided, or its time is over."""


class FactsChanged(Conflict):
    """What would go to the bank is not what was read: it is shown, and asked again."""


def is_to_be_answered(dispute: Dispute, now: datetime) -> bool:
    in_time = dispute.due_by is None or now < dispute.due_by
    return dispute.state in TO_ANSWER and in_time and not dispute.submissions and dispute.evidence_command_id is None


def want_evidence(
    session: Session, dispute: Dispute, *, words: str, read: str, operator_id: int, now: datetime, settings: Settings
) -> None:
    """`read` is the print of what the operator has read. Raises NotToBeAnswered, FactsChanged."""
    rows = lock_sale(session, dispute.payment_id)
    dispute = dispute_of(session, dispute.stripe_dispute_id) or dispute
    if not is_to_be_answered(dispute, now):
        raise NotToBeAnswered(
            "This dispute takes no answer any more: it was answered, is decided, or its time is over."
        )
    evidence = evidence_of(session, dispute, words, settings)
    if print_of(evidence) != read:
        raise FactsChanged("The facts have changed since you read them. Please read once more what goes to the bank.")
    reference = f"evidence-{dispute.stripe_dispute_id}"
    params = {"evidence": evidence, "submit": True, "metadata": {"evidence": reference}}
    dispute.evidence_command_id = want(session, "evidence", reference, params, now=now)
    dispute.evidence_by, dispute.evidence_at = operator_id, now
    session.flush()
    enqueue(session, "payments:hand_in_evidence", dispute_id=dispute.stripe_dispute_id)
    note(
        session,
        "payments:evidence_sent",
        now=now,
        actor_id=operator_id,
        about_id=rows.purchase.mentee_id,
        subject=rows.booking.public_id,
        detail={"dispute": dispute.stripe_dispute_id},
    )
