"""How the site hears of disputes and of warnings, what a warning gives back at once, and who is told."""

from datetime import timedelta

from sqlalchemy import select

from booking.domain.states import BookingStatus
from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from payments.disputing import Disputing
from payments.domain.states import RefundStatus
from payments.models.disputes import Dispute
from payments.stripe_api.gateway import StripeGateway
from tests.factories import make_user
from tests.jobs import run_jobs, sweep
from tests.payments.disputes import bank, books, fill, holds, refunds, status_of, there, work
from tests.payments.test_transfers import at_stripe, earned, pay_out

__all__ = ["bank", "earned"]


def test_a_warning_gives_all_back_at_once_and_calls_off_what_is_ahead(
    app, settings, session, sold, bank, stripe_side, clock
):
    bank.warns()
    work(app, settings, clock)

    assert status_of(session, sold) is BookingStatus.CANCELLED_BY_OPERATOR
    assert (refunds(session), there(stripe_side)) == ([("cancelled", RefundStatus.SUCCEEDED, 8050)], [8050])
    holds(session)


def test_a_warning_of_a_session_that_took_place_costs_the_site_and_not_the_mentor(
    app,
    settings,
    session,
    earned,
    bank,
    stripe_side,
    clock,
):
    fill(stripe_side)
    for _ in range(2):
        bank.warns()
    pay_out(app, settings, clock)
    work(app, settings, clock)

    assert there(stripe_side) == [8050]
    assert [each["amount"] for each in at_stripe(stripe_side)] == [7000]
    assert books(session, "dispute_loss", "mentee_prepaid", "mentor_payable") == (8050, 0, 0)
    holds(session)


def test_a_warning_of_what_is_disputed_or_went_back_does_nothing(session, sold, bank):
    bank.opens()

    bank.warns()

    assert (status_of(session, sold), refunds(session)) == (BookingStatus.CONFIRMED, [])


def test_a_dispute_of_no_payment_of_ours_is_left_alone(session, settings, sold, stripe_side):
    intent = fill(stripe_side)
    made = stripe_side.post(f"/_sandbox/payments/{intent}/dispute")["dispute"]

    disputing = Disputing(session, StripeGateway(settings), utcnow())

    assert (disputing.look(made["id"]), disputing.look("du_none"), disputing.look_at_warning("issfr_none")) == (
        False,
        False,
        False,
    )


def test_events_of_disputes_and_warnings_lead_to_a_look(app, settings, session, sold, bank, stripe_side, clock):
    intent = sold.payment.stripe_payment_intent_id
    stripe_side.post(f"/_sandbox/payments/{intent}/dispute", kind="inquiry")
    for event in [*stripe_side.events("charge.dispute."), *stripe_side.events("charge.dispute.")]:
        assert stripe_side.send(app.test_client(), event).status_code == 200
    run_jobs(app, settings)

    assert session.scalars(select(Dispute.status)).all() == ["warning_needs_response"]


def test_a_dispute_that_no_webhook_told_of_is_found_within_a_quarter_of_an_hour(
    app, settings, session, sold, stripe_side, clock
):
    stripe_side.post(f"/_sandbox/payments/{sold.payment.stripe_payment_intent_id}/dispute")
    clock.advance(timedelta(minutes=16))
    sweep(app, "payments:poll")
    run_jobs(app, settings)

    assert session.scalars(select(Dispute.status)).all() == ["needs_response"]


def test_an_open_dispute_is_looked_at_each_hour(app, settings, session, bank, stripe_side, clock):
    bank.opens()
    stripe_side.post(f"/_sandbox/disputes/{bank.id}/decide", decision="won")
    clock.advance(timedelta(minutes=61))

    sweep(app, "payments:sweep")
    run_jobs(app, settings)

    assert session.scalars(select(Dispute.status)).all() == ["won"]


def test_mentor_and_operator_are_told_of_what_happens_once_and_nobody_else(session, sold, bank):
    olga = make_user(session, "Olga Example", is_operator=True)
    session.commit()
    bank.opens()
    bank.is_seen()
    bank.decides("won")

    rows = session.scalars(select(MailRow).where(MailRow.fact.like("payments:dispute%")).order_by(MailRow.id)).all()

    assert [(row.fact, row.user_id, row.sequence) for row in rows] == [
        ("payments:dispute", sold.purchase.mentor_id, 1),
        ("payments:dispute_operator", olga.id, 1),
        ("payments:dispute", sold.purchase.mentor_id, 3),
        ("payments:dispute_operator", olga.id, 3),
    ]
