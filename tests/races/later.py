"""What becomes of what is sold: it is called off, moved, missed, or over."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from booking.domain.outcomes import WINDOW, Decision, Said, Side
from booking.domain.states import Canceller
from booking.models.bookings import Booking
from booking.models.moves import MoveProposal
from booking.services.move import NewTime
from booking.services.propose import Answer
from marketplace.core.db import db
from payments.services.cancel import Wish
from payments.services.outcomes import Ruling, Saying
from payments.services.proposals import accept_proposal, propose_time, take_all_back, withdraw_proposal
from tests.payments.conftest import TEN
from tests.races.acts import END, NOON, Act, World, sell, sell_an_hour_before, sweep_then, the_sale, work


def cancel_as(by: Canceller, agreed_minor: int) -> Act:
    def run(world: World) -> None:
        with world.app.app_context():
            booking = the_sale().booking
            person = booking.mentee_id if by is Canceller.MENTEE else booking.mentor_id
            booking_id = booking.id
            db.session.commit()
            world.till().cancel(booking_id, Wish(by, person, "", agreed_minor))

    return run


ADA_CANCELS, GRACE_CANCELS = cancel_as(Canceller.MENTEE, 4025), cancel_as(Canceller.MENTOR, 8050)


def move_to(start: datetime, *, seen: int = 0) -> Act:
    """Ada, from a page on which her session was as it is after it was bought."""

    def run(world: World) -> None:
        with world.app.app_context():
            booking = the_first_session()
            world.till().move(booking.id, NewTime(start, booking.mentee_id, "", seen))

    return run


def the_first_session() -> Booking:
    """Ada's, which is for sale first. No transaction stays open."""
    booking = db.session.scalars(select(Booking).order_by(Booking.id).limit(1)).one()
    db.session.commit()
    return booking


TO_NOON, TO_THE_NEXT_DAY = move_to(NOON), move_to(TEN + timedelta(days=1))


def sell_and_propose(world: World) -> None:
    sell(world)
    propose(world)


def propose(world: World) -> None:
    """Grace would rather meet at noon."""
    with world.app.app_context():
        booking, till = the_first_session(), world.till()
        wanted = NewTime(NOON, booking.mentor_id, "", 0)
        till.change_time(partial(propose_time, till.session, booking.id, wanted, now=till.now, settings=till.settings))


def answer_with(act: Callable[..., None]) -> Act:
    """From the page on which the first proposal stood, open or not."""

    def run(world: World) -> None:
        with world.app.app_context():
            booking, till = the_first_session(), world.till()
            read = db.session.scalars(select(MoveProposal.public_id).order_by(MoveProposal.id).limit(1)).one()
            db.session.commit()
            answer = Answer(booking.mentor_id if act is withdraw_proposal else booking.mentee_id, read)
            till.change_time(partial(act, till.session, booking.id, answer, now=till.now))

    return run


ADA_ACCEPTS, GRACE_WITHDRAWS = answer_with(accept_proposal), answer_with(withdraw_proposal)
ADA_TAKES_ALL_BACK = answer_with(take_all_back)


def propose_twice(world: World) -> None:
    """Grace takes the first proposal back, and Ada lets the second one lapse."""
    propose(world)
    GRACE_WITHDRAWS(world)
    propose(world)
    world.clock.set(TEN - timedelta(days=1))
    sweep_then("payments:lapse_proposal")(world)


def accept_and_cancel(world: World) -> None:
    ADA_ACCEPTS(world)
    cancel_as(Canceller.MENTEE, 8050)(world)
    send_refund(world)


def take_back_and_send(world: World) -> None:
    ADA_TAKES_ALL_BACK(world)
    send_refund(world)


def move_and_cancel(world: World) -> None:
    """And the money goes back whole."""
    TO_NOON(world)
    cancel_as(Canceller.MENTEE, 8050)(world)
    send_refund(world)


def send_refund(world: World) -> None:
    work(world, "payments:send_refund")


def cancel_late(world: World) -> None:
    sell_an_hour_before(world)
    ADA_CANCELS(world)


def cancel_and_send(cancel: Act) -> Act:
    def run(world: World) -> None:
        cancel(world)
        send_refund(world)

    return run


def over(world: World) -> None:
    """Ada's session was, an hour ago."""
    sell(world)
    world.clock.set(END + timedelta(hours=1))


def says(side: Side, said: Said) -> Act:
    def run(world: World) -> None:
        with world.app.app_context():
            booking = the_sale().booking
            person = booking.mentee_id if side is Side.MENTEE else booking.mentor_id
            booking_id = booking.id
            db.session.commit()
            world.till().say(booking_id, Saying(side, person, said))

    return run


ADA_WAS_ALONE = says(Side.MENTEE, Said.OTHER_MISSING)
GRACE_WAS_MISSING, GRACE_WAS_THERE = says(Side.MENTOR, Said.WAS_MISSING), says(Side.MENTOR, Said.TOOK_PLACE)


def missed(world: World) -> None:
    over(world)
    ADA_WAS_ALONE(world)


def missed_without_an_answer(world: World) -> None:
    missed(world)
    world.clock.set(END + WINDOW)


def contradicted(world: World) -> None:
    missed(world)
    GRACE_WAS_THERE(world)


def decides(decision: Decision) -> Act:
    def run(world: World) -> None:
        with world.app.app_context():
            booking = the_sale().booking
            booking_id, operator_id = booking.id, booking.mentor_id
            db.session.commit()
            world.till().decide(booking_id, Ruling(decision, operator_id, "It seems so."))

    return run


FOR_ADA, FOR_GRACE = decides(Decision.MENTOR_MISSING), decides(Decision.TOOK_PLACE)


def complete_and_settle(world: World) -> None:
    """By sweeps alone: when it is over, and when nobody has said otherwise."""
    sweep_then("payments:bring_forward")(world)
    world.clock.set(END + WINDOW)
    sweep_then("payments:bring_forward")(world)
