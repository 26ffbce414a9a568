"""What is for sale."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Base
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor

MOST_SESSIONS, LONGEST_CADENCE = 12, 60
"""Of a programme; the cadence in days."""


class OfferingKind(StrEnum):
    """A fit call is free and asks whether two people fit; in a listening session nobody gives advice unasked; a
    programme is several sessions, sold as one."""

    FIT_CALL = "fit_call"
    LISTENING = "listening"
    PROGRAMME = "programme"
    SESSION = "session"


class Offering(Base):
    """`price_minor` is the mentor's own price for all of it, before the site's fee. A fit call is free. The kind never
    changes, since what was booked is counted by it."""

    __tablename__ = "offering"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), index=True)
    position: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    kind: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    included: Mapped[str] = mapped_column(server_default="")
    """What belongs to it, one entry a line."""
    minutes: Mapped[int] = mapped_column(SmallInteger)
    """Of each session."""
    sessions: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    cadence_days: Mapped[int | None] = mapped_column(SmallInteger)
    """From one session of a programme to the next, as the mentor means it."""
    milestones: Mapped[str] = mapped_column(server_default="")
    pre_work: Mapped[str] = mapped_column(server_default="")
    """Where a programme leads, and what a mentee does before each session: one entry a line."""
    price_minor: Mapped[int]
    currency: Mapped[str]
    policy: Mapped[str] = mapped_column(server_default="standard")
    active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(str(k)) for k in OfferingKind)})", name="offering_kind_is_known"),
        CheckConstraint("minutes BETWEEN 10 AND 240", name="session_length_is_sane"),
        CheckConstraint("price_minor >= 0", name="price_is_not_negative"),
        CheckConstraint("(kind = 'fit_call') = (price_minor = 0)", name="only_a_fit_call_is_free"),
        CheckConstraint(
            f"sessions BETWEEN 1 AND {MOST_SESSIONS} AND (kind = 'programme') = (sessions > 1)"
            " AND (kind = 'programme') = (cadence_days IS NOT NULL)"
            f" AND cadence_days BETWEEN 1 AND {LONGEST_CADENCE}",
            name="programme_has_a_course",
        ),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_a_code"),
        CheckConstraint("policy IN ('flexible', 'standard', 'firm')", name="policy_is_a_preset"),
        Index("one_fit_call_on_offer", "mentor_id", unique=True, postgresql_where=text("kind = 'fit_call' AND active")),
    )

    @property
    def is_fit_call(self) -> bool:
        return self.kind == OfferingKind.FIT_CALL

    @property
    def is_programme(self) -> bool:
        return self.kind == OfferingKind.PROGRAMME

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)
