"""What Stripe says of payouts to mentors' banks, kept as it says it (rule events_once).

The rows only; `payments/banking.py` speaks to Stripe in between. They are kept by Stripe's id under a fetch number, so
two who look at once, or twice, leave the same rows, and whoever asked later is believed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking.services.notify import reach_applicant_at
from marketplace.core import mail
from payments.domain.bank_payouts import BankPayoutState, BankPayoutStatus
from payments.models.bank_payouts import BankPayout
from payments.models.payouts import PayoutAccount

SENT_BACK = "payments:payout_sent_back"


def note_bank_look(session: Session, mentor_id: int, *, now: datetime) -> None:
    """Before Stripe is asked: if it stays silent, it is not asked again at once."""
    later = func.greatest(PayoutAccount.bank_looked_at, now)
    session.execute(update(PayoutAccount).where(PayoutAccount.mentor_id == mentor_id).values(bank_looked_at=later))


def keep_bank_payouts(
    session: Session, mentor_id: int, payouts: Iterable[BankPayoutState], *, fetch: int, now: datetime
) -> None:
    """Of each, unless a fetch that began later was applied. The mentor is told once of each that was sent back."""
    rows = [_row(each, mentor_id, fetch, now) for each in sorted(payouts, key=lambda each: each.id)]
    if not rows:
        return
    failed = BankPayout.status == BankPayoutStatus.FAILED
    known = set(session.scalars(select(BankPayout.stripe_payout_id).where(BankPayout.mentor_id == mentor_id, failed)))
    new = insert(BankPayout).values(rows)
    changes = {name: new.excluded[name] for name in rows[0] if name not in {"stripe_payout_id", "mentor_id"}}
    upsert = new.on_conflict_do_update(
        index_elements=["stripe_payout_id"], set_=changes, where=BankPayout.last_fetch < new.excluded.last_fetch
    )
    applied = session.execute(upsert.returning(BankPayout.stripe_payout_id, BankPayout.status))
    for stripe_id, status in applied.all():
        if status == BankPayoutStatus.FAILED and stripe_id not in known:
            _tell(session, mentor_id, stripe_id, now=now)


def _row(payout: BankPayoutState, mentor_id: int, fetch: int, now: datetime) -> dict[str, object]:
    return {
        "stripe_payout_id": payout.id,
        "mentor_id": mentor_id,
        "status": payout.status,
        "amount_minor": payout.amount.minor,
        "currency": payout.amount.currency,
        "arrives_on": payout.arrives_on,
        "failure_code": payout.failure_code,
        "failure_message": payout.failure_message,
        "made_at": payout.made_at,
        "last_fetch": fetch,
        "looked_at": now,
    }


def _tell(session: Session, mentor_id: int, stripe_id: str, *, now: datetime) -> None:
    due_at = reach_applicant_at(session, mentor_id, now=now)
    mail.post(session, SENT_BACK, key=stripe_id, user_id=mentor_id, now=now, due_at=due_at)
