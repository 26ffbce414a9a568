"""Outcomes and their money: what took place is earned, what was missed goes back, once and to the cent."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from booking.domain.outcomes import WINDOW, Decision, Said, Side
from booking.domain.states import BookingStatus
from booking.services.cancel import NotCancellable
from booking.services.outcomes import NotToBeDecided, NotToBeSaid
from marketplace.core.audit import AuditEntry
from marketplace.core.clock import utcnow
from marketplace.core.money import Money
from marketplace.mentors.models import Mentor
from payments.domain.states import RefundStatus
from payments.queries.earnings import earned_lines
from payments.queries.ledger import balances, violations
from payments.queries.settling import unsettled
from payments.reconciling.lines import Result
from payments.reconciling.run import reconcile
from payments.services.buy import Order
from payments.services.outcomes import Ruling, Saying
from payments.services.settle import settle_session
from tests.factories import make_offering, make_user
from tests.jobs import run_jobs, sweep
from tests.payments.conftest import TEN
from tests.payments.test_cancel import at_stripe, cancel, refunds, sums
from tests.payments.test_till import reread

S = BookingStatus
END = TEN + timedelta(hours=1)
CLOSES = END + WINDOW
MENTEE, MENTOR = Side.MENTEE, Side.MENTOR


def says(till, sale, side, said, words="It is so."):
    person = sale.booking.mentee_id if side is MENTEE else sale.booking.mentor_id
    till().say(sale.booking.id, Saying(side, person, said, words))


def decides(session, till, sale, decision):
    olga = make_user(session, "Olga Example", is_operator=True)
    session.commit()
    till().decide(sale.booking.id, Ruling(decision, olga.id, "As the mails say."))
    return olga


def come_to_an_end(app, settings, clock, at=CLOSES):
    clock.set(at)
    sweep(app, "payments:sweep")
    run_jobs(app, settings)


def earned(session):
    books = balances(session)
    session.rollback()
    return -books["mentor_payable", "EUR"], -books["site_fees", "EUR"]


def test_what_took_place_is_earned_two_days_after_it_by_nobody_but_the_sweep(app, settings, session, sold, clock):
    come_to_an_end(app, settings, clock, END)
    over = reread(session, sold).booking.state, earned(session)
    come_to_an_end(app, settings, clock)

    assert over == (S.COMPLETED, (0, 0))
    assert reread(session, sold).booking.settled_at is not None
    assert earned(session) == (7000, 1050)
    assert balances(session)["mentee_prepaid", "EUR"] == 0
    assert (sums(session), violations(session), unsettled(session)) == ([], [], [])


def test_what_a_mentor_has_earned_is_told_session_by_session(app, settings, session, sold, clock):
    mentor = sold.booking.mentor_id
    come_to_an_end(app, settings, clock, END)
    before = earned_lines(session, mentor)
    session.rollback()
    come_to_an_end(app, settings, clock)

    [found] = earned_lines(session, mentor)
    assert before == []
    assert (found.public_id, found.share) == (sold.booking.public_id, Money(7000, "EUR"))
    assert earned_lines(session, sold.booking.mentee_id) == []


def test_a_mentor_who_did_not_come_gives_all_back_if_they_say_nothing(
    app, settings, session, till, sold, clock, stripe_side
):
    clock.set(END)
    says(till, sold, MENTEE, Said.OTHER_MISSING)
    come_to_an_end(app, settings, clock)

    assert reread(session, sold).booking.state is S.NO_SHOW_MENTOR
    assert at_stripe(stripe_side) == [8050]
    assert [(each.reason, each.status) for each in refunds(session)] == [("outcome", RefundStatus.SUCCEEDED)]
    assert (earned(session), violations(session), unsettled(session)) == ((0, 0), [], [])


def test_a_mentee_who_did_not_come_gets_nothing_back(app, settings, session, till, sold, clock, stripe_side):
    clock.set(TEN + timedelta(minutes=15))
    says(till, sold, MENTOR, Said.OTHER_MISSING)
    come_to_an_end(app, settings, clock)

    assert reread(session, sold).booking.state is S.NO_SHOW_MENTEE
    assert (at_stripe(stripe_side), earned(session), violations(session)) == ([], (7000, 1050), [])


def test_who_says_that_they_did_not_come_ends_it_at_once(app, settings, session, till, sold, clock, stripe_side):
    clock.set(END)
    says(till, sold, MENTEE, Said.OTHER_MISSING)
    says(till, sold, MENTOR, Said.WAS_MISSING)
    run_jobs(app, settings)

    assert reread(session, sold).booking.state is S.NO_SHOW_MENTOR
    assert at_stripe(stripe_side) == [8050]


@pytest.mark.parametrize(
    ("decision", "status", "back", "kept"),
    [
        (Decision.TOOK_PLACE, S.COMPLETED, [], (7000, 1050)),
        (Decision.MENTEE_MISSING, S.NO_SHOW_MENTEE, [], (7000, 1050)),
        (Decision.MENTOR_MISSING, S.NO_SHOW_MENTOR, [8050], (0, 0)),
        (Decision.BOTH_MISSING, S.NO_SHOW_BOTH, [8050], (0, 0)),
        (Decision.ALL_BACK, S.COMPLETED, [8050], (0, 0)),
    ],
)
def test_what_an_operator_decides_moves_the_money_at_once(
    app, settings, session, till, sold, clock, stripe_side, decision, status, back, kept
):
    clock.set(END)
    says(till, sold, MENTEE, Said.OTHER_MISSING)
    says(till, sold, MENTOR, Said.TOOK_PLACE)
    come_to_an_end(app, settings, clock, CLOSES + timedelta(days=9))
    waited = reread(session, sold).booking.state, earned(session), sums(session)

    olga = decides(session, till, sold, decision)
    run_jobs(app, settings)

    assert waited == (S.COMPLETED, (0, 0), [])
    assert reread(session, sold).booking.state is status
    assert (at_stripe(stripe_side), earned(session)) == (back, kept)
    assert (violations(session), unsettled(session)) == ([], [])
    [entry] = session.scalars(select(AuditEntry)).all()
    assert (entry.what, entry.actor_id, entry.reason, entry.detail["decision"]) == (
        "payments:decided",
        olga.id,
        "As the mails say.",
        decision,
    )


def test_it_is_decided_once(session, till, sold, clock):
    clock.set(END)
    says(till, sold, MENTEE, Said.OTHER_MISSING)
    says(till, sold, MENTOR, Said.TOOK_PLACE)
    decides(session, till, sold, Decision.TOOK_PLACE)

    with pytest.raises(NotToBeDecided):
        decides(session, till, sold, Decision.MENTOR_MISSING)

    session.rollback()
    assert sums(session) == []


def test_what_is_over_in_time_and_in_no_row_is_over(session, till, sold, clock):
    """No sweep has run for a week: nothing can be said any more, nothing cancelled, and nothing is lost."""
    clock.set(CLOSES + timedelta(days=5))

    with pytest.raises(NotToBeSaid):
        says(till, sold, MENTEE, Said.OTHER_MISSING)
    session.rollback()
    with pytest.raises(NotCancellable):
        cancel(session, sold)

    session.rollback()
    till().bring_forward(sold.booking.id)
    assert earned(session) == (7000, 1050)


def test_settling_again_from_nothing_changes_nothing(app, settings, session, till, sold, clock, stripe_side):
    clock.set(END)
    says(till, sold, MENTEE, Said.OTHER_MISSING)
    come_to_an_end(app, settings, clock)
    for _ in range(2):
        settle_session(session, sold.booking.id, now=utcnow())
        session.commit()
        till().bring_forward(sold.booking.id)
        come_to_an_end(app, settings, clock, utcnow() + timedelta(days=1))

    assert at_stripe(stripe_side) == [8050]
    assert (violations(session), unsettled(session)) == ([], [])


def test_a_session_that_was_settled_past_us_is_found_and_its_money_moved(session, till, sold, stripe_side):
    """As if its row had come from elsewhere: facts are enough."""
    session.execute(text("UPDATE booking SET status = 'no_show_both', completed_at = ends_at, settled_at = ends_at"))
    session.commit()
    found = unsettled(session)
    session.commit()

    lines = list(reconcile(till()))

    assert [public_id for _, public_id in found] == [sold.booking.public_id]
    assert (Result.HEALED, f"session {sold.booking.public_id}") in [(line.result, line.thing) for line in lines]
    assert at_stripe(stripe_side) == [8050]


def test_reconciling_alone_brings_to_an_end_what_is_over(session, till, sold, clock):
    clock.set(CLOSES)

    lines = [line for line in reconcile(till()) if "session" in line.thing]

    assert [line.says for line in lines] == ["was over, and nobody had looked", "was earned and not transferred"]
    assert {line.result for line in lines} == {Result.HEALED}
    assert reread(session, sold).booking.settled_at is not None
    assert earned(session) == (0, 1050)  # the mentor has it


def test_a_fit_call_has_an_outcome_without_money_and_one_that_the_mentor_missed_can_be_had_again(
    app, settings, session, till, ada, hour, clock
):
    call = make_offering(session, session.get_one(Mentor, hour.mentor_id), kind="fit_call")
    session.commit()
    free = till().buy(Order(ada, hour.mentor_id, call.id, TEN))
    clock.set(END)
    says(till, free, MENTEE, Said.OTHER_MISSING)
    come_to_an_end(app, settings, clock)

    assert reread(session, free).booking.state is S.NO_SHOW_MENTOR
    assert (refunds(session), unsettled(session), violations(session)) == ([], [], [])
    again = till().buy(Order(ada, hour.mentor_id, call.id, TEN + timedelta(days=7)))
    assert again.booking.state is S.CONFIRMED


def test_what_was_cancelled_is_not_completed(app, settings, session, sold, clock):
    cancel(session, sold)
    come_to_an_end(app, settings, clock)

    assert reread(session, sold).booking.state is S.CANCELLED_BY_MENTEE
    assert (sums(session), earned(session)) == ([8050], (0, 0))
