"""What an operator does about a refund that does not go through by itself: ask Stripe once more, or pay past Stripe."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core import mail
from marketplace.core.audit import note
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.jobs import enqueue
from payments.domain.states import CommandStatus, RefundStatus
from payments.models.sales import Payment, Purchase, Refund, StripeCommand
from payments.services.commands import want
from payments.services.ledger import book_refund_by_hand


class RefundNotStuck(Conflict):
    """It is on its way, has arrived, or was paid by hand before."""


def ask_again(session: Session, refund_id: int, *, operator_id: int, now: datetime) -> None:
    """A new command for a refund that Stripe refused, for when the reason is gone. Raises NotFound, RefundNotStuck."""
    refund, command = _stuck(session, refund_id)
    if command.status != CommandStatus.REFUSED:
        raise RefundNotStuck("The bank sent this refund back, so Stripe cannot send it again. Pay it in another way.")
    first = command.business_key.partition(":")[0]
    asked = select(func.count()).where(StripeCommand.business_key.startswith(first, autoescape=True))
    reference = f"{first}:again-{session.scalar(asked)}"
    params = {**command.params, "metadata": {"refund": reference}}
    command_id = want(session, "refund", reference, params, now=now)
    assert command_id is not None, "the refund is locked, so nobody else counts"
    refund.command_id = command_id
    session.flush()
    _note(session, "payments:refund_asked_again", refund, operator_id, now)
    enqueue(session, "payments:send_refund", refund_id=refund.id)


def pay_by_hand(session: Session, refund_id: int, *, operator_id: int, how: str, now: datetime) -> None:
    """Note that it was paid past Stripe, book it, and tell the mentee `how`. Raises NotFound, RefundNotStuck."""
    refund, _ = _stuck(session, refund_id)
    refund.by_hand_at, refund.by_hand_by, refund.by_hand_how = now, operator_id, how
    session.flush()
    book_refund_by_hand(session, refund, now=now)
    mentee_id = _note(session, "payments:refund_paid_by_hand", refund, operator_id, now, reason=how)
    mail.post(
        session,
        "payments:paid_by_hand",
        key=f"refund-{refund.id}",
        user_id=mentee_id,
        now=now,
        refund_id=refund.id,
    )


def _note(session: Session, deed: str, refund: Refund, operator_id: int, now: datetime, *, reason: str = "") -> int:
    """The mentee's id."""
    bought = select(Purchase).join(Payment, Payment.purchase_id == Purchase.id)
    purchase = session.scalars(bought.where(Payment.id == refund.payment_id)).one()
    note(
        session,
        deed,
        now=now,
        actor_id=operator_id,
        about_id=purchase.mentee_id,
        subject=purchase.public_id,
        reason=reason,
        detail={"refund": refund.id, "amount_minor": refund.amount_minor, "currency": refund.currency},
    )
    return purchase.mentee_id


def _stuck(session: Session, refund_id: int) -> tuple[Refund, StripeCommand]:
    """Locked, the refund before its command, as `till.send_refund` never holds one while it takes the other."""
    statement = select(Refund).where(Refund.id == refund_id).with_for_update(key_share=True)
    refund = session.execute(statement, execution_options={"populate_existing": True}).scalar_one_or_none()
    if refund is None:
        raise NotFound("There is no such refund.")
    command = session.execute(
        select(StripeCommand).where(StripeCommand.id == refund.command_id),
        execution_options={"populate_existing": True},
    ).scalar_one()
    stuck = refund.status == RefundStatus.FAILED or command.status == CommandStatus.REFUSED
    if refund.by_hand_at is not None or refund.status == RefundStatus.COVERED or not stuck:
        raise RefundNotStuck("This refund needs nothing any more: look at how it stands now.")
    return refund, command
