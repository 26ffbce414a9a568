"""A payment that Stripe settles in another currency: the books show it, and its mentor waits for an operator."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from marketplace.core.audit import AuditEntry
from marketplace.core.clock import utcnow
from marketplace.core.errors import NotFound
from marketplace.doctor.finding import Level, Patient
from marketplace.doctor.tax import currencies
from payments.models.payouts import Transfer
from payments.paying import Paying
from payments.queries.exchanges import exchange_lines, waiting_exchanges
from payments.queries.ledger import balances, violations
from payments.queries.transfers import sessions_to_transfer
from payments.services.release_exchange import release_exchange
from payments.services.transfers import owe_transfer
from payments.stripe_api.gateway import StripeGateway
from tests.factories import make_user
from tests.jobs import run_jobs, sweep
from tests.pages.reading import words
from tests.payments.test_cancel import LATE, cancel
from tests.payments.test_discounts import booked, buy_with, fill_balance
from tests.payments.test_outcomes import come_to_an_end
from tests.payments.test_transfers import at_stripe, pay_out, payable
from tests.web import sign_in, submit

__all__ = ["buy_with"]


@pytest.fixture
def exchanged(session, till, stripe_side, buy_with):
    """€80.50 are paid, and Stripe holds $87.34 for it, less $1.56."""
    stripe_side.post("/_sandbox/balance_transactions/exchange", currency="usd", rate="1.085")
    sale = buy_with()
    till().book_fee(sale.payment.id)
    session.rollback()
    return sale


@pytest.fixture
def olga(session):
    user = make_user(session, "Olga Example", is_operator=True)
    session.commit()
    return user


def test_what_stripe_holds_instead_and_the_difference_are_in_the_books(session, exchanged):
    found = {key: minor for key, minor in balances(session).items() if minor}

    assert found == {
        ("mentee_prepaid", "EUR"): -8050,
        ("fx", "EUR"): 8050,
        ("fx", "USD"): -8734,
        ("stripe_clearing", "USD"): 8734 - 156,
        ("stripe_fees", "USD"): 156,
    }
    assert violations(session) == []


def test_it_is_booked_once(session, till, exchanged):
    before = booked(session)

    till().book_fee(exchanged.payment.id)

    assert booked(session) == before
    assert session.execute(text("SELECT count(*) FROM exchange")).scalar_one() == 1


def test_what_is_settled_in_the_currency_of_the_sale_is_no_exchange(session, till, buy_with):
    sale = buy_with()

    till().book_fee(sale.payment.id)

    assert exchange_lines(session) == []
    assert "fx" not in booked(session)


def test_the_mentor_is_not_paid_before_an_operator_has_decided(app, settings, session, exchanged, stripe_side, clock):
    fill_balance(stripe_side, 20_000)
    come_to_an_end(app, settings, clock)

    pay_out(app, settings, clock)

    assert (at_stripe(stripe_side), payable(session)) == ([], 7000)
    assert sessions_to_transfer(session, utcnow()) == []


def test_who_decides_has_the_mentor_paid_from_the_balance_in_the_currency_of_the_sale(
    app, settings, session, exchanged, stripe_side, clock, olga
):
    fill_balance(stripe_side, 20_000)
    come_to_an_end(app, settings, clock)
    release_exchange(session, exchanged.payment.id, operator_id=olga.id, now=utcnow())
    session.commit()

    pay_out(app, settings, clock)

    [made] = at_stripe(stripe_side)
    assert (made["amount"], made["currency"], made["source_transaction"]) == (7000, "eur", None)
    assert (payable(session), violations(session)) == (0, [])


def test_what_is_earned_before_stripe_was_asked_what_it_holds_waits_as_well(
    app, settings, session, buy_with, stripe_side, clock
):
    stripe_side.post("/_sandbox/balance_transactions/exchange", currency="usd", rate="1.085")
    sale = buy_with()
    clock.set(LATE)
    cancel(session, sale, agreed=4025)

    Paying(session, StripeGateway(settings), utcnow()).pay(sale.booking.id)

    assert (at_stripe(stripe_side), payable(session), waiting_exchanges(session)) == ([], 3500, 1)
    assert session.scalars(select(Transfer.id)).all() == []


@pytest.mark.parametrize("is_refused", [True, False], ids=["refused by Stripe", "never sent"])
def test_a_transfer_that_was_stored_before_the_exchange_was_known_is_asked_for_anew_once_it_is_decided(
    app, settings, session, buy_with, stripe_side, clock, olga, is_refused
):
    fill_balance(stripe_side, 20_000)
    stripe_side.post("/_sandbox/balance_transactions/exchange", currency="usd", rate="1.085")
    sale = buy_with()
    clock.set(LATE)
    cancel(session, sale, agreed=4025)
    paying = Paying(session, StripeGateway(settings), utcnow())
    charge = paying.gateway.transfers.charge_of(sale.payment.stripe_payment_intent_id)
    stored = owe_transfer(session, sale.booking.id, charge, now=utcnow())
    session.commit()
    assert stored is not None
    if is_refused:
        paying._send(stored)
    run_jobs(app, settings)
    before = pay_out(app, settings, clock), at_stripe(stripe_side), waiting_exchanges(session)
    release_exchange(session, sale.payment.id, operator_id=olga.id, now=utcnow())
    session.commit()
    run_jobs(app, settings)

    assert before == (None, [], 1)
    assert [(each["amount"], each["source_transaction"]) for each in at_stripe(stripe_side)] == [(3500, None)]
    assert (payable(session), violations(session)) == (0, [])


def test_without_enough_in_that_currency_it_is_asked_for_again(
    app, settings, session, exchanged, stripe_side, clock, olga
):
    come_to_an_end(app, settings, clock)
    release_exchange(session, exchanged.payment.id, operator_id=olga.id, now=utcnow())
    session.commit()
    pay_out(app, settings, clock)
    before = at_stripe(stripe_side)
    fill_balance(stripe_side, 20_000)

    clock.advance(timedelta(hours=1, minutes=1))
    sweep(app, "payments:pay")
    run_jobs(app, settings)

    assert before == []
    assert [each["amount"] for each in at_stripe(stripe_side)] == [7000]


def test_a_session_that_is_cancelled_is_settled_as_ever(session, exchanged, clock):
    clock.set(LATE)

    cancel(session, exchanged, agreed=4025)

    assert (payable(session), violations(session)) == (3500, [])


def test_deciding_is_done_once_and_written_down(session, exchanged, olga):
    for _ in range(2):
        release_exchange(session, exchanged.payment.id, operator_id=olga.id, now=utcnow())
    session.commit()

    assert session.query(AuditEntry).filter_by(what="payments:exchange_released").count() == 1
    assert waiting_exchanges(session) == 0


def test_of_what_was_not_exchanged_there_is_nothing_to_decide(session, buy_with, olga):
    sale = buy_with()

    with pytest.raises(NotFound):
        release_exchange(session, sale.payment.id, operator_id=olga.id, now=utcnow())


def test_the_operator_sees_it_on_the_overview_and_decides_on_its_page(client, session, exchanged, olga):
    sign_in(client, olga)
    path = "/operator/exchanges"

    home, page = words(client.get("/operator")), words(client.get(path))
    answer = submit(client, f"{path}/{exchanged.payment.id}/release", page=path)

    assert "1 payment was settled in another currency" in home
    assert "Paid €80.50 Held by Stripe for it, before its fee $87.34 Grace Example’s share €70.00" in page
    assert answer.status_code == 303
    assert "paid from the balance" in words(client.get(path))
    assert "settled in another currency" not in words(client.get("/operator"))


def test_the_doctor_says_in_which_currency_stripe_settles(session, settings, exchanged):
    found = currencies(Patient(session, settings, utcnow()))

    assert (found.level, found.says) == (
        Level.ATTENTION,
        "the site sells in EUR, and Stripe has settled payments in USD",
    )


def test_a_site_that_sells_in_what_stripe_settles_in_is_in_order(session, settings, exchanged):
    both = replace(settings, currencies=("EUR", "USD"))

    assert currencies(Patient(session, both, utcnow())).says == "Stripe settles in USD"


def test_the_doctor_is_content_while_it_settles_in_the_site_s_own(session, settings, buy_with):
    buy_with()

    assert currencies(Patient(session, settings, utcnow())).level is Level.OK
