"""To a key that it knows Stripe repeats what it said, also when the reason is gone. What it says to a new one counts.

Each process here dies when Stripe has refused, before it could write that down.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.core.clock import utcnow
from marketplace.core.money import Money
from payments.domain.states import CommandStatus, ReversalStatus
from payments.models.returns import TransferReversal
from payments.models.sales import StripeCommand
from payments.paying import Paying
from payments.queries.ledger import violations
from payments.services.give_back import Giving
from payments.stripe_api.gateway import StripeGateway
from payments.stripe_api.transfers import StripeTransfers
from payments.taking_back import TakingBack
from tests.factories import make_user
from tests.payments.test_discounts import fill_balance
from tests.payments.test_transfers import account_of, at_stripe, earned, pay_out, rows, think
from tests.races.points import Dead, Points, watched

__all__ = ["earned"]


@pytest.fixture
def given_back(app, settings, session, earned, stripe_side, clock):
    """The mentor was paid, has nothing on the balance any more, and €20 of it are to be taken back."""
    pay_out(app, settings, clock)
    stripe_side.post(f"/_sandbox/accounts/{account_of(session, earned).stripe_account_id}/payouts")
    olga = make_user(session, "Olga Example", is_operator=True).id
    session.commit()
    giving = Giving(Money(2300, "EUR"), 8050, olga, "The link did not work.")
    TakingBack(session, StripeGateway(settings), utcnow()).give_back(earned.booking.id, giving)
    return session.scalars(select(TransferReversal.id)).one()


class DyingAt(Points):
    """At a point of that name, once the outbox has begun."""

    def __init__(self, point: str) -> None:
        super().__init__()
        self.point = point

    def reach(self, point: str) -> None:
        super().reach(point)
        if point == self.point and "after the commit in Outbox._begun" in self.seen:
            self.died = True
            raise Dead(point)


def dies(act, session, point="after Stripe was asked to StripeTransfers"):
    with watched(DyingAt(point)) as points, suppress(Dead):
        act()
    session.rollback()
    assert points.died


def test_a_transfer_to_who_can_be_paid_by_now_goes(app, settings, session, earned, stripe_side, clock, monkeypatch):
    create = StripeTransfers.create

    def doubted(transfers, params, key):
        think(session, stripe_side, earned, "papers_are_wanted")
        return create(transfers, params, key)

    with monkeypatch.context() as patched:
        patched.setattr(StripeTransfers, "create", doubted)
        dies(lambda: Paying(session, StripeGateway(settings), utcnow()).pay(earned.booking.id), session)
    refused = [each.status for each in session.scalars(select(StripeCommand).where(StripeCommand.kind == "transfer"))]
    session.rollback()
    think(session, stripe_side, earned, "everything")
    pay_out(app, settings, clock)

    assert refused == [CommandStatus.WAITING]
    assert [each["amount"] for each in at_stripe(stripe_side)] == [7000]
    assert [row.status for row in rows(session)] == ["sent"]
    assert violations(session) == []


def test_what_is_on_the_balance_by_now_is_taken_back(settings, session, given_back, earned, stripe_side, clock):
    dies(lambda: TakingBack(session, StripeGateway(settings), utcnow()).ask(given_back), session)
    fill_account(session, stripe_side, earned)
    clock.advance(timedelta(minutes=6))

    TakingBack(session, StripeGateway(settings), utcnow()).ask(given_back)

    session.rollback()
    assert [each.status for each in session.scalars(select(TransferReversal))] == [ReversalStatus.MADE]
    assert violations(session) == []


def fill_account(session, stripe_side, sale):
    """Money that somebody has sent the mentor by hand."""
    fill_balance(stripe_side, 50_000)
    to = account_of(session, sale).stripe_account_id
    stripe_side.post("/v1/transfers", amount=5000, currency="eur", destination=to)


def test_what_was_refused_and_is_there_later_is_asked_for_anew(settings, session, given_back, earned, stripe_side):
    """The process that was refused wrote that down, and died before it could leave it to be kept later."""
    dies(
        lambda: TakingBack(session, StripeGateway(settings), utcnow()).ask(given_back),
        session,
        "after the commit in Outbox._refused",
    )
    fill_account(session, stripe_side, earned)

    TakingBack(session, StripeGateway(settings), utcnow()).ask(given_back)
    anew = session.scalars(select(TransferReversal.id).order_by(TransferReversal.id.desc())).first()
    session.rollback()
    TakingBack(session, StripeGateway(settings), utcnow()).ask(anew)

    session.rollback()
    statuses = [each.status for each in session.scalars(select(TransferReversal).order_by(TransferReversal.id))]
    assert statuses == [ReversalStatus.LEFT, ReversalStatus.MADE]
    assert violations(session) == []
