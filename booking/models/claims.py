"""What the two people of a session say about how it was. Never changed, and never taken away."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from booking.domain.outcomes import Claim, Said, Side
from booking.models.bookings import Booking, listed
from marketplace.accounts.models import User
from marketplace.core.db import Base

LONGEST_WORDS = 1000


class BookingClaim(Base):
    """One says one thing once. The trigger `claims_are_kept` refuses changes, claims by others than the session's two
    people, and claims about what is settled."""

    __tablename__ = "booking_claim"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    side: Mapped[str]
    said: Mapped[str]
    words: Mapped[str | None]
    """For the other one and the operator."""
    said_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"side IN ({listed(Side)})", name="claim_side_is_known"),
        CheckConstraint(f"said IN ({listed(Said)})", name="claim_is_known"),
        CheckConstraint("said <> 'problem' OR words IS NOT NULL", name="a_problem_is_told"),
        CheckConstraint(f"char_length(words) BETWEEN 1 AND {LONGEST_WORDS}", name="claim_words_are_bounded"),
        Index("one_claim_of_a_kind", "booking_id", "side", "said", unique=True),
    )

    @property
    def claim(self) -> Claim:
        return Claim(Side(self.side), Said(self.said), self.said_at)
