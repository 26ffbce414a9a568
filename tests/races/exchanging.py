"""What goes back of a payment that Stripe has exchanged: at the rate of that day, booked as Stripe says it."""

from booking.domain.states import Canceller
from tests.races import banks
from tests.races.acts import World, sweep_then, told_of
from tests.races.earning import exchanged
from tests.races.later import cancel_as


def known(world: World) -> None:
    """Stripe holds dollars for what Ada has paid in euros, and takes more of them for what goes back."""
    exchanged(world)
    sweep_then("payments:book_fee")(world)
    world.stripe.post("/_sandbox/balance_transactions/exchange_back", rate="1.1")


def called_off(world: World) -> None:
    """All of it is owed, and not sent yet."""
    known(world)
    cancel_as(Canceller.MENTOR, 8050)(world)


def disputed(world: World) -> None:
    banks.dispute_of(known)(world)


def learn_that_a_bank_took_and_gave_it(world: World) -> None:
    told_of(banks.OPENED)(world)
    banks.decide("won")(world)
    told_of(banks.CLOSED)(world)
