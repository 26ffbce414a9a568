"""What is left of a programme is booked as a series out of what was bought: all of it with one press, or nothing."""

from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import select

from booking.domain.calendar import Scope
from booking.domain.states import BookingStatus, Canceller
from booking.models.bookings import Booking
from booking.models.reminders import Reminder
from booking.services.hold import NotBookable, SeriesNotFree
from marketplace.core.clock import utcnow
from marketplace.mentors.models import Mentor
from payments.models.sales import Payment, Purchase
from payments.queries.ledger import violations
from payments.queries.settling import unsettled
from payments.services.book_bought import BookedMeanwhile, Chosen, NothingToBook
from payments.services.buy import EarlyStartNotAsked, Order
from payments.services.cancel import Wish, cancel_session
from payments.services.end_programme import EndWish, end_programme, ending
from tests.booking.test_feed_views import subscribe
from tests.factories import make_mentor, make_offering, make_programme
from tests.jobs import run_jobs
from tests.mailbox import letters_kept, part
from tests.payments.conftest import TEN
from tests.payments.programmes import WEEK, book_next, book_several, buy_programme, to_book
from tests.queries import count_queries

LEFT = {position: TEN + (position - 1) * WEEK for position in range(2, 7)}
"""The five Tuesdays after the first."""
LATER = {position: at + timedelta(hours=2) for position, at in LEFT.items()}


@pytest.fixture
def offering(session):
    found = make_programme(session, make_mentor(session), cadence_days=7)
    session.commit()
    return found


@pytest.fixture
def sale(session, till, ada, offering, stripe_side):
    return buy_programme(session, till(), ada, offering, stripe_side.pay)


@pytest.fixture
def its_third_is_alans(session, till, sale, alan, offering):
    """Held by him, half an hour into it."""
    hour = make_offering(session, session.get_one(Mentor, offering.mentor_id))
    session.commit()
    till().buy(Order(alan, hour.mentor_id, hour.id, LEFT[3] + timedelta(minutes=30)))


def adas(session, sale):
    session.rollback()
    hers = select(Booking).where(Booking.mentee_id == sale.purchase.mentee_id).order_by(Booking.starts_at)
    return list(session.scalars(hers))


def end(session, till, sale):
    purchase = session.get_one(Purchase, sale.purchase.id)
    back = ending(session, purchase, Canceller.MENTEE, utcnow()).back.minor
    end_programme(session, purchase.id, EndWish(Canceller.MENTEE, purchase.mentee_id, back), now=utcnow())
    session.commit()


def test_one_press_books_all_that_is_left_and_nothing_is_charged(session, till, sale):
    booked = book_several(till(), sale.purchase.id, Chosen(LEFT, "My next step"))

    assert [each.starts_at for each in booked] == list(LEFT.values())
    assert {each.state for each in adas(session, sale)} == {BookingStatus.CONFIRMED}
    assert [each.agenda for each in booked] == ["My next step", None, None, None, None]
    assert to_book(session, sale.purchase.id) == []
    assert session.scalars(select(Payment.id)).all() == [sale.payment.id]
    assert {each.booking_id for each in session.scalars(select(Reminder))} >= {each.id for each in booked}
    assert (violations(session), unsettled(session)) == ([], [])


def test_one_letter_tells_of_all_of_them_and_the_calendar_lists_them(app, client, settings, session, till, sale):
    run_jobs(app, settings)
    before = len(letters_kept(settings))
    booked = book_several(till(), sale.purchase.id, Chosen(LEFT))
    run_jobs(app, settings)

    new = [each for each in letters_kept(settings)[before:] if "ada" in str(each["To"])]
    [whole] = [part(each, "plain") for each in new if "And after that:" in part(each, "plain")]
    assert all(f"\n{number}. " in whole for number in range(2, 6))
    assert "5 of the 6 sessions of your programme: they are paid for, and nothing is charged." in " ".join(
        whole.split()
    )
    invited = [piece for each in new for piece in each.walk() if piece.get_content_type() == "text/calendar"]
    assert len(invited) == len(new) == len(booked)
    feed = client.get(subscribe(session, settings, sale.purchase.mentee_id, Scope.MENTEE))
    starts = [each.decoded("DTSTART") for each in icalendar.Calendar.from_ical(feed.data).walk("VEVENT")]
    assert starts == [TEN, *LEFT.values()]


