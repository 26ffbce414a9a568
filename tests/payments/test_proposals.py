"""A mentor proposes another time: both are kept until it is answered, and each answer takes effect once."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from booking.domain.outcomes import Said, Side
from booking.domain.proposals import ProposalStatus, answer_until
from booking.domain.states import BookingStatus, Canceller
from booking.models.bookings import BoundaryRow, Occupancy
from booking.models.moves import BookingMove, MoveProposal
from booking.services.ahead import AlreadyCancelled
from booking.services.hold import NotBookable, SlotTaken
from booking.services.move import MovedMeanwhile, NewTime, NotMovable
from booking.services.propose import Answer, ProposalOver, ProposedAlready
from marketplace.core.db import violated
from marketplace.core.mail import MailRow
from marketplace.mentors.models import Mentor
from payments.models.sales import Refund
from payments.queries.ledger import violations
from payments.queries.settling import unsettled
from payments.services.buy import Order
from payments.services.cancel import Wish
from payments.services.outcomes import Saying
from payments.services.proposals import accept_proposal, propose_time, take_all_back, withdraw_proposal
from tests.jobs import run_jobs, sweep
from tests.payments.conftest import TEN
from tests.payments.test_till import reread

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON, HALF_PAST = TEN + 2 * HOUR, TEN + HOUR / 2
AN_HOUR_BEFORE = TEN - HOUR


def propose(till, sale, start=NOON, *, reason="", seen=0):
    here = till()
    wanted = NewTime(start, sale.booking.mentor_id, reason, seen)
    here.change_time(partial(propose_time, here.session, sale.booking.id, wanted, now=here.now, settings=here.settings))


def answer(till, sale, act, proposal=None):
    here = till()
    person = sale.booking.mentor_id if act is withdraw_proposal else sale.booking.mentee_id
    named = Answer(person, proposal or newest(here.session).public_id)
    here.session.rollback()
    here.change_time(partial(act, here.session, sale.booking.id, named, now=here.now))


def newest(session):
    statement = select(MoveProposal).order_by(MoveProposal.id.desc()).limit(1)
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def status(session):
    session.rollback()
    return newest(session).state


def spans(session):
    session.rollback()
    return sorted((row.user_id, row.is_proposed, row.span.lower) for row in session.scalars(select(Occupancy)))


def told(session, fact):
    session.rollback()
    return sorted(session.scalars(select(MailRow.user_id).where(MailRow.fact == fact)))


def both(sale):
    return sorted([sale.booking.mentee_id, sale.booking.mentor_id])


@pytest.mark.parametrize(
    ("old", "new", "until"),
    [
        pytest.param(TEN + 9 * DAY, TEN + 8 * DAY, TEN + 2 * DAY, id="two days"),
        pytest.param(TEN + HOUR, TEN + 8 * DAY, TEN + HOUR, id="until the old time"),
        pytest.param(TEN + 9 * DAY, TEN + 30 * HOUR, TEN + 30 * HOUR, id="until the new time"),
    ],
)
def test_it_can_be_answered_for_two_days_or_until_there_is_nothing_left_to_choose(old, new, until):
    assert answer_until(TEN, old_start=old, new_start=new) == until


def test_both_times_are_kept_for_both_people_and_the_session_stays(session, till, sold, alan, hour):
    propose(till, sold, reason="I am at the dentist.")

    mentee, mentor = sold.booking.mentee_id, sold.booking.mentor_id
    early = timedelta(minutes=10)
    assert spans(session) == sorted(
        [(mentee, False, TEN), (mentee, True, NOON), (mentor, False, TEN - early), (mentor, True, NOON - early)]
    )
    found = reread(session, sold).booking
    assert (found.starts_at, found.sequence) == (TEN, 0)
    for start in (TEN, NOON):
        with pytest.raises(SlotTaken):
            till().buy(Order(alan, hour.mentor_id, hour.id, start))
        session.rollback()
    assert told(session, "booking:proposed") == both(sold)


def test_the_two_times_may_overlap_each_other(session, till, sold):
    propose(till, sold, HALF_PAST)
    answer(till, sold, accept_proposal)

    assert reread(session, sold).booking.starts_at == HALF_PAST
    assert {start for _, _, start in spans(session)} == {HALF_PAST, HALF_PAST - timedelta(minutes=10)}


@pytest.mark.parametrize("cap", ["sessions_a_day", "sessions_a_week"])
def test_a_day_or_week_that_has_both_times_counts_the_session_once(session, till, sold, alan, hour, cap):
    setattr(session.get_one(BoundaryRow, hour.mentor_id), cap, 2)
    session.commit()
    propose(till, sold)

    assert till().buy(Order(alan, hour.mentor_id, hour.id, TEN + 5 * HOUR)).booking.state is BookingStatus.HELD


def test_a_day_that_has_the_proposed_time_alone_counts_it_too(session, till, sold, alan, hour):
    """Or the mentee could not accept it any more."""
    session.get_one(BoundaryRow, hour.mentor_id).sessions_a_day = 1
    session.commit()
    propose(till, sold, TEN + DAY)

    with pytest.raises(SlotTaken, match="full"):
        till().buy(Order(alan, hour.mentor_id, hour.id, TEN + DAY + 5 * HOUR))


def test_accepting_moves_it_for_no_money_under_the_same_uid(app, settings, session, till, sold, stripe_side):
    propose(till, sold)
    answer(till, sold, accept_proposal)
    run_jobs(app, settings)

    after = reread(session, sold).booking
    assert (after.starts_at, after.uid, after.sequence) == (NOON, sold.booking.uid, 1)
    assert (status(session), len(session.scalars(select(BookingMove)).all())) == (ProposalStatus.ACCEPTED, 1)
    assert told(session, "booking:moved") == both(sold)
    assert len(spans(session)) == 2
    assert (stripe_side.refunds(), violations(session)) == ([], [])


def test_what_was_kept_is_not_judged_again(session, till, sold, hour):
    """The mentor proposed it, so neither notice nor hours that were edited since take it away."""
    propose(till, sold)
    session.execute(text("DELETE FROM working_hours"))
    session.get_one(BoundaryRow, hour.mentor_id).notice_minutes = 60 * 24 * 20
    session.commit()

    answer(till, sold, accept_proposal)

    assert reread(session, sold).booking.starts_at == NOON


def test_the_mentee_may_choose_another_time_whatever_the_limit(session, till, sold, clock):
    clock.set(AN_HOUR_BEFORE)
    propose(till, sold, TEN + 2 * DAY)

    till().move(sold.booking.id, NewTime(TEN + 3 * DAY, sold.booking.mentee_id, "", 0))

    assert reread(session, sold).booking.starts_at == TEN + 3 * DAY
    assert status(session) is ProposalStatus.ELSEWHERE
    assert len(spans(session)) == 2


def test_an_hour_before_all_goes_back_if_the_mentee_takes_it(app, settings, session, till, sold, clock):
    clock.set(AN_HOUR_BEFORE)
    propose(till, sold, TEN + 2 * DAY)

    answer(till, sold, take_all_back)
    run_jobs(app, settings)

    after = reread(session, sold).booking
    assert (after.state, after.took_all_back) == (BookingStatus.CANCELLED_BY_MENTOR, True)
    assert after.cancelled_by == sold.booking.mentee_id
    assert session.scalars(select(Refund.amount_minor)).all() == [8050]
    assert (status(session), spans(session)) == (ProposalStatus.TAKEN_BACK, [])
    assert (unsettled(session), violations(session)) == ([], [])
    assert told(session, "booking:cancelled") == both(sold)


def test_who_does_not_answer_keeps_the_old_time_and_the_other_one_is_free(app, settings, session, till, sold, clock):
    propose(till, sold)
    clock.advance(timedelta(hours=48))

    sweep(app, "payments:sweep")
    run_jobs(app, settings)

    assert (reread(session, sold).booking.starts_at, status(session)) == (TEN, ProposalStatus.LAPSED)
    assert len(spans(session)) == 2
    assert told(session, "booking:proposal_over") == both(sold)


@pytest.mark.parametrize("act", [accept_proposal, take_all_back, withdraw_proposal])
def test_once_its_time_is_over_nobody_answers_it_whatever_the_sweep_has_seen(session, till, sold, clock, act):
    propose(till, sold)
    clock.advance(timedelta(hours=48))

    with pytest.raises(ProposalOver):
        answer(till, sold, act)

    assert reread(session, sold).booking.state is BookingStatus.CONFIRMED


def test_who_comes_for_the_time_of_an_overdue_one_gets_it_before_any_sweep(session, till, sold, alan, hour, clock):
    propose(till, sold)
    clock.advance(timedelta(hours=48))

    sale = till().buy(Order(alan, hour.mentor_id, hour.id, NOON))

    assert (sale.booking.starts_at, status(session)) == (NOON, ProposalStatus.LAPSED)


def test_one_that_no_sweep_has_seen_ends_with_its_session(session, till, sold, clock):
    propose(till, sold)
    clock.set(TEN + 2 * HOUR)

    till().say(sold.booking.id, Saying(Side.MENTEE, sold.booking.mentee_id, Said.OTHER_MISSING))

    assert reread(session, sold).booking.state is BookingStatus.COMPLETED
    assert (status(session), len(spans(session))) == (ProposalStatus.LAPSED, 2)
    assert told(session, "booking:proposal_over") == []


def test_the_mentor_takes_it_back(session, till, sold):
    propose(till, sold)

    answer(till, sold, withdraw_proposal)

    assert (status(session), len(spans(session))) == (ProposalStatus.WITHDRAWN, 2)
    assert told(session, "booking:proposal_over") == [sold.booking.mentee_id]
    propose(till, sold, TEN + DAY)
    assert status(session) is ProposalStatus.OPEN


def test_one_is_open_at_a_time_until_the_clock_has_closed_it(session, till, sold, clock):
    propose(till, sold)
    with pytest.raises(ProposedAlready):
        propose(till, sold, TEN + DAY)
    session.rollback()
    clock.advance(timedelta(hours=48))

    propose(till, sold, TEN + 3 * DAY)

    states = session.scalars(select(MoveProposal.status).order_by(MoveProposal.id)).all()
    assert states == [ProposalStatus.LAPSED, ProposalStatus.OPEN]


@pytest.mark.parametrize("first", [accept_proposal, take_all_back, withdraw_proposal])
@pytest.mark.parametrize("second", [accept_proposal, take_all_back, withdraw_proposal])
def test_it_is_answered_once(session, till, sold, first, second):
    propose(till, sold)
    proposal = newest(session).public_id
    session.rollback()
    answer(till, sold, first)
    before = (status(session), reread(session, sold).booking.starts_at)

    with pytest.raises((ProposalOver, AlreadyCancelled)):
        answer(till, sold, second, proposal)

    assert (status(session), reread(session, sold).booking.starts_at) == before


def test_an_answer_to_another_proposal_than_was_read_does_nothing(session, till, sold):
    propose(till, sold)
    read = newest(session).public_id
    session.rollback()
    answer(till, sold, withdraw_proposal)
    propose(till, sold, TEN + DAY)

    with pytest.raises(ProposalOver):
        answer(till, sold, accept_proposal, read)

    assert reread(session, sold).booking.starts_at == TEN


@pytest.mark.parametrize("by", [Canceller.MENTEE, Canceller.MENTOR])
def test_with_the_session_cancelled_nothing_is_proposed_any_more(session, till, sold, by):
    propose(till, sold)
    person = sold.booking.mentee_id if by is Canceller.MENTEE else sold.booking.mentor_id

    till().cancel(sold.booking.id, Wish(by, person, "", 8050))

    assert (status(session), spans(session)) == (ProposalStatus.OVERTAKEN, [])


@pytest.mark.parametrize(
    ("start", "seen", "refused"),
    [
        pytest.param(TEN + 12 * HOUR, 0, NotBookable, id="outside working hours"),
        pytest.param(TEN + timedelta(minutes=7), 0, NotBookable, id="off the grid"),
        pytest.param(TEN, 0, MovedMeanwhile, id="where it is"),
        pytest.param(NOON, 3, MovedMeanwhile, id="of a state that nobody has seen"),
    ],
)
def test_what_is_proposed_is_judged_as_any_time_is(session, till, sold, start, seen, refused):
    with pytest.raises(refused):
        propose(till, sold, start, seen=seen)

    session.rollback()
    assert session.scalars(select(MoveProposal)).all() == []


def test_once_it_has_begun_nothing_is_proposed(till, sold, clock):
    clock.set(TEN)

    with pytest.raises(NotMovable):
        propose(till, sold, TEN + 2 * DAY)


@pytest.mark.parametrize(("state", "may"), [("paused", True), ("suspended", False)])
def test_a_mentor_on_a_break_may_propose_and_a_suspended_one_may_not(session, till, sold, state, may):
    mentor = session.get_one(Mentor, sold.booking.mentor_id)
    mentor.status = state
    if state == "suspended":
        mentor.reason, mentor.suspended_from = "Something is wrong.", "approved"
    session.commit()

    if may:
        propose(till, sold)
    else:
        with pytest.raises(NotBookable):
            propose(till, sold)


SECOND = """
    INSERT INTO move_proposal (public_id, booking_id, status, starts_at, ends_at, proposed_at, expires_at, zone,
        local_start, local_end, buffer_before_minutes, buffer_after_minutes, envelope_weekdays, envelope_opens,
        envelope_closes)
    SELECT 'another', booking_id, status, starts_at, ends_at, proposed_at, expires_at, zone, local_start, local_end,
        0, 0, envelope_weekdays, envelope_opens, envelope_closes
    FROM move_proposal
