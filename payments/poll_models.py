"""When Stripe was asked by ourselves."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Base


class PollState(Base):
    """When each question that we ask Stripe by ourselves last went through; what came before needs no asking."""

    __tablename__ = "poll_state"

    name: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]
    """When that asking began."""
