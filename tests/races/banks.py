"""What banks do about a payment, and what is done about that."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select

from booking.domain.states import Canceller
from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.jobs import TASKS
from payments.evidence import evidence_of, print_of
from payments.models.disputes import Dispute
from payments.models.sales import Payment
from payments.services.evidence import want_evidence
from tests.races.acts import Act, World, run_waiting, sell, told_of, work
from tests.races.against_stripe import recover
from tests.races.earning import fill, one_paid
from tests.races.later import cancel_as, send_refund

OPENED, CLOSED = "charge.dispute.created", "charge.dispute.closed"
WARNED = "radar.early_fraud_warning."


def dispute_of(before: Act) -> Act:
    """A bank takes it back, and nobody has told us yet."""

    def run(world: World) -> None:
        before(world)
        world.stripe.post(f"/_sandbox/payments/{_intent(world)}/dispute")

    return run


def known_dispute_of(before: Act) -> Act:
    def run(world: World) -> None:
        dispute_of(before)(world)
        told_of(OPENED)(world)
        run_waiting(world, "payments:%")

    return run


def lost(before: Act) -> Act:
    """The bank has decided, and nobody has told us yet."""

    def run(world: World) -> None:
        known_dispute_of(before)(world)
        decide("lost")(world)

    return run


def won(disputed: Act) -> Act:
    def run(world: World) -> None:
        disputed(world)
        decide("won")(world)

    return run


def decide(decision: str) -> Act:
    """If there is anything to decide; no webhook tells of it, and what is open is looked at once an hour."""

    def run(world: World) -> None:
        for dispute in world.stripe.get("/v1/disputes")["data"]:
            world.stripe.post(f"/_sandbox/disputes/{dispute['id']}/decide", decision=decision)
        world.clock.advance(timedelta(hours=1))

    return run


def warned(world: World) -> None:
    sell(world)
    world.stripe.post(f"/_sandbox/payments/{_intent(world)}/warn")


def called_off_while_disputed(world: World) -> None:
    """All of it is owed, and waits for the bank."""
    known_dispute_of(sell)(world)
    cancel_as(Canceller.MENTEE, 8050)(world)
    send_refund(world)


def paid_from_a_full_balance(world: World) -> None:
    """What the site has to bear, it has."""
    fill(world)
    one_paid(world)


def learn_and_take_back(world: World) -> None:
    told_of(OPENED)(world)
    work(world, "payments:take_back")


def learn_and_send(kind: str) -> Act:
    def run(world: World) -> None:
        told_of(kind)(world)
        send_refund(world)

    return run


def taken_back_while_disputed(world: World) -> None:
    known_dispute_of(paid_from_a_full_balance)(world)
    assert world.stripe.get("/v1/transfers")["data"][0]["reversed"]


def learn_and_pay_again(world: World) -> None:
    """What was taken back meanwhile is Grace's again."""
    told_of(CLOSED)(world)
    with world.app.app_context():
        TASKS["payments:pay"]()
    work(world, "payments:pay_mentor")


def answer(world: World) -> None:
    """An operator hands in what the site knows."""
    with world.app.app_context():
        dispute = db.session.scalars(select(Dispute)).one()
        operator = db.session.scalars(select(User.id).order_by(User.id).limit(1)).one()
        read = print_of(evidence_of(db.session(), dispute, "It took place.", world.settings))
        want_evidence(
            db.session(),
            dispute,
            words="It took place.",
            read=read,
            operator_id=operator,
            now=utcnow(),
            settings=world.settings,
        )
        db.session.commit()


def answer_against_a_500(world: World) -> None:
    """The bank has it, and the answer is an error; then it is handed in again."""
    answer(world)
    world.stripe.post("/_sandbox/faults", fault="500_after_commit", path="/v1/disputes", times=1)
    with world.app.app_context():
        dispute_id = db.session.scalars(select(Dispute.stripe_dispute_id)).one()
        db.session.commit()
    for _ in range(2):
        with world.app.app_context(), suppress(GatewayUnavailable):
            TASKS["payments:hand_in_evidence"](dispute_id=dispute_id)


def recover_and_win(world: World) -> None:
    recover(world)
    decide("won")(world)


def _intent(world: World) -> str:
    with world.app.app_context():
        found = db.session.scalars(select(Payment.stripe_payment_intent_id).order_by(Payment.id)).first()
        db.session.rollback()
    return str(found)
