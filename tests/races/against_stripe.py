"""Stripe breaks, refuses, or is overtaken by a bank, while a way of money is gone."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select

from marketplace.core.clock import utcnow
from marketplace.core.db import Json, db
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.jobs import TASKS
from payments.domain.refunds import RefundState
from payments.domain.transfers import TransferState
from payments.models.sales import Refund
from payments.paying import Paying
from payments.stripe_api.gateway import StripeGateway
from payments.stripe_api.transfers import StripeTransfers
from payments.till import Till
from tests.races.acts import COMPLETED, World, the_payment, work
from tests.races.earning import session_number, think


def meet_a_500(world: World) -> None:
    """Stripe breaks over the session, and would repeat that for its key; then it is asked again."""
    world.stripe.post("/_sandbox/faults", fault="500_before", path="/v1/checkout/sessions", times=1)
    with world.app.app_context(), suppress(GatewayUnavailable):
        world.till().open_checkout(the_payment())
    with world.app.app_context(), suppress(GatewayUnavailable):
        world.till().open_checkout(the_payment())


def meet_a_500_over_the_refund(world: World) -> None:
    """The refund is made, and the answer is an error; then it is asked for again."""
    world.stripe.post("/_sandbox/faults", fault="500_after_commit", path="/v1/refunds", times=1)
    with world.app.app_context():
        refund_id = db.session.scalars(select(Refund.id)).one()
        db.session.commit()
    for _ in range(2):
        with world.app.app_context(), suppress(GatewayUnavailable):
            world.till().send_refund(refund_id)


class BankInBetween(StripeGateway):
    """A bank disputes the payment between our look at it and the refund."""

    def __init__(self, world: World) -> None:
        super().__init__(world.settings)
        self.stripe = world.stripe

    def create_refund(self, params: Json, key: str) -> RefundState:
        self.stripe.post(f"/_sandbox/payments/{params['payment_intent']}/dispute")
        return super().create_refund(params, key)


def meet_a_bank_over_the_refund(world: World) -> None:
    with world.app.app_context():
        refund_id = db.session.scalars(select(Refund.id)).one()
        db.session.commit()
        Till(db.session(), BankInBetween(world), world.settings, utcnow()).send_refund(refund_id)


class _DoubtInBetween(StripeTransfers):
    """Stripe wants to know more of the mentor between our look at them and the transfer."""

    def __init__(self, gateway: StripeGateway, world: World) -> None:
        super().__init__(gateway._client, gateway._ask)
        self.world = world

    def create(self, params: Json, key: str) -> TransferState:
        think(self.world, "papers_are_wanted")
        return super().create(params, key)


def meet_a_doubt_over_the_transfer(world: World) -> None:
    with world.app.app_context():
        gateway, booking_id = StripeGateway(world.settings), session_number(0)
        gateway.transfers = _DoubtInBetween(gateway, world)
        Paying(db.session(), gateway, utcnow()).pay(booking_id)


def the_doubt_is_gone(world: World) -> None:
    """And the night's reconciliation asks again for what Stripe has refused."""
    with world.app.app_context():
        think(world, "everything")
    world.clock.advance(timedelta(hours=1))
    with world.app.app_context():
        TASKS["payments:reconcile"]()


def the_bank_gives_way(world: World) -> None:
    """No webhook tells of it: a dispute that is open is looked at once an hour."""
    for dispute in world.stripe.get("/v1/disputes")["data"]:
        world.stripe.post(f"/_sandbox/disputes/{dispute['id']}/decide", decision="won")
    world.clock.advance(timedelta(hours=1))


def recover(world: World) -> None:
    """Stripe is well again."""
    world.stripe.post("/_sandbox/faults/disarm")


def fail_over_an_event(world: World) -> None:
    """Stripe breaks while a worker acts on its event, twice: the library asks again by itself once."""
    event = world.stripe.events(COMPLETED)[-1]
    world.stripe.post("/_sandbox/faults", fault="500_before", path="/v1/checkout/sessions", method="GET", times=2)
    assert world.stripe.send(world.app.test_client(), event).status_code == 200
    work(world, "payments:apply_event")
