"""What is for sale."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Identity, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Base
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor


class OfferingKind(StrEnum):
    FIT_CALL = "fit_call"
    SESSION = "session"


class Offering(Base):
    """`price_minor` is the mentor's own price, before the site's fee. A fit call is free."""

    __tablename__ = "offering"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Mentor.id), index=True)
    position: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    kind: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    minutes: Mapped[int] = mapped_column(SmallInteger)
    price_minor: Mapped[int]
    currency: Mapped[str]
    policy: Mapped[str] = mapped_column(server_default="standard")
    active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(str(k)) for k in OfferingKind)})", name="offering_kind_is_known"),
        CheckConstraint("minutes BETWEEN 10 AND 240", name="session_length_is_sane"),
        CheckConstraint("price_minor >= 0", name="price_is_not_negative"),
        CheckConstraint("(kind = 'fit_call') = (price_minor = 0)", name="only_a_fit_call_is_free"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_a_code"),
        CheckConstraint("policy IN ('flexible', 'standard', 'firm')", name="policy_is_a_preset"),
    )

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)
