"""The site's fee in versions: each holds from its start until the next one does, and none is ever changed."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import User
from marketplace.core.db import Base, Json
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from payments.domain.fees import FeeRule

IS_SUMS = """jsonb_typeof({0}) = 'object'
    AND NOT jsonb_path_exists({0}, '$.keyvalue() ? (!(@.key like_regex "^[A-Z]{{3}}$"))')
    AND NOT jsonb_path_exists({0}, 'strict $.* ? (@.type() != "number" || @ < 0 || @ != @.floor())')"""


class FeePolicy(Base):
    """For everybody, or for one mentor. `follows_site` ends what was agreed with a mentor: the sums mean nothing then.

    The trigger `fee_policy_is_append_only` refuses UPDATE, DELETE and TRUNCATE (rule `sold_is_frozen`).
    """

    __tablename__ = "fee_policy"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey(Mentor.id))
    starts_at: Mapped[datetime]
    follows_site: Mapped[bool]
    rate_bp: Mapped[int] = mapped_column(SmallInteger)
    rate_bp_from_4th: Mapped[int] = mapped_column(SmallInteger)
    rate_bp_from_10th: Mapped[int] = mapped_column(SmallInteger)
    fixed_minor: Mapped[Json]
    """By currency. One that is not named has none."""
    least_minor: Mapped[Json]
    borne_by: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey(User.id))

    __table_args__ = (
        CheckConstraint("created_at <= starts_at", name="fees_change_ahead"),
        CheckConstraint("mentor_id IS NOT NULL OR NOT follows_site", name="the_site_follows_nobody"),
        CheckConstraint(
            "rate_bp BETWEEN 0 AND 10000 AND rate_bp_from_4th BETWEEN 0 AND rate_bp"
            " AND rate_bp_from_10th BETWEEN 0 AND rate_bp_from_4th",
            name="rates_fall",
        ),
        CheckConstraint(IS_SUMS.format("fixed_minor"), name="fixed_is_sums_by_currency"),
        CheckConstraint(IS_SUMS.format("least_minor"), name="least_is_sums_by_currency"),
        CheckConstraint("borne_by IN ('mentee', 'mentor')", name="somebody_bears_the_fee"),
        Index("ix_fee_policy_whose", "mentor_id", "starts_at", "id"),
    )

    @property
    def rule(self) -> FeeRule:
        return FeeRule(
            rate_bp=self.rate_bp,
            rate_bp_from_4th=self.rate_bp_from_4th,
            rate_bp_from_10th=self.rate_bp_from_10th,
            borne_by=self.borne_by,
            fixed=_sums(self.fixed_minor),
            least=_sums(self.least_minor),
            version=self.id,
        )


def _sums(by_currency: Json) -> tuple[Money, ...]:
    return tuple(Money(cast("int", minor), currency) for currency, minor in sorted(by_currency.items()))
