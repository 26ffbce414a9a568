"""A series is held, paid for, confirmed and given back as one: all of its times or none."""

from dataclasses import replace
from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import select

from booking.domain.calendar import Scope
from booking.domain.states import BookingStatus, Canceller
from booking.models.bookings import Booking, Occupancy
from booking.models.reminders import Reminder
from booking.services.hold import SeriesNotFree, SlotTaken
from marketplace.core.clock import utcnow
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from payments.models.sales import Payment, Purchase, Refund
from payments.queries import sales as queries
from payments.queries.ledger import violations
from payments.queries.settling import unsettled
from payments.services.buy import HOLD, Order, PriceChanged, UnpaidPurchase
from payments.services.cancel import Wish, cancel_session
from payments.till import Till
from tests.booking.test_feed_views import subscribe
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_programme
from tests.jobs import run_jobs
from tests.mailbox import letters_kept, part
from tests.payments.conftest import TEN
from tests.payments.programmes import GROSS, WEEK, to_book
from tests.queries import count_queries

TUESDAYS = tuple(TEN + number * WEEK for number in range(6))
WEDNESDAY = timedelta(days=1)


@pytest.fixture
def offering(session):
    found = make_programme(session, make_mentor(session), cadence_days=7)
    session.commit()
    return found


@pytest.fixture
def hour(session, offering):
    """Of the same mentor."""
    found = make_offering(session, session.get_one(Mentor, offering.mentor_id))
    session.commit()
    return found


@pytest.fixture
def wanted(ada, offering):
    return order(ada, offering)


@pytest.fixture
def held(till, wanted):
    """With its checkout open at Stripe."""
    sale = till().buy(wanted)
    assert sale.payment is not None
    till().open_checkout(sale.payment.id)
    return sale


def order(mentee, offering, starts=TUESDAYS):
    return Order(mentee, offering.mentor_id, offering.id, starts[0], later=starts[1:])


def read(session, sale):
    """As it is now."""
    session.rollback()
    session.expire_all()
    found = queries.sale_of(session, session.get_one(Purchase, sale.purchase.id))
    session.commit()
    return found


def states(session):
    session.rollback()
    return session.scalars(select(Booking.status).order_by(Booking.starts_at, Booking.id)).all()


def pay(session, till, stripe_side, sale):
    session.refresh(sale.payment)
    session.commit()
    stripe_side.pay(str(sale.payment.stripe_session_id))
    till().look(sale.payment.id)
    return read(session, sale)


def lose_the_third(session, till, alan, hour):
    till().buy(Order(alan, hour.mentor_id, hour.id, TUESDAYS[2]))
    session.commit()


def test_all_of_its_times_are_held_until_one_moment_for_one_payment(session, held, stripe_side):
    assert [each.starts_at for each in held.bookings] == list(TUESDAYS)
    assert {(each.state, each.held_until) for each in held.bookings} == {(BookingStatus.HELD, held.payment.expires_at)}
    assert session.scalars(select(Payment.amount_minor)).all() == [sum(GROSS)]
    assert len(session.scalars(select(Occupancy.booking_id)).all()) == 12
    [checkout] = stripe_side.sessions()
    [item] = stripe_side.get(f"/v1/checkout/sessions/{checkout['id']}/line_items")["data"][:1]
    assert "6 sessions from Tue" in item["description"]


def test_if_one_of_them_is_taken_none_is_held(session, till, alan, wanted, hour):
    lose_the_third(session, till, alan, hour)

    with pytest.raises(SeriesNotFree, match="none of them"):
        till().buy(wanted)

    session.rollback()
    assert session.scalars(select(Booking.mentee_id)).all() == [alan.id]
    assert session.scalars(select(Purchase.mentee_id)).all() == [alan.id]


@pytest.mark.parametrize(
    "starts",
    [
        pytest.param(TUESDAYS[:5], id="too few"),
        pytest.param((*TUESDAYS[:5], TUESDAYS[4]), id="one twice"),
        pytest.param((*TUESDAYS[1:], TUESDAYS[0]), id="not in their order"),
        pytest.param((*TUESDAYS[:5], TEN + 10 * WEEK), id="one past the horizon"),
        pytest.param((*TUESDAYS[:5], TUESDAYS[4] + timedelta(minutes=65)), id="one in the buffer of another"),
    ],
)
def test_what_is_no_series_that_can_be_booked_is_refused_whole(session, till, ada, offering, starts):
    with pytest.raises(SeriesNotFree):
        till().buy(order(ada, offering, starts))

    session.rollback()
    assert session.scalars(select(Booking.id)).all() == []


def test_paying_confirms_all_of_them_and_one_letter_tells_of_them_with_an_invitation_to_each(
    app, client, settings, session, till, stripe_side, held
):
    sale = pay(session, till, stripe_side, held)
    run_jobs(app, settings)

    assert (sale.purchase.status, states(session)) == ("sold", [BookingStatus.CONFIRMED] * 6)
    assert (to_book(session, sale.purchase.id), violations(session)) == ([], [])
    adas = [each for each in letters_kept(settings) if "ada" in str(each["To"])]
    invited = [
        [piece.get_content() for piece in each.walk() if piece.get_content_type() == "text/calendar"] for each in adas
    ]
    uids = {str(event["UID"]) for [text] in invited for event in icalendar.Calendar.from_ical(text).walk("VEVENT")}
    assert uids == {each.uid for each in sale.bookings}
    [whole] = [part(each, "plain") for each in adas if "And after that:" in part(each, "plain")]
    assert all(f"\n{number}. " in whole for number in range(2, 7))
    assert "All sessions of your programme are booked." in whole
    assert "session 6 of 6 that were booked together" in " ".join(part(adas[-1], "plain").split())
    assert {each.booking_id for each in session.scalars(select(Reminder))} == {each.id for each in sale.bookings}
    feed = client.get(subscribe(session, settings, sale.purchase.mentee_id, Scope.MENTEE))
    starts = [each.decoded("DTSTART") for each in icalendar.Calendar.from_ical(feed.data).walk("VEVENT")]
    assert starts == list(TUESDAYS)


