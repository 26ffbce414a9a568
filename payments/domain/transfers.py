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
    """Of one payment: what came, what goes or went back in whatever state, what the site has earned by it and the state
    is owed of it, and what was or is to be transferred. `site` is less than nothing where the site bears a discount of
    its own money."""

    paid: Money
    refunded: Money
    site: Money
    transferred: Money

    @property
    def left(self) -> Money:
        """Never more than this goes to the mentor: Σ transfers ≤ charge − Σ refunds − tax − fee + the discount that the
        site bears beyond its fee."""
        return self.left_of_charge - self.site

    @property
    def left_of_charge(self) -> Money:
        """What a transfer can draw on."""
        return self.paid - self.refunded - self.transferred


def may_transfer(share: Money, takings: Takings) -> bool:
    """The share was frozen with the sale. If it does not fit, something is wrong that a person has to look at."""
    return bool(share) and share <= takings.left


def draws_on_charge(share: Money, takings: Takings) -> bool:
    """Whether a transfer can name the charge as its source. Stripe lets the transfers of a charge come to no more than
    it (docs.stripe.com/connect/separate-charges-and-transfers, read 2026-11); what the site adds of its own makes a
    transfer without a source, from the site's balance (docs/adr/0013)."""
    return share <= takings.left_of_charge
