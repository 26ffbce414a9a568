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
    is owed of it; what was or is to be transferred, less what the mentor owes back; and what transfers have drawn on
    the charge, whatever came back. `site` is less than nothing where the site bears a discount of its own."""

    paid: Money
    refunded: Money
    site: Money
    transferred: Money
    drawn: Money

    @property
    def left(self) -> Money:
        """Never more than this goes to the mentor: Σ transfers ≤ charge − Σ refunds − tax − fee + the discount that the
        site bears beyond its fee."""
        return self.paid - self.refunded - self.transferred - self.site

    @property
    def left_of_charge(self) -> Money:
        """What a transfer can draw on."""
        return self.paid - self.refunded - max(self.transferred, self.drawn)


@dataclass(frozen=True, slots=True)
class ReversalState:
    """Of a transfer, as Stripe says it is."""

    id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Net:
    """What is sent of a share, and what is kept of it for what the mentor owes: together the share."""

    sent: Money
    kept: Money


def net(share: Money, owed: Money) -> Net:
    """Never more is kept than is owed, and never less is sent than nothing. Both are in one currency."""
    kept = min(share, max(owed, Money(0, owed.currency)))
    return Net(share - kept, kept)


def may_transfer(share: Money, takings: Takings) -> bool:
    """The share was frozen with the sale. If it does not fit, something is wrong that a person has to look at."""
    return bool(share) and share <= takings.left


def draws_on_charge(share: Money, takings: Takings) -> bool:
    """Whether a transfer can name the charge as its source. Stripe lets the transfers of a charge come to no more than
    it (docs.stripe.com/connect/separate-charges-and-transfers, read 2026-11); what the site adds of its own makes a
    transfer without a source, from the site's balance (docs/adr/0013)."""
    return share <= takings.left_of_charge
