"""What banks do about a payment: what waits, what goes back, who bears what, and what the books say of it."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.domain.states import BookingStatus, Canceller
from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from marketplace.doctor.finding import Patient
from marketplace.doctor.rules_of_money import RULES
from marketplace.operator.queries.refunds import stuck_refunds
from payments.disputing import Disputing
from payments.domain.states import CommandStatus, RefundStatus
from payments.models.disputes import Dispute
from payments.models.sales import Payment, Refund, StripeCommand
from payments.services.buy import Order
from payments.stripe_api.gateway import StripeGateway
from tests.payments.conftest import TEN
from tests.payments.disputes import bank, books, holds, refunds, status_of, there, work
from tests.payments.test_cancel import cancel
from tests.payments.test_till import lapse_here_only, payment_of, reread
from tests.payments.test_transfers import earned, pay_out
from tests.races.points import Dead, Points, watched

__all__ = ["bank", "earned"]

FEE = 2000


def test_a_dispute_is_known_with_what_stripe_has_booked_for_it(session, bank):
    before = books(session, "stripe_clearing", "stripe_fees")

    bank.opens(reason="unrecognized")

    [dispute] = session.scalars(select(Dispute)).all()
    assert (dispute.status, dispute.reason, dispute.amount_minor) == ("needs_response", "unrecognized", 8050)
    assert (dispute.taken_minor, dispute.returned_minor, dispute.fee_minor) == (8050, 0, FEE)
    assert dispute.due_by is not None
    assert books(session, "stripe_clearing", "stripe_fees") == (before[0] - 8050 - FEE, before[1] + FEE)
    assert books(session, "disputed", "mentee_prepaid") == (8050, -8050)
    holds(session)


def test_a_dispute_that_is_won_leaves_all_as_it_was_but_for_its_fee(session, bank):
    before = books(session, "stripe_clearing", "mentee_prepaid")
    bank.opens()

    bank.decides("won")

    assert books(session, "stripe_clearing", "mentee_prepaid") == (before[0] - FEE, before[1])
    assert books(session, "disputed", "dispute_loss") == (0, 0)
    holds(session)


def test_an_inquiry_moves_no_money_and_its_closing_is_the_end_of_it(session, bank):
    before = books(session, "stripe_clearing")
    bank.opens(kind="inquiry")

    bank.decides("closed")

    [dispute] = session.scalars(select(Dispute)).all()
    assert (dispute.status, dispute.taken_minor, books(session, "stripe_clearing")) == ("warning_closed", 0, before)
    holds(session)


def test_news_that_is_older_than_what_is_known_changes_nothing(session, settings, bank, till):
    gateway = StripeGateway(settings)
    bank.opens()
    older = gateway.disputes.fetch(bank.id)
    number = Disputing(session, gateway, utcnow())._number()
    bank.decides("won")

    Disputing(session, gateway, utcnow()).learn([older], number)

    assert session.scalars(select(Dispute.status)).all() == ["won"]
    holds(session)


def test_the_same_news_again_books_nothing_and_tells_nobody(session, bank):
    bank.opens()
    before = books(session, "stripe_clearing"), session.query(MailRow).count()

    for _ in range(3):
        bank.is_seen()

    assert (books(session, "stripe_clearing"), session.query(MailRow).count()) == before


def test_a_session_that_is_ahead_stands_while_its_payment_is_disputed(session, sold, bank):
    bank.opens()

    assert status_of(session, sold) is BookingStatus.CONFIRMED


def test_what_goes_back_waits_for_the_dispute_and_goes_out_when_it_is_won(
    app, settings, session, sold, bank, stripe_side, clock
):
    bank.opens()
    cancel(session, sold, Canceller.MENTOR, 8050)
    session.rollback()
    for _ in range(2):
        work(app, settings, clock)
    waiting = refunds(session), there(stripe_side)

    bank.decides("won")
    work(app, settings, clock)

    assert waiting == ([("cancelled", RefundStatus.OWED, 8050)], [])
    assert (refunds(session), there(stripe_side)) == ([("cancelled", RefundStatus.SUCCEEDED, 8050)], [8050])
    holds(session)


def test_what_goes_back_is_consumed_by_a_dispute_that_is_lost(app, settings, session, sold, bank, stripe_side, clock):
    bank.opens()
    cancel(session, sold, Canceller.MENTOR, 8050)
    session.rollback()

    bank.decides("lost")
    work(app, settings, clock)

    assert (refunds(session), there(stripe_side)) == ([("cancelled", RefundStatus.COVERED, 8050)], [])
    assert books(session, "refunds_owed", "mentee_prepaid", "disputed", "dispute_loss") == (0, 0, 0, 0)
    assert session.scalars(select(StripeCommand.status).where(StripeCommand.kind == "refund")).all() == [
        CommandStatus.WITHDRAWN
    ]
    holds(session)


def test_of_a_part_that_is_lost_the_rest_is_owed_and_left_to_a_person_if_stripe_refuses_it(
    app, settings, session, sold, bank, stripe_side, clock
):
    bank.opens(amount=3000)
    cancel(session, sold, Canceller.MENTOR, 8050)
    session.rollback()

    bank.decides("lost")
    owed = refunds(session)
    work(app, settings, clock)

    assert owed == [("cancelled", RefundStatus.COVERED, 8050), ("cancelled", RefundStatus.OWED, 5050)]
    [refused] = stuck_refunds(session, settled=False, offset=0, limit=9)
    assert (refused.amount.minor, "charged back" in str(refused.refused)) == (5050, True)
    holds(session)


def test_what_a_bank_gives_back_after_all_is_owed_again(app, settings, session, sold, bank, stripe_side, clock):
    bank.opens()
    cancel(session, sold, Canceller.MENTOR, 8050)
    session.rollback()
    bank.decides("lost")

    bank.decides("won")
    work(app, settings, clock)

    assert there(stripe_side) == [8050]
    assert [(status, amount) for _, status, amount in refunds(session)] == [
        (RefundStatus.COVERED, 8050),
        (RefundStatus.SUCCEEDED, 8050),
    ]
    holds(session)


def test_a_session_ahead_is_called_off_when_its_dispute_is_lost(session, sold, bank):
    bank.opens()

    bank.decides("lost")

    assert status_of(session, sold) is BookingStatus.CANCELLED_BY_OPERATOR
    assert (sold.booking.cancelled_by, sold.booking.cancel_reason, refunds(session)) == (None, None, [])
    assert books(session, "mentee_prepaid", "disputed", "dispute_loss") == (0, 0, 0)
    holds(session)


def test_a_refund_that_no_event_has_warned_of_is_not_sent(session, settings, sold, till, stripe_side):
    cancel(session, sold, Canceller.MENTOR, 8050)
    stripe_side.post(f"/_sandbox/payments/{sold.payment.stripe_payment_intent_id}/dispute")
    refund_id = session.scalars(select(Refund.id)).one()
    session.commit()

    till().send_refund(refund_id)

    assert (there(stripe_side), refunds(session)) == ([], [("cancelled", RefundStatus.OWED, 8050)])
    assert session.scalars(select(Dispute.status)).all() == ["needs_response"]


def test_a_refund_that_stripe_refuses_for_a_dispute_waits_and_is_made_later(
    app, settings, session, sold, bank, till, stripe_side, clock, monkeypatch
):
    """The dispute comes between our look and Stripe's answer."""
    cancel(session, sold, Canceller.MENTOR, 8050)
    refund_id = session.scalars(select(Refund.id)).one()
    session.commit()
    create = StripeGateway.create_refund

    def disputed_meanwhile(gateway, params, key):
        bank.opens()
        return create(gateway, params, key)

    with monkeypatch.context() as between:
        between.setattr(StripeGateway, "create_refund", disputed_meanwhile)
        till().send_refund(refund_id)
    waiting = refunds(session), there(stripe_side)
    bank.decides("won")
    work(app, settings, clock)

    assert waiting == ([("cancelled", RefundStatus.OWED, 8050)], [])
    assert (refunds(session), there(stripe_side)) == ([("cancelled", RefundStatus.SUCCEEDED, 8050)], [8050])
    holds(session)