"""


@pytest.mark.parametrize(
    ("attack", "refused_by"),
    [
        pytest.param("UPDATE move_proposal SET starts_at = starts_at + interval '1 h'", "answered_once", id="changed"),
        pytest.param("DELETE FROM move_proposal", "answered_once", id="deleted"),
        pytest.param("UPDATE move_proposal SET status = 'accepted'", "proposal_is_open_or_closed", id="at no time"),
        pytest.param(
            SECOND,
            "one_open_proposal",
            id="a second one",
        ),
        pytest.param(
            "UPDATE booking SET took_all_back = true", "cancelled_by_whom_it_says", id="taken back, and stands"
        ),
    ],
)
def test_the_database_refuses_what_cannot_be(session, till, sold, attack, refused_by):
    propose(till, sold)

    with pytest.raises(IntegrityError) as refused:
        session.execute(text(attack))

    assert violated(refused.value) == refused_by


def test_a_mentor_hears_of_the_end_in_working_time(app, settings, session, till, sold, clock):
    """Proposed on a Thursday evening, over on Saturday: on Monday at nine."""
    clock.set(datetime(2026, 12, 3, 19, 0, tzinfo=UTC))
    propose(till, sold, TEN + 2 * DAY)
    clock.advance(timedelta(hours=48))

    sweep(app, "payments:sweep")
    run_jobs(app, settings)

    due = dict(
        session.execute(select(MailRow.user_id, MailRow.due_at).where(MailRow.fact == "booking:proposal_over")).all()
    )
    assert due[sold.booking.mentor_id] == datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
    assert due[sold.booking.mentee_id] < datetime(2026, 12, 6, tzinfo=UTC)
