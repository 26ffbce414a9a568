"""A discount is the site's to bear: the mentor earns what the page said, whatever is off. Tax is the state's."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from booking.domain.states import BookingStatus, Canceller
from marketplace.core.clock import utcnow
from marketplace.core.db import violated
from payments.models.sales import Payment, Purchase
from payments.offers.cancel import offer_of
from payments.queries import sales as queries
from payments.queries.ledger import balances, violations
from payments.queries.transfers import refused_for_the_balance
from payments.reconciling.run import reconcile
from tests.jobs import run_jobs, sweep
from tests.payments.conftest import TEN
from tests.payments.test_cancel import cancel
from tests.payments.test_outcomes import come_to_an_end
from tests.payments.test_transfers import at_stripe, broken, pay_out, payable, rows

LATE = TEN - timedelta(hours=2)
EARLY = TEN - timedelta(days=3)
ALL_OFF = 8050


@pytest.fixture
def buy_with(session, till, bought, stripe_side):
    """Ada pays, with so much off and so much tax on top."""

    def buy(off=0, tax=0):
        session.refresh(bought.payment)
        there = str(bought.payment.stripe_session_id)
        session.rollback()
        if off:
            stripe_side.post(f"/_sandbox/sessions/{there}/discount", amount_off=off)
        if tax:
            stripe_side.post(f"/_sandbox/sessions/{there}/tax", amount=tax)
        stripe_side.pay(there)
        till().look(bought.payment.id)
        session.rollback()
        session.expire_all()
        found = queries.sale_of(session, session.get_one(Purchase, bought.purchase.id))
        session.rollback()
        return found

    return buy


def fill_balance(stripe_side, minor):
    """The site has money of its own at Stripe."""
    made = stripe_side.post(
        "/v1/checkout/sessions",
        **{
            "mode": "payment",
            "success_url": "https://example.org/",
            "line_items[0][quantity]": 1,
            "line_items[0][price_data][currency]": "eur",
            "line_items[0][price_data][unit_amount]": minor,
            "line_items[0][price_data][product_data][name]": "of its own",
        },
    )
    stripe_side.pay(made["id"])


def booked(session):
    found = {account: minor for (account, _), minor in balances(session).items() if minor}
    session.rollback()
    return found


@pytest.mark.parametrize(
    ("off", "site", "draws_on_charge"),
    [
        pytest.param(0, {"site_fees": -1050}, True, id="nothing off"),
        pytest.param(805, {"site_fees": -245}, True, id="less than the fee"),
        pytest.param(1050, {}, True, id="as much as the fee"),
        pytest.param(1610, {"site_discounts": 560}, False, id="more than the fee"),
        pytest.param(ALL_OFF, {"site_discounts": 7000}, False, id="all of it"),
    ],
)
def test_whatever_is_off_the_mentor_is_paid_their_whole_share(
    app, settings, session, buy_with, stripe_side, clock, off, site, draws_on_charge
):
    sale = buy_with(off)
    fill_balance(stripe_side, 20_000)
    come_to_an_end(app, settings, clock)

    pay_out(app, settings, clock)

    [made] = at_stripe(stripe_side)
    there = booked(session)
    assert (made["amount"], made["source_transaction"] is not None) == (7000, draws_on_charge)
    assert made["transfer_group"] == sale.payment.public_id
    assert {name: there[name] for name in ("site_fees", "site_discounts") if name in there} == site
    assert (payable(session), violations(session), broken(session, settings)) == (0, [], [])


def test_discount_and_tax_are_frozen_when_it_is_paid(session, buy_with):
    sale = buy_with(off=1610, tax=1224)

    parts = session.execute(text("SELECT discount_minor, tax_minor FROM purchase_session")).all()

    assert (sale.purchase.discount_minor, sale.purchase.tax_minor, sale.purchase.total_minor) == (1610, 1224, 7664)
    assert [tuple(each) for each in parts] == [(1610, 1224)]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE purchase SET discount_minor = 1611, total_minor = 6439", id="the discount"),
        pytest.param("UPDATE purchase SET tax_minor = 1, total_minor = 6441", id="the tax"),
        pytest.param("UPDATE purchase SET tax_included = true", id="where the tax is"),
        pytest.param("UPDATE purchase_session SET discount_minor = 0", id="the discount of a session"),
        pytest.param("UPDATE purchase_session SET tax_minor = 1", id="the tax of a session"),
    ],
)
def test_nothing_of_it_changes_afterwards(session, buy_with, change):
    buy_with(off=1610)

    with pytest.raises(IntegrityError) as refused:
        session.execute(text(change))

    assert violated(refused.value) == "sold_is_frozen"


def test_a_total_that_is_not_price_less_discount_with_tax_cannot_be_stored(session, bought):
    with pytest.raises(IntegrityError) as refused:
        session.execute(text("UPDATE purchase SET status = 'sold', sold_at = now(), total_minor = 8049"))

    assert violated(refused.value) == "total_is_gross_less_discount_with_tax"


def test_a_code_for_all_of_it_books_the_session_and_nothing_was_charged(session, buy_with, stripe_side):
    sale = buy_with(ALL_OFF)

    assert sale.booking.state is BookingStatus.CONFIRMED
    assert (sale.purchase.total_minor, sale.payment.stripe_payment_intent_id) == (0, None)
    assert booked(session) == {}


def test_a_card_that_was_declined_before_a_code_took_all_of_it_is_no_charge(
    app, settings, session, bought, buy_with, stripe_side, clock
):
    assert stripe_side.pay(str(session.get_one(Payment, bought.payment.id).stripe_session_id), "declined") == "declined"
    sale = buy_with(ALL_OFF)
    fill_balance(stripe_side, 20_000)
    come_to_an_end(app, settings, clock)

    pay_out(app, settings, clock)

    assert (sale.purchase.total_minor, sale.payment.stripe_payment_intent_id) == (0, None)
    assert [made["amount"] for made in at_stripe(stripe_side)] == [7000]
    assert (payable(session), violations(session), broken(session, settings)) == (0, [], [])


@pytest.mark.parametrize(
    ("when", "by", "earns"),
    [
        pytest.param(EARLY, Canceller.MENTEE, 0, id="early"),
        pytest.param(LATE, Canceller.MENTEE, 3500, id="late: half of the share, as always"),
        pytest.param(LATE, Canceller.MENTOR, 0, id="by the mentor"),
    ],
)
def test_cancelling_what_a_code_paid_gives_nothing_back(session, buy_with, stripe_side, clock, when, by, earns):
    sale = buy_with(ALL_OFF)
    clock.set(when)

    cancel(session, sale, by, 0)

    assert (payable(session), booked(session)) == (
        earns,
        {"mentor_payable": -3500, "site_discounts": 3500} if earns else {},
    )
    assert (stripe_side.refunds(), violations(session)) == ([], [])


def test_the_offer_to_cancel_it_names_no_dates_and_no_sum(session, buy_with, clock):
    sale = buy_with(ALL_OFF)
    clock.set(EARLY)

    offer = offer_of(session, sale.booking, Canceller.MENTEE, utcnow())

    assert (offer.dues.back.minor, offer.dues.gross.minor, offer.steps) == (0, 8050, [])


@pytest.mark.parametrize(
    ("when", "back", "tax"),
    [
        pytest.param(EARLY, 7664, 0, id="all goes back: no tax is owed"),
        pytest.param(LATE, 3832, 612, id="half is kept, and half of the tax with it"),
    ],
)
def test_tax_is_owed_of_what_is_kept(session, buy_with, clock, when, back, tax):
    sale = buy_with(off=1610, tax=1224)
    clock.set(when)

    cancel(session, sale, Canceller.MENTEE, back)

    there = booked(session)
    assert there.get("tax_payable", 0) == -tax
    assert there["refunds_owed"] == -back
    assert violations(session) == []


def test_without_money_of_its_own_the_site_pays_as_soon_as_it_has_some(
    app, settings, session, buy_with, stripe_side, clock
):
    buy_with(ALL_OFF)
    come_to_an_end(app, settings, clock)
    pay_out(app, settings, clock)
    pay_out(app, settings, clock)
    before = at_stripe(stripe_side), payable(session), refused_for_the_balance(session, utcnow())
    session.rollback()
    fill_balance(stripe_side, 20_000)

    clock.advance(timedelta(hours=1))
    sweep(app, "payments:pay")
    run_jobs(app, settings)

    assert before == ([], 7000, [])
    assert [each["amount"] for each in at_stripe(stripe_side)] == [7000]
    assert [row.status for row in rows(session)] == ["sent"]
    assert (payable(session), violations(session), broken(session, settings)) == (0, [], [])


def test_the_operator_is_told_when_the_balance_has_too_little(app, settings, session, till, buy_with, clock):
    buy_with(ALL_OFF)
    come_to_an_end(app, settings, clock)
    pay_out(app, settings, clock)

    lines = [line.says for line in reconcile(till())]

    assert any("insufficient available funds" in line for line in lines)


def test_the_doctor_sees_more_than_the_site_bears_being_transferred(
    app, settings, session, buy_with, stripe_side, clock
):
    buy_with(1610)
    fill_balance(stripe_side, 20_000)
    come_to_an_end(app, settings, clock)
    pay_out(app, settings, clock)
    before = broken(session, settings)
    session.execute(text("UPDATE transfer SET amount_minor = amount_minor + 1"))
    session.commit()

    assert before == []
    assert any("more was transferred than is left" in says for says in broken(session, settings))


def test_a_sale_whose_sessions_do_not_share_its_discount_is_found(session, settings, buy_with):
    buy_with(1610)
    session.execute(text("SET session_replication_role = replica"))
    session.execute(text("UPDATE purchase_session SET discount_minor = 1609"))
    session.commit()

    assert any("does not add up" in says or "do not add up" in says for says in broken(session, settings))