def test_what_was_given_back_at_stripe_by_hand_is_not_given_back_again(session, sold, till, stripe_side):
    cancel(session, sold, Canceller.MENTOR, 8050)
    stripe_side.post("/v1/refunds", payment_intent=sold.payment.stripe_payment_intent_id, amount=50)
    refund_id = session.scalars(select(Refund.id)).one()
    session.commit()

    till().send_refund(refund_id)

    assert there(stripe_side) == [50]
    [command] = session.scalars(select(StripeCommand).where(StripeCommand.kind == "refund")).all()
    assert (command.status, "Less than that is left" in command.error) == (CommandStatus.REFUSED, True)


def test_a_refund_whose_answer_was_lost_before_the_dispute_is_found_and_not_covered(
    session, sold, bank, till, stripe_side, clock
):
    clock.set(TEN - timedelta(hours=2))
    cancel(session, sold, Canceller.MENTEE, 4025)
    refund_id = session.scalars(select(Refund.id)).one()
    session.commit()
    stripe_side.post("/_sandbox/faults", fault="500_after_commit", path="/v1/refunds")
    with pytest.raises(Exception, match="did not answer"):
        till().send_refund(refund_id)
    session.rollback()
    bank.opens()

    bank.decides("lost")

    assert (refunds(session), there(stripe_side)) == ([("cancelled", RefundStatus.SUCCEEDED, 4025)], [4025])
    assert books(session, "dispute_loss") == (4025,)
    holds(session)