def test_pressing_twice_books_once(session, till, sale):
    first, second = (book_several(till(), sale.purchase.id, Chosen(LEFT)) for _ in range(2))

    assert [each.id for each in first] == [each.id for each in second]
    assert len(adas(session, sale)) == 6


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({2: LEFT[2]}, id="the next one, at its very time"),
        pytest.param({2: LATER[2]}, id="the next one"),
        pytest.param(LATER, id="all of them, at other times"),
    ],
)
def test_another_tab_that_speaks_of_what_was_booked_meanwhile_books_nothing(session, till, sale, other):
    book_several(till(), sale.purchase.id, Chosen(other))
    stand = [each.id for each in adas(session, sale)]

    with pytest.raises(BookedMeanwhile):
        book_several(till(), sale.purchase.id, Chosen(LEFT))
    assert [each.id for each in adas(session, sale)] == stand


def test_a_time_that_somebody_took_meanwhile_refuses_all_of_them(session, till, sale, its_third_is_alans):
    with pytest.raises(SeriesNotFree):
        book_several(till(), sale.purchase.id, Chosen(LEFT))

    assert to_book(session, sale.purchase.id) == [2, 3, 4, 5, 6]
    assert len(adas(session, sale)) == 1


def test_an_overdue_hold_in_the_way_of_one_of_them_is_ended_first(till, sale, its_third_is_alans, clock):
    clock.advance(timedelta(minutes=36))

    assert len(book_several(till(), sale.purchase.id, Chosen(LEFT))) == 5


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({**LEFT, 6: LEFT[6] + timedelta(days=5)}, id="a Sunday"),
        pytest.param({**LEFT, 6: LEFT[6] + timedelta(hours=9)}, id="an evening"),
        pytest.param({**LEFT, 6: TEN + 9 * WEEK}, id="further than the calendar is open"),
        pytest.param({**LEFT, 6: LEFT[5]}, id="one time for two"),
        pytest.param({2: LEFT[2], 3: LEFT[2] + timedelta(minutes=60)}, id="no room for the buffer between two"),
    ],
)
def test_one_that_breaks_a_rule_refuses_all_of_them(session, till, sale, wanted):
    with pytest.raises(SeriesNotFree):
        book_several(till(), sale.purchase.id, Chosen(wanted))

    assert len(adas(session, sale)) == 1


def test_more_than_is_left_books_nothing(session, till, sale):
    with pytest.raises(NothingToBook):
        book_several(till(), sale.purchase.id, Chosen({**LEFT, 7: TEN + 6 * WEEK}))

    assert len(adas(session, sale)) == 1


def test_what_ended_meanwhile_is_not_booked(session, till, sale):
    end(session, till, sale)

    with pytest.raises(NothingToBook):
        book_several(till(), sale.purchase.id, Chosen(LEFT))


def test_a_mentor_who_takes_no_bookings_takes_no_series(session, till, sale):
    session.get_one(Mentor, sale.purchase.mentor_id).status = "paused"
    session.commit()

    with pytest.raises(NotBookable):
        book_several(till(), sale.purchase.id, Chosen(LEFT))


def test_one_that_was_called_off_is_booked_again_with_what_is_left(session, till, sale):
    book_next(till(), sale.purchase.id, LEFT[2], 2)
    cancel_session(session, sale.bookings[0].id, Wish(Canceller.MENTEE, sale.purchase.mentee_id, "", 0), now=utcnow())
    session.commit()

    book_several(till(), sale.purchase.id, Chosen({1: LEFT[3], 3: LEFT[4], 4: LEFT[5], 5: LEFT[6]}))

    assert to_book(session, sale.purchase.id) == [6]
    assert (violations(session), unsettled(session)) == ([], [])


def test_the_right_to_withdraw_is_asked_about_for_the_first_of_them(session, till, sale):
    purchase = session.get_one(Purchase, sale.purchase.id)
    session.connection().exec_driver_sql("ALTER TABLE purchase DISABLE TRIGGER sold_is_frozen")
    purchase.withdrawal_version, purchase.withdrawal_until = "2026-11", LEFT[2] + timedelta(days=1)
    session.commit()

    with pytest.raises(EarlyStartNotAsked):
        book_several(till(), sale.purchase.id, Chosen(LEFT))
    assert len(book_several(till(), sale.purchase.id, Chosen(LEFT, early=True))) == 5


def test_it_takes_few_statements_more_for_five_sessions_than_for_two(session, till, sale):
    def statements(wanted):
        with count_queries() as counted:
            book_several(till(), sale.purchase.id, Chosen(wanted))
        return len(counted)

    two, three = (
        statements({2: LEFT[2], 3: LEFT[3]}),
        statements({4: LEFT[4], 5: LEFT[5], 6: LEFT[6]}),
    )

    assert three - two <= 1
