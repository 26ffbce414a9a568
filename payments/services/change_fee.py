"""A new version of the site's fee: for everybody, or for one mentor. What is sold keeps the one it was sold under."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.core import audit
from marketplace.core.errors import RuleBroken
from marketplace.mentors.models import Mentor
from payments.domain.fees import FeeRule
from payments.models.fees import FeePolicy


class NotAhead(RuleBroken):
    """A fee begins now or later: nobody is charged by a rule that was made afterwards."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`rule` None: from then on the mentor's fee is the site's again. `starts_at` None: at once."""

    rule: FeeRule | None
    starts_at: datetime | None
    reason: str
    operator_id: int


def change_fee(session: Session, mentor: Mentor | None, decision: Decision, *, now: datetime) -> FeePolicy:
    """For this mentor; None: for everybody without a fee of their own. Raises NotAhead."""
    starts_at = decision.starts_at or now
    if starts_at < now:
        raise NotAhead("A fee cannot begin in the past.")
    rule = decision.rule or FeeRule(0, 0, 0, "mentee")
    policy = FeePolicy(
        mentor_id=mentor.id if mentor else None,
        starts_at=starts_at,
        follows_site=decision.rule is None,
        rate_bp=rule.rate_bp,
        rate_bp_from_4th=rule.rate_bp_from_4th,
        rate_bp_from_10th=rule.rate_bp_from_10th,
        fixed_minor={each.currency: each.minor for each in rule.fixed},
        least_minor={each.currency: each.minor for each in rule.least},
        borne_by=rule.borne_by,
        reason=decision.reason,
        created_at=now,
        created_by=decision.operator_id,
    )
    session.add(policy)
    session.flush()
    audit.note(
        session,
        "payments:fee_changed",
        now=now,
        actor_id=decision.operator_id,
        about_id=mentor.id if mentor else None,
        reason=decision.reason,
        detail={"from": starts_at.isoformat(), "rule": asdict(policy.rule) if decision.rule else "the site’s"},
    )
    return policy