def test_who_wants_no_invitations_gets_the_one_letter_alone(app, settings, session, till, ada, stripe_side, held):
    ada.calendar_by = "feed"
    session.commit()
    pay(session, till, stripe_side, held)
    run_jobs(app, settings)

    assert len([each for each in letters_kept(settings) if "ada" in str(each["To"])]) == 1


def test_giving_it_back_frees_all_of_them(session, till, held, hour, alan):
    till().look(held.payment.id, give_back=True)

    assert states(session) == [BookingStatus.RELEASED] * 6
    assert session.scalars(select(Occupancy.booking_id)).all() == []


def test_a_hold_that_ran_out_makes_way_for_who_wants_one_of_its_times(session, till, held, hour, alan, clock):
    clock.advance(timedelta(minutes=36))

    lose_the_third(session, till, alan, hour)

    assert sorted(states(session)) == sorted([BookingStatus.EXPIRED] * 6 + [BookingStatus.HELD])


def test_the_same_again_finds_the_same_hold_and_a_part_of_it_does_not(till, ada, offering, held, wanted):
    assert till().buy(wanted).purchase.id == held.purchase.id
    with pytest.raises(UnpaidPurchase):
        till().buy(Order(ada, offering.mentor_id, offering.id, TEN))


def test_extending_holds_all_of_them_longer(session, till, held, clock):
    clock.advance(timedelta(minutes=31))

    sale = till().extend(read(session, held))

    assert {each.held_until for each in sale.bookings} == {sale.payment.expires_at}
    assert sale.payment.expires_at > TUESDAY + timedelta(minutes=31) + HOLD - timedelta(seconds=1)


def test_a_series_takes_the_place_of_its_own_first_time_and_another_one_that_of_the_series(
    session, till, ada, offering, wanted
):
    first = till().buy(Order(ada, offering.mentor_id, offering.id, TEN))

    series = till().replace(read(session, first), wanted)
    moved = till().replace(read(session, series), order(ada, offering, (*TUESDAYS[:5], TUESDAYS[5] + WEDNESDAY)))

    assert [each.starts_at for each in moved.bookings] == [*TUESDAYS[:5], TUESDAYS[5] + WEDNESDAY]
    assert states(session).count(BookingStatus.HELD) == 6


def test_nothing_is_given_back_for_a_series_that_cannot_be_had(session, till, ada, alan, offering, hour, wanted):
    first = till().buy(Order(ada, offering.mentor_id, offering.id, TEN))
    lose_the_third(session, till, alan, hour)

    with pytest.raises(SlotTaken):
        till().replace(read(session, first), wanted)

    assert read(session, first).booking.state is BookingStatus.HELD


def lapse_here_only(session, sale):
    """As after an answer that was lost: Stripe still has the checkout."""
    for booking in sale.bookings:
        session.get_one(Booking, booking.id).status = BookingStatus.EXPIRED
    session.get_one(Payment, sale.payment.id).status = "expired"
    session.get_one(Purchase, sale.purchase.id).status = "lapsed"
    session.commit()


def test_late_money_gets_all_of_them_back_if_all_are_still_free(session, till, stripe_side, held):
    lapse_here_only(session, held)

    sale = pay(session, till, stripe_side, held)

    assert (sale.purchase.status, states(session)) == ("sold", [BookingStatus.CONFIRMED] * 6)


def test_late_money_goes_back_whole_if_one_of_them_is_not(app, settings, session, till, stripe_side, held, alan, hour):
    lapse_here_only(session, held)
    lose_the_third(session, till, alan, hour)

    sale = pay(session, till, stripe_side, held)

    assert sale.purchase.status == "lapsed"
    assert sorted(states(session)) == sorted([BookingStatus.EXPIRED] * 6 + [BookingStatus.HELD])
    assert session.scalars(select(Refund.amount_minor)).all() == [sum(GROSS)]
    assert violations(session) == []


def test_one_of_them_that_is_called_off_is_an_ordinary_session_of_the_programme(session, till, stripe_side, held):
    sale = pay(session, till, stripe_side, held)

    cancel_session(session, sale.bookings[3].id, Wish(Canceller.MENTEE, sale.purchase.mentee_id, "", 0), now=utcnow())
    session.commit()

    assert (to_book(session, sale.purchase.id), unsettled(session), violations(session)) == ([4], [], [])


def test_a_price_that_nobody_has_seen_holds_nothing(session, till, ada, offering):

    with pytest.raises(PriceChanged):
        till().buy(replace(order(ada, offering), seen=Money(1, "EUR")))


def test_holding_many_takes_as_many_statements_as_holding_few(app, session, till, ada, alan, offering):
    few = make_programme(session, make_mentor(session, "Edsger Example"), sessions=2, cadence_days=7)
    session.commit()

    def statements(make: Till, mentee, what, starts):
        with count_queries() as counted:
            make.buy(order(mentee, what, starts))
        return len(counted)

    assert statements(till(), ada, offering, TUESDAYS) == statements(till(), alan, few, TUESDAYS[:2])
