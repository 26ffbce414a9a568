"""Which fee holds when, for whom: the newest version that has begun, the mentor's own before the site's, and the
settings while there is none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from marketplace.core.config import Settings
from payments.domain.fees import FeeRule, FeeRules, PairFee
from payments.models.fees import FeePolicy
from payments.queries.sales import sessions_of_pair


def rule_of_settings(settings: Settings) -> FeeRule:
    return FeeRule(settings.fee_bp, settings.fee_bp_from_4th, settings.fee_bp_from_10th, settings.fee_borne_by)


def fee_rules(session: Session, settings: Settings, now: datetime) -> FeeRules:
    """Of everybody, in one statement."""
    return _rules(session.scalars(_in_force(now)).all(), settings)


def fee_rule_of(session: Session, mentor_id: int, settings: Settings, now: datetime) -> FeeRule:
    theirs = or_(FeePolicy.mentor_id == mentor_id, FeePolicy.mentor_id.is_(None))
    return _rules(session.scalars(_in_force(now).where(theirs)).all(), settings).of(mentor_id)


def fee_for(session: Session, *, mentor_id: int, mentee_id: int | None, settings: Settings, now: datetime) -> PairFee:
    """Of this pair's next sessions."""
    met = 0 if mentee_id is None else sessions_of_pair(session, mentor_id, mentee_id)
    return PairFee(fee_rule_of(session, mentor_id, settings, now), met)


def next_change(session: Session, mentor_id: int, settings: Settings, now: datetime) -> tuple[datetime, FeeRule] | None:
    """When this mentor's fee will be another, as far as it is decided, and which."""
    ours = or_(FeePolicy.mentor_id == mentor_id, FeePolicy.mentor_id.is_(None))
    ahead = select(FeePolicy.starts_at).where(ours, FeePolicy.starts_at > now).order_by(FeePolicy.starts_at).distinct()
    today = fee_rule_of(session, mentor_id, settings, now)
    for starts_at in session.scalars(ahead):
        rule = fee_rule_of(session, mentor_id, settings, starts_at)
        if rule.version != today.version:
            return starts_at, rule
    return None


def versions(session: Session, mentor_id: int | None) -> list[FeePolicy]:
    """The site's, or one mentor's; what begins last comes first."""
    whose = FeePolicy.mentor_id.is_(None) if mentor_id is None else FeePolicy.mentor_id == mentor_id
    order = (FeePolicy.starts_at.desc(), FeePolicy.id.desc())
    return list(session.scalars(select(FeePolicy).where(whose).order_by(*order)))


def _in_force(now: datetime) -> Select[FeePolicy]:
    """Written last counts where two begin together: so what was planned is replaced, and stays readable."""
    return (
        select(FeePolicy)
        .ext(distinct_on(FeePolicy.mentor_id))
        .where(FeePolicy.starts_at <= now)
        .order_by(FeePolicy.mentor_id, FeePolicy.starts_at.desc(), FeePolicy.id.desc())
    )


def _rules(found: Sequence[FeePolicy], settings: Settings) -> FeeRules:
    by_mentor = {each.mentor_id: each for each in found}
    site = by_mentor.pop(None, None)
    own = {number: each.rule for number, each in by_mentor.items() if number is not None and not each.follows_site}
    return FeeRules(site.rule if site else rule_of_settings(settings), own)
