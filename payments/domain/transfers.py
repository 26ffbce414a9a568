"""What goes from the site to a mentor for a session, and when it may. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.core.money import Money


@dataclass(frozen=True, slots=True)
class TransferState:
    """A transfer as Stripe says it is now; `reference` is ours, and None for one that was made by hand."""

    id: str
    amount: Money
    reversed: Money
    destination: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class Takings:
    """Of one payment: what came, what goes or went back in whatever state, what the site has earned by it, and what was
    or is to be transferred."""

    paid: Money
    refunded: Money
    site: Money
    transferred: Money

    @property
    def left(self) -> Money:
        """Never more than this goes to the mentor: Σ transfers ≤ charge − Σ refunds − fee."""
        return self.paid - self.refunded - self.site - self.transferred


def may_transfer(share: Money, takings: Takings) -> bool:
    """The share was frozen with the sale. If it does not fit, something is wrong that a person has to look at."""
    return bool(share) and share <= takings.left
