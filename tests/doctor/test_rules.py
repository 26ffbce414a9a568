"""Each rule's query finds what breaks it, once the database's guard is gone, and nothing in a site that works."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from booking.domain.boundaries import Envelope
from booking.domain.states import BookingStatus
from booking.models.bookings import BoundaryRow
from booking.services.move import NewTime, move_booking
from booking.services.propose import propose
from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from marketplace.doctor.examination import RULES, examine
from marketplace.doctor.finding import Level, Patient
from tests.booking.bookings import make_booking
from tests.factories import make_mentor, make_offering, make_user
from tests.payments.test_till import payment_of, reread

START = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def offering(session):
    return make_offering(session, make_mentor(session))


def unguarded(session, *statements):
    """As if somebody had changed rows with triggers off; constraints that stand in the way are dropped first."""
    session.execute(text("SET session_replication_role = replica"))
    for statement in statements:
        session.execute(text(statement))
    session.execute(text("SET session_replication_role = DEFAULT"))
    session.commit()


def broken(session, settings):
    """The rules that do not hold, with what their line says."""
    session.commit()
    patient = Patient(session, settings, utcnow())
    found = [rule.check(patient) for rule in RULES]
    session.rollback()
    return {(each.check.split()[1], each.level): each.says for each in found if each.level is not Level.OK}


def only(session, settings, name, level=Level.BROKEN):
    [(key, says)] = broken(session, settings).items()
    assert key == (str(name), level)
    return says


def test_in_a_site_that_works_every_rule_holds(app, settings, session, till, bought, stripe_side):
    stripe_side.pay(str(payment_of(reread(session, bought)).stripe_session_id))
    till().look(payment_of(bought).id)

    assert broken(session, settings) == {}
    lines = [each for each in examine(Patient(session, settings, utcnow())) if each.check.startswith("rule")]
    assert {each.level for each in lines} == {Level.OK}
    assert {int(each.check.split()[1]) for each in lines} == {1, 2, 3, 4, 5, 6, 7, 9, 11, 12}


def test_two_sessions_at_once_are_found(session, settings, offering, ada):
    session.execute(text("ALTER TABLE occupancy DROP CONSTRAINT no_double_booking"))
    make_booking(session, offering, ada, START, public_id="first")
    make_booking(session, offering, make_user(session), START + HOUR / 2, public_id="second")

    assert only(session, settings, 1) == "1 × two sessions of one person overlap: first with second"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("DELETE FROM occupancy WHERE user_id = (SELECT mentee_id FROM booking)", id="a row is missing"),
        pytest.param(
            "UPDATE booking SET ends_at = ends_at + interval '1 h', local_end = local_end + interval '1 h'", id="moved"
        ),
        pytest.param("UPDATE booking SET status = 'released', confirmed_at = NULL", id="given up, and its rows stayed"),
        pytest.param("DELETE FROM occupancy", id="no row at all"),
    ],
)
def test_a_session_without_its_occupancy_is_found(session, settings, offering, ada, change):
    make_booking(session, offering, ada, START, public_id="odd")
    unguarded(session, change)

    assert only(session, settings, 1).endswith(": odd")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("local_start = local_start + interval '1 h'", id="clock changes were decided anew"),
        pytest.param("envelope_weekdays = '{1}'", id="on another day"),
        pytest.param("envelope_opens = 1000", id="too early"),
        pytest.param("envelope_closes = 600", id="too late"),
    ],
)
def test_a_session_outside_its_envelope_is_found(session, settings, offering, ada, change):
    make_booking(session, offering, ada, START, public_id="odd")
    for name in ("business_hours_only", "local_times_are_of_the_instants"):
        session.execute(text(f"ALTER TABLE booking DROP CONSTRAINT {name}"))
    unguarded(session, f"UPDATE booking SET {change}")

    assert only(session, settings, 2).endswith(": odd")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("status = 'no_show_mentor', settled_at = ends_at + interval '3 d'", id="nobody said so"),
        pytest.param("status = 'completed', settled_at = ends_at + interval '47 h'", id="nobody waited"),
    ],
)
def test_an_outcome_out_of_nothing_is_found(session, settings, offering, ada, change):
    make_booking(session, offering, ada, START, public_id="odd")
    unguarded(session, f"UPDATE booking SET completed_at = ends_at, {change}")

    assert only(session, settings, 4).endswith(": odd")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            "UPDATE booking_move SET (to_starts_at, to_ends_at) = (from_ends_at, from_ends_at + interval '1 h')",
            id="it led elsewhere",
        ),
        pytest.param("UPDATE booking SET sequence = 0", id="calendars were not told"),
    ],
)
def test_a_session_that_is_not_where_it_was_moved_to_is_found(session, settings, offering, ada, change):
    booking = make_booking(session, offering, ada, START, public_id="odd")
    wanted = NewTime(START + 2 * HOUR, ada.id, "", 0)
    move_booking(
        session, booking, wanted, now=utcnow(), envelope=Envelope(), site_meeting_url="https://meet.example.org"
    )
    session.commit()
    assert broken(session, settings) == {}
    unguarded(session, change)

    assert only(session, settings, 11).endswith(": odd")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("DELETE FROM occupancy WHERE is_proposed", id="it is not kept"),
        pytest.param(
            "DELETE FROM occupancy WHERE is_proposed AND user_id = (SELECT mentee_id FROM booking)", id="half"
        ),
        pytest.param("UPDATE move_proposal SET status = 'lapsed', closed_at = expires_at", id="it is over and kept"),
        pytest.param(
            "UPDATE occupancy SET span = tstzrange(lower(span), upper(span) + interval '1 h') WHERE is_proposed",
            id="another time is kept",
        ),
    ],
)
def test_a_proposed_time_that_is_not_kept_is_found(session, settings, offering, ada, change):
    booking = make_booking(session, offering, ada, START, public_id="odd")
    wanted = NewTime(START + 2 * HOUR, offering.mentor_id, "", 0)
    propose(session, booking, wanted, now=utcnow(), envelope=Envelope())
    session.commit()
    assert broken(session, settings) == {}
    unguarded(session, change)

    assert only(session, settings, 1).endswith(": odd")


@pytest.mark.parametrize(("days", "says"), [(0, {}), (1, {"3"})], ids=["on the same day", "on a day that is full"])
def test_a_proposed_time_counts_in_the_caps_of_its_own_day(session, settings, offering, ada, days, says):
    session.get_one(BoundaryRow, offering.mentor_id).sessions_a_day = 1
    booking = make_booking(session, offering, ada, START)
    wanted = NewTime(START + days * 24 * HOUR + 2 * HOUR, offering.mentor_id, "", 0)
    propose(session, booking, wanted, now=utcnow(), envelope=Envelope())
    if days:
        make_booking(session, offering, make_user(session), START + 24 * HOUR + 5 * HOUR)

    assert {number for number, _ in broken(session, settings)} == set(says)


@pytest.mark.parametrize(
    ("cap", "says"),
    [
        ({"sessions_a_day": 1}, "1 × a day or week over its mentor’s present caps: {slug} on 2026-12-08"),
        ({"minutes_a_day": 90}, "1 × a day or week over its mentor’s present caps: {slug} on 2026-12-08"),
        ({"sessions_a_week": 1}, "1 × a day or week over its mentor’s present caps: {slug} in the week of 2026-12-07"),
    ],
)
def test_lowered_caps_are_told_of_and_break_no_rule(session, settings, ada, cap, says):
    mentor = make_mentor(session)
    offering = make_offering(session, mentor)
    for hour in range(2):
        make_booking(session, offering, ada, START + hour * HOUR)
    for name, value in cap.items():
        setattr(session.get(BoundaryRow, mentor.id), name, value)

    assert only(session, settings, 3, Level.ATTENTION) == says.format(slug=mentor.slug)


def test_full_days_that_are_over_are_not_told_of(session, settings, clock, ada):
    mentor = make_mentor(session, boundaries={"sessions_a_day": 1})
    for hour in range(2):
        make_booking(session, make_offering(session, mentor), ada, START + hour * HOUR)
    clock.set(START + timedelta(days=8))

    assert broken(session, settings) == {}


def test_a_sale_without_its_payment_is_found(session, settings, till, bought, stripe_side):
    stripe_side.pay(str(payment_of(reread(session, bought)).stripe_session_id))
    till().look(payment_of(bought).id)
    unguarded(session, "UPDATE payment SET status = 'expired', paid_at = NULL, paid_minor = NULL")

    assert only(session, settings, 4).endswith(f": {bought.purchase.public_id}")


def test_money_that_bought_nothing_is_found(session, settings, till, bought, stripe_side):
    stripe_side.pay(str(payment_of(reread(session, bought)).stripe_session_id))
    till().look(payment_of(bought).id)
    unguarded(session, "UPDATE purchase SET status = 'lapsed', total_minor = NULL, sold_at = NULL")

    found = [each for each in examine(Patient(session, settings, utcnow())) if each.level is Level.BROKEN]

    rules = {each.check: each.says for each in found if each.check.startswith("rule")}
    assert set(rules) == {"rule 4 paid_or_refunded", "rule 6 books_balance"}  # the books say that it was sold
    assert rules["rule 4 paid_or_refunded"].endswith(f": {payment_of(bought).public_id}")


def test_a_time_given_back_while_it_is_payable_is_found(session, settings, bought):
    unguarded(session, "UPDATE booking SET status = 'expired'", "DELETE FROM occupancy")

    assert only(session, settings, 5).endswith(f": {bought.booking.public_id}")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE booking SET confirmed_at = now()", id="confirmed, and held again"),
        pytest.param("UPDATE payment SET paid_minor = 8050", id="paid, and open again"),
        pytest.param("UPDATE payment SET last_fetch = 1000", id="a fetch that has not begun"),
    ],
)
def test_what_went_back_is_found(session, settings, bought, change):
    unguarded(session, change)

    only(session, settings, 7)


def test_more_given_back_than_was_paid_is_found(session, settings, till, bought, stripe_side):
    stripe_side.pay(str(payment_of(reread(session, bought)).stripe_session_id))
    till().look(payment_of(bought).id)
    command = "(SELECT min(id) FROM stripe_command)"
    unguarded(
        session,
        "INSERT INTO refund (payment_id, status, reason, amount_minor, currency, command_id, created_at, looked_at)"
        f" SELECT id, 'owed', 'more', 8051, 'EUR', {command}, now(), now() FROM payment",
    )

    assert (
        only(session, settings, 7) == f"1 × more was given back than was paid: payment {payment_of(bought).public_id}"
    )


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            "UPDATE purchase_session SET gross_minor = gross_minor + 1, share_minor = share_minor + 1", id="more"
        ),
        pytest.param(
            "UPDATE purchase_session SET fee_minor = fee_minor + 1, share_minor = share_minor - 1", id="split"
        ),
        pytest.param("DELETE FROM purchase_session", id="no session"),
    ],
)
def test_a_purchase_that_does_not_add_up_is_found(session, settings, bought, change):
    unguarded(session, change)

    assert only(session, settings, 9).endswith(f": {bought.purchase.public_id}")


@pytest.mark.parametrize("change", ["calendar_changed_at = '2026-01-01'", "calendar_revision = 0"])
def test_a_calendar_that_was_not_told_is_found(session, settings, offering, ada, change):
    make_booking(session, offering, ada, START, public_id="unseen")
    unguarded(session, f"UPDATE users SET {change} WHERE id = {ada.id}")

    assert only(session, settings, 11).endswith(": unseen")


@pytest.mark.parametrize(
    ("closed", "level"),
    [
        pytest.param(timedelta(seconds=-1), Level.BROKEN, id="before working time"),
        pytest.param(timedelta(minutes=59), None, id="soon after it began"),
        pytest.param(timedelta(hours=3), Level.ATTENTION, id="hours later"),
    ],
)
def test_a_letter_that_came_at_another_time_than_it_should_is_found(session, settings, ada, closed, level):
    due = utcnow() - timedelta(days=1)
    session.add(
        MailRow(
            fact="booking:booked",
            key="news",
            user_id=ada.id,
            arguments={},
            created_at=due - HOUR,
            due_at=due,
            status="sent",
            closed_at=due + closed,
        )
    )

    found = broken(session, settings)

    assert list(found) == ([] if level is None else [("12", level)])


def test_many_violations_are_counted_and_three_are_named(session, settings, offering, ada):
    for day in range(5):
        make_booking(
            session, offering, ada, START + timedelta(days=day), public_id=f"s{day}", status=BookingStatus.CONFIRMED
        )
    unguarded(session, "DELETE FROM occupancy")

    says = only(session, settings, 1)

    assert says.startswith("5 × ")
    assert says.endswith(" and 2 more")