@pytest.mark.parametrize("number", range(0, 21, 4))
def test_whoever_dies_at_whatever_point_a_lost_dispute_is_booked_once(
    app, settings, session, sold, bank, stripe_side, clock, number
):
    bank.opens()
    cancel(session, sold, Canceller.MENTOR, 8050)
    session.rollback()
    stripe_side.post(f"/_sandbox/disputes/{bank.id}/decide", decision="lost")
    with watched(Points(number)) as points, suppress(Dead):
        Disputing(session, StripeGateway(settings), utcnow()).look(bank.id)
    session.rollback()

    clock.advance(timedelta(hours=2))
    work(app, settings, clock)

    assert len(points.seen) > number or number >= 12  # beyond the last point nobody dies
    assert (refunds(session), there(stripe_side)) == ([("cancelled", RefundStatus.COVERED, 8050)], [])
    assert books(session, "refunds_owed", "mentee_prepaid", "disputed", "dispute_loss") == (0, 0, 0, 0)
    holds(session)


def test_the_doctor_finds_nothing_wrong_in_any_of_this(app, settings, session, earned, bank, clock):
    bank.opens()
    bank.decides("lost")
    pay_out(app, settings, clock)

    found = [rule.check(Patient(session, settings, utcnow())) for rule in RULES]
    session.rollback()

    assert {each.level.value for each in found} == {"ok"}


@pytest.mark.parametrize(
    ("decisions", "sent", "owed_in_books"),
    [(["won"], [8050], 0), (["lost"], [], 0), (["lost", "won"], [8050], 0)],
)
def test_late_money_that_is_disputed_goes_back_once_by_whomever(
    app, settings, session, bought, alan, hour, till, stripe_side, clock, decisions, sent, owed_in_books
):
    payment_id = payment_of(reread(session, bought)).id
    lapse_here_only(session, bought)
    till().buy(Order(alan, hour.mentor_id, hour.id, TEN))
    stripe_side.pay(str(payment_of(reread(session, bought)).stripe_session_id))
    till().look(payment_id)
    intent = session.get_one(Payment, payment_id).stripe_payment_intent_id
    session.commit()
    made = stripe_side.post(f"/_sandbox/payments/{intent}/dispute")["dispute"]["id"]
    disputing = Disputing(session, StripeGateway(settings), utcnow())
    assert disputing.look(made)
    work(app, settings, clock)
    waiting = there(stripe_side)

    for decision in decisions:
        stripe_side.post(f"/_sandbox/disputes/{made}/decide", decision=decision)
        assert disputing.look(made)
    work(app, settings, clock)

    assert (waiting, there(stripe_side)) == ([], sent)
    assert books(session, "refunds_owed", "mentee_prepaid", "dispute_loss", "disputed") == (owed_in_books, 0, 0, 0)
    holds(session)
