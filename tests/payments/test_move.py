"""Moving and money: nothing is charged, nothing goes back, and the free limit follows the session."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus, Canceller
from booking.models.moves import BookingMove
from booking.services.hold import SlotTaken
from booking.services.move import NewTime, NotMovable
from marketplace.core.mail import MailRow
from marketplace.mentors.models import Mentor
from payments.models.sales import Payment, Refund, StripeCommand
from payments.queries.ledger import balances, violations
from payments.services.buy import Order
from payments.services.cancel import Wish
from tests.conftest import TUESDAY
from tests.factories import make_offering
from tests.jobs import run_jobs, sweep
from tests.payments.conftest import TEN
from tests.payments.test_till import payment_of, reread

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIMIT = TEN - DAY
JUST_IN_TIME = LIMIT - timedelta(minutes=1)
NOON = TEN + 2 * HOUR


def move(till, sale, start=NOON, *, seen=None):
    till().move(
        sale.booking.id, NewTime(start, sale.booking.mentee_id, "", sale.booking.sequence if seen is None else seen)
    )


def cancel(till, sale, agreed):
    till().cancel(sale.booking.id, Wish(Canceller.MENTEE, sale.booking.mentee_id, "", agreed))


def test_no_money_moves_and_stripe_is_not_asked(app, settings, session, till, sold, stripe_side):
    books, at_stripe = balances(session), stripe_side.sessions()
    session.commit()

    move(till, sold)
    run_jobs(app, settings)
    sweep(app, "payments:sweep")

    after = reread(session, sold)
    assert (after.booking.starts_at, after.booking.state) == (NOON, BookingStatus.CONFIRMED)
    assert (after.purchase.id, after.purchase.total_minor) == (sold.purchase.id, 8050)
    assert (balances(session), violations(session)) == (books, [])
    assert stripe_side.sessions() == at_stripe
    assert [len(session.scalars(select(each)).all()) for each in (Payment, StripeCommand, Refund)] == [1, 1, 0]


def test_until_the_limit_it_is_moved_and_a_second_later_it_is_not(session, till, sold, clock):
    clock.set(JUST_IN_TIME)
    move(till, sold, TEN + DAY)
    moved = reread(session, sold)
    clock.set(LIMIT + DAY + timedelta(seconds=1))

    with pytest.raises(NotMovable, match="still cancel it"):
        move(till, moved, TEN + 7 * DAY)

    assert reread(session, sold).booking.starts_at == TEN + DAY


def test_the_limit_for_all_of_the_money_follows_the_new_time(session, till, sold, clock):
    move(till, sold, TEN + 7 * DAY)
    clock.set(TEN)  # the old time has begun

    cancel(till, sold, 8050)

    assert session.scalars(select(Refund.amount_minor)).all() == [8050]


def test_who_moves_it_nearer_than_the_limit_has_half_back_from_then_on(session, till, ada, hour, stripe_side):
    """The firm limit is two days and the mentor's notice one, so there are such times; the page says what is lost."""
    hour.policy = "firm"
    session.commit()
    held = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    till().open_checkout(payment_of(held).id)
    stripe_side.pay(str(payment_of(reread(session, held)).stripe_session_id))
    till().look(payment_of(held).id)
    move(till, reread(session, held), TUESDAY + timedelta(hours=26))

    cancel(till, held, 4025)

    assert session.scalars(select(Refund.amount_minor)).all() == [4025]


def test_moving_and_cancelling_then_gives_what_cancelling_gave(session, till, sold, clock):
    """At the last moment at which one may move; later neither gives all."""
    clock.set(JUST_IN_TIME)
    move(till, sold, TEN + 7 * DAY)
    moved = reread(session, sold)

    cancel(till, moved, 8050)

    assert reread(session, sold).booking.state is BookingStatus.CANCELLED_BY_MENTEE
    assert session.scalars(select(Refund.amount_minor)).all() == [8050]


def test_a_free_call_is_moved_until_it_begins(session, till, ada, hour, clock):
    call = make_offering(session, session.get_one(Mentor, hour.mentor_id), kind="fit_call")
    session.commit()
    free = till().buy(Order(ada, hour.mentor_id, call.id, TEN))
    clock.set(TEN - timedelta(seconds=1))

    move(till, free, TEN + 2 * DAY)

    assert reread(session, free).booking.starts_at == TEN + 2 * DAY


def test_the_old_time_can_be_bought_at_once_and_the_new_one_cannot(session, till, sold, alan, hour):
    move(till, sold)

    with pytest.raises(SlotTaken):
        till().buy(Order(alan, hour.mentor_id, hour.id, NOON))
    session.rollback()
    assert till().buy(Order(alan, hour.mentor_id, hour.id, TEN)).booking.starts_at == TEN


def test_a_hold_that_lives_keeps_its_time_and_one_that_is_over_makes_way(session, till, sold, alan, hour, clock):
    held = till().buy(Order(alan, hour.mentor_id, hour.id, NOON))
    till().open_checkout(payment_of(held).id)
    with pytest.raises(SlotTaken):
        move(till, sold)
    session.rollback()
    clock.advance(timedelta(minutes=36))

    move(till, sold)

    assert reread(session, sold).booking.starts_at == NOON
    assert reread(session, held).booking.state is BookingStatus.EXPIRED


def test_both_are_told_once_and_the_mentee_what_it_means_for_the_money(session, till, sold):
    move(till, sold)

    rows = session.scalars(select(MailRow).where(MailRow.fact == "booking:moved")).all()
    assert {row.user_id: (row.sequence, row.arguments["lines"]) for row in rows} == {
        sold.booking.mentee_id: (
            1,
            [
                "The price stays the same: nothing is charged for moving.",
                "Free to cancel or move until Mon 7 Dec, 12:00; half back after that.",
            ],
        ),
        sold.booking.mentor_id: (1, []),
    }


def test_each_move_has_its_own_letters(session, till, sold):
    move(till, sold)
    move(till, reread(session, sold), TEN + DAY)

    told = session.execute(select(MailRow.user_id, MailRow.sequence).where(MailRow.fact == "booking:moved"))
    both = (sold.booking.mentee_id, sold.booking.mentor_id)
    assert sorted(told.all()) == sorted((person, number) for person in both for number in (1, 2))
    assert len(session.scalars(select(BookingMove)).all()) == 2
