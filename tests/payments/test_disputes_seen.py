"""What sees to disputes beside the events: reconciling, the doctor, and the closing of accounts."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from booking.domain.states import BookingStatus, Canceller
from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from marketplace.doctor import waiting
from marketplace.doctor.finding import Level, Patient
from marketplace.doctor.rules_of_money import RULES
from payments.disputing import Disputing
from payments.domain.states import RefundStatus
from payments.models.disputes import Dispute
from payments.models.sales import Refund
from payments.queries.ledger import violations
from payments.reconciling.run import reconcile
from payments.stripe_api.gateway import StripeGateway
from tests.accounts.test_closing import closed, is_closed
from tests.jobs import run_jobs
from tests.payments.test_cancel import cancel
from tests.payments.test_outcomes import come_to_an_end


@pytest.fixture
def opens(stripe_side, sold):
    """At Stripe, and nobody is told."""

    def dispute(**wanted):
        path = f"/_sandbox/payments/{sold.payment.stripe_payment_intent_id}/dispute"
        return stripe_side.post(path, **wanted)["dispute"]["id"]

    return dispute


def seen(session, settings, dispute):
    session.rollback()
    assert Disputing(session, StripeGateway(settings), utcnow()).look(dispute)


def found(till, session):
    session.rollback()
    return [(line.result.value, line.thing.split()[0], line.says) for line in reconcile(till())]


def test_a_dispute_that_nobody_told_of_is_learnt(session, till, opens):
    opens()

    lines = found(till, session)

    assert lines == [("healed", "dispute", "is needs_response at Stripe, and was not known here")]
    assert found(till, session) == []


def test_a_dispute_that_stands_otherwise_at_stripe_is_looked_at(session, settings, till, opens, stripe_side):
    dispute = opens()
    seen(session, settings, dispute)
    stripe_side.post(f"/_sandbox/disputes/{dispute}/decide", decision="won")

    assert found(till, session) == [("healed", "dispute", "is won at Stripe, and was needs_response here")]


def test_a_dispute_that_stripe_does_not_know_is_left(session, settings, till, opens):
    seen(session, settings, opens())
    session.execute(text("UPDATE dispute SET stripe_dispute_id = 'du_of_nobody'"))
    session.commit()

    lines = found(till, session)

    assert ("left", "dispute", "is known here, and not at Stripe") in lines


def test_a_warning_that_nobody_told_of_is_acted_on(session, till, sold, stripe_side):
    stripe_side.post(f"/_sandbox/payments/{sold.payment.stripe_payment_intent_id}/warn")

    lines = found(till, session)

    assert ("healed", "warning", "was not acted on") in lines
    session.expire_all()
    assert sold.booking.state is BookingStatus.CANCELLED_BY_OPERATOR
    assert [each["amount"] for each in stripe_side.refunds()] == [8050]


def test_the_doctor_names_what_has_to_be_answered_and_by_when(session, settings, opens):
    seen(session, settings, opens())
    by = session.scalars(select(Dispute.due_by)).one()

    finding = waiting.disputes(Patient(session, settings, utcnow()))

    assert finding.level is Level.ATTENTION
    assert finding.says == f"1 dispute to be answered, the first by {by:%Y-%m-%d %H:%M} UTC"
    assert waiting.disputes(Patient(session, settings, by + timedelta(minutes=1))).level is Level.OK


def broken(session, settings):
    checks = [rule.check(Patient(session, settings, utcnow())) for rule in RULES]
    session.rollback()
    return [each.says for each in checks if each.level is Level.BROKEN]


def test_the_doctor_sees_a_refund_that_went_out_while_a_bank_had_the_money(
    app, settings, session, sold, opens, stripe_side
):
    cancel(session, sold, Canceller.MENTOR, 8050)
    run_jobs(app, settings)
    before = broken(session, settings)
    opened = utcnow() - timedelta(minutes=5)
    payment = session.scalars(select(Refund.payment_id)).one()
    session.execute(
        text(
            "INSERT INTO dispute (payment_id, stripe_dispute_id, status, reason, amount_minor, currency, taken_minor,"
            " taken_at, returned_minor, fee_minor, fee_currency, opened_at, looked_at)"
            " VALUES (:payment, 'du_1', 'needs_response', 'general', 1, 'EUR', 1, :at, 0, 0, 'EUR', :at, :at)"
        ),
        {"payment": payment, "at": opened},
    )
    session.commit()

    after = broken(session, settings)

    assert before == []
    assert any("a refund was sent while a bank had the money" in says for says in after)


@pytest.mark.parametrize("side", ["mentee_id", "mentor_id"])
def test_no_account_is_closed_while_a_bank_has_not_decided(
    app, settings, client, session, sold, opens, stripe_side, clock, side
):
    come_to_an_end(app, settings, clock)
    dispute = opens()
    seen(session, settings, dispute)
    user = session.get_one(User, getattr(sold.purchase, side))
    session.commit()

    answer = closed(client, user)

    assert (answer.status_code, "A bank disputes a payment" in answer.text) == (422, True)
    assert not is_closed(session, user)


def test_who_closes_their_account_takes_the_words_of_letters_with_them(app, settings, client, session, sold, clock):
    come_to_an_end(app, settings, clock)
    run_jobs(app, settings)
    kept = session.query(MailRow).where(MailRow.text.is_not(None)).count()
    mentee = session.get_one(User, sold.purchase.mentee_id)
    session.commit()

    assert closed(client, mentee).status_code == 303

    session.rollback()
    assert (kept > 0, session.query(MailRow).where(MailRow.text.is_not(None)).count()) == (True, 0)


def test_a_refund_that_came_back_before_the_dispute_is_covered_by_it(
    app, settings, session, sold, opens, stripe_side, clock
):
    """Nobody has told that it came back. The bank could take all of it, since nothing had arrived."""
    cancel(session, sold, Canceller.MENTOR, 8050)
    run_jobs(app, settings)
    [refund] = stripe_side.refunds()
    stripe_side.post(f"/_sandbox/refunds/{refund['id']}/settle", outcome="fail")
    dispute = opens()
    stripe_side.post(f"/_sandbox/disputes/{dispute}/decide", decision="lost")

    seen(session, settings, dispute)

    session.expire_all()
    assert [each.status for each in session.scalars(select(Refund))] == [RefundStatus.COVERED]
    assert violations(session) == []
