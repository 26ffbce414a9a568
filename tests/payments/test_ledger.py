"""The books: the database refuses to break them, and they agree with Stripe to the cent (rule books_balance)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.offerings.models import Offering
from payments.domain.refunds import RefundState
from payments.domain.states import PaymentStatus, RefundStatus
from payments.models.ledger import LedgerEntry, LedgerTransaction
from payments.models.sales import FETCH_NUMBER, Payment, Refund
from payments.queries import sales as queries
from payments.queries.ledger import balances, violations
from payments.services.buy import Order
from payments.services.freeze import new_payment
from payments.services.ledger import book_payment
from payments.services.refund import apply_refund
from payments.till import Till
from tests.conftest import MovableClock
from tests.jobs import run_jobs, sweep
from tests.payments.conftest import TEN
from tests.payments.test_till import lapse_here_only, payment_of, reread
from tests.stripe_side import StripeSide

TillMaker = Callable[[], Till]
FEE = 146
"""Of 8050 cents at the stand-in: 1.5 % and 25 cents."""


def lines(session: Session) -> list[tuple[str, str, int]]:
    """Key, account and cents of every entry, in the order of booking."""
    rows = session.execute(
        select(LedgerTransaction.business_key, LedgerEntry.account, LedgerEntry.amount_minor)
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .order_by(LedgerTransaction.id, LedgerEntry.position)
    )
    return [(row.business_key, row.account, row.amount_minor) for row in rows]


def euros(session: Session) -> dict[str, int]:
    """Cents by account, those that are even left out."""
    return {account: cents for (account, _), cents in sorted(balances(session).items()) if cents}


def held_at_stripe(stripe_side: StripeSide) -> int:
    """Cents by its balance; every one of its balance transactions is read too."""
    available = {each["currency"]: each["amount"] for each in stripe_side.get("/v1/balance")["available"]}
    listed = stripe_side.get("/v1/balance_transactions", limit=100)["data"]
    assert sum(each["net"] for each in listed) == available.get("eur", 0)
    return int(available.get("eur", 0))


def pay(till: TillMaker, session: Session, sale: queries.Sale, stripe_side: StripeSide) -> Payment:
    payment = payment_of(reread(session, sale))
    stripe_side.pay(str(payment.stripe_session_id))
    till().look(payment.id)
    return payment


def pay_late(till: TillMaker, session: Session, sale: queries.Sale, stripe_side: StripeSide) -> Refund:
    """The time is over with us when the money comes, and cannot be had again."""
    session.execute(text("UPDATE mentor SET status = 'paused'"))
    lapse_here_only(session, sale)
    payment = pay(till, session, sale, stripe_side)
    refund = session.scalars(select(Refund).where(Refund.payment_id == payment.id)).one()
    session.commit()
    return refund


def test_what_confirms_a_session_is_prepaid(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide
) -> None:
    payment = pay(till, session, bought, stripe_side)

    assert lines(session) == [
        (f"payment-{payment.id}", "stripe_clearing", 8050),
        (f"payment-{payment.id}", "mentee_prepaid", -8050),
    ]
    assert violations(session) == []


def test_a_free_call_is_not_booked(session: Session, till: TillMaker, ada: User, hour: Offering) -> None:
    session.execute(text("UPDATE offering SET price_minor = 0, kind = 'fit_call', minutes = 30"))
    session.commit()

    till().buy(Order(ada, hour.mentor_id, hour.id, TEN))

    assert lines(session) == []
    assert violations(session) == []


def test_late_money_is_received_owed_and_gone(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide
) -> None:
    refund = pay_late(till, session, bought, stripe_side)
    assert euros(session) == {"refunds_owed": -8050, "stripe_clearing": 8050}
    assert violations(session) == []
    session.commit()

    till().send_refund(refund.id)

    assert euros(session) == {}
    assert [key for key, *_ in lines(session)][::2] == [
        f"payment-{refund.payment_id}",
        f"refund-{refund.id}-owed",
        f"refund-{refund.id}-sent",
        f"refund-{refund.id}-succeeded",
    ]
    assert violations(session) == []


def test_a_second_payment_leaves_the_first_one_prepaid(
    session: Session,
    settings: Settings,
    till: TillMaker,
    ada: User,
    bought: queries.Sale,
    stripe_side: StripeSide,
) -> None:
    first = payment_of(reread(session, bought))
    second = another_payment(session, settings, till, ada, bought)
    for payment in (second, first):
        stripe_side.pay(str(payment.stripe_session_id))
        till().look(payment.id)

    refund = session.scalars(select(Refund)).one()
    session.commit()
    till().send_refund(refund.id)

    assert (refund.payment_id, refund.reason) == (first.id, "second")
    assert euros(session) == {"mentee_prepaid": -8050, "stripe_clearing": 8050}
    assert violations(session) == []


def another_payment(session: Session, settings: Settings, till: TillMaker, mentee: User, sale: queries.Sale) -> Payment:
    """As if the first had been given up here while Stripe still takes money for it."""
    session.execute(text("UPDATE payment SET status = 'expired'"))
    session.expire_all()
    payment = new_payment(session, mentee, sale.purchase, sale.bookings, settings, utcnow())
    assert payment.status == PaymentStatus.UNSENT
    session.commit()
    till().open_checkout(payment.id)
    return payment


@pytest.mark.parametrize("seen", [True, False], ids=["seen to succeed first", "seen only when it had failed"])
def test_a_refund_that_the_bank_sends_back_is_owed_again(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide, seen: bool
) -> None:
    refund = pay_late(till, session, bought, stripe_side)
    states = [RefundState("re_1", word, 8050, "EUR") for word in (["succeeded", "failed"] if seen else ["failed"])]

    for state in states:
        apply_refund(session, refund.id, state, fetch=session.scalar(FETCH_NUMBER), now=utcnow())
        session.commit()

    assert refund.status == RefundStatus.FAILED
    assert euros(session) == {"refunds_owed": -8050, "stripe_clearing": 8050}
    assert violations(session) == []


def test_a_refund_on_its_way_is_in_flight(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide
) -> None:
    refund = pay_late(till, session, bought, stripe_side)
    stripe_side.post("/_sandbox/refunds/next", outcome="pending")

    till().send_refund(refund.id)

    assert euros(session) == {"refunds_in_flight": -8050, "stripe_clearing": 8050}
    assert violations(session) == []


def test_the_fee_is_booked_once_after_the_payment(
    app: Flask,
    session: Session,
    settings: Settings,
    till: TillMaker,
    bought: queries.Sale,
    clock: MovableClock,
    stripe_side: StripeSide,
) -> None:
    payment = pay(till, session, bought, stripe_side)
    clock.advance(timedelta(minutes=1))

    for _ in range(2):
        sweep(app, "payments:sweep")
        run_jobs(app, settings)
        till().book_fee(payment.id)

    assert euros(session) == {"mentee_prepaid": -8050, "stripe_clearing": 8050 - FEE, "stripe_fees": FEE}
    assert [key for key, *_ in lines(session)].count(f"payment-{payment.id}-fee") == 2
    assert held_at_stripe(stripe_side) == 8050 - FEE
    assert violations(session) == []


def test_a_fee_that_stripe_knows_later_is_asked_for_again(
    app: Flask,
    session: Session,
    settings: Settings,
    till: TillMaker,
    bought: queries.Sale,
    clock: MovableClock,
    stripe_side: StripeSide,
) -> None:
    stripe_side.post("/_sandbox/balance_transactions/late", seconds=600)
    payment = pay(till, session, bought, stripe_side)
    fees = []

    for _ in range(2):
        clock.advance(timedelta(minutes=6))
        sweep(app, "payments:sweep")
        run_jobs(app, settings)
        session.refresh(payment)
        fees.append(payment.stripe_fee_minor)
        session.commit()

    assert fees == [None, FEE]
    assert euros(session)["stripe_fees"] == FEE


def test_a_fee_of_nothing_is_known_and_not_booked(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide
) -> None:
    payment = pay(till, session, bought, stripe_side)
    session.execute(text("UPDATE payment SET stripe_fee_minor = 0, stripe_fee_currency = 'EUR'"))
    session.commit()

    till().book_fee(payment.id)

    assert "stripe_fees" not in euros(session)
    assert violations(session) == []


def test_a_mixed_history_agrees_with_stripe_to_the_cent_and_happens_once(
    session: Session,
    settings: Settings,
    till: TillMaker,
    ada: User,
    alan: User,
    hour: Offering,
    bought: queries.Sale,
    stripe_side: StripeSide,
) -> None:
    """A session bought, paid twice; a refund that arrives, one the bank sends back; a hold that nobody paid."""
    first, second = payment_of(reread(session, bought)), another_payment(session, settings, till, ada, bought)
    for payment in (second, first):
        stripe_side.pay(str(payment.stripe_session_id))
    till().look(second.id)
    given_back = till().buy(Order(alan, hour.mentor_id, hour.id, TEN + timedelta(days=1)))
    till().look(payment_of(given_back).id, give_back=True)
    late = till().buy(Order(alan, hour.mentor_id, hour.id, TEN + timedelta(days=2)))
    till().open_checkout(payment_of(late).id)
    lost = payment_of(reread(session, late))
    session.execute(text("UPDATE mentor SET status = 'paused'"))
    for table, status in (("booking", "expired"), ("payment", "expired"), ("purchase", "lapsed")):
        session.execute(text(f"UPDATE {table} SET status = '{status}' WHERE status IN ('held', 'open', 'unpaid')"))
    session.commit()
    stripe_side.pay(str(lost.stripe_session_id))

    do_all(session, till)
    sent_back = session.scalars(select(Refund.stripe_refund_id).where(Refund.payment_id == lost.id)).one()
    session.commit()
    stripe_side.post(f"/_sandbox/refunds/{sent_back}/settle", outcome="fail")
    do_all(session, till)
    once = lines(session)
    session.commit()
    do_all(session, till)

    assert lines(session) == once
    assert balances(session)["stripe_clearing", "EUR"] == held_at_stripe(stripe_side)
    assert euros(session) == {
        "mentee_prepaid": -8050,
        "refunds_owed": -8050,
        "stripe_clearing": 2 * 8050 - 3 * FEE,
        "stripe_fees": 3 * FEE,
    }
    assert violations(session) == []


def do_all(session: Session, till: TillMaker) -> None:
    """Every job there could be, whether it is due or not."""
    payments = list(session.scalars(select(Payment.id).order_by(Payment.id)))
    session.commit()
    for payment_id in payments:
        till().look(payment_id)
        till().book_fee(payment_id)
    refunds = list(session.scalars(select(Refund.id).order_by(Refund.id)))
    session.commit()
    for refund_id in refunds:
        till().send_refund(refund_id)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        pytest.param("UPDATE payment SET paid_minor = 8049", "stripe_clearing EUR: 8050 booked, 8049 known", id="paid"),
        pytest.param(
            "UPDATE payment SET stripe_fee_minor = 146, stripe_fee_currency = 'EUR'",
            "stripe_fees EUR: 0 booked, 146 known",
            id="fee never booked",
        ),
        pytest.param(
            "ALTER TABLE purchase DISABLE TRIGGER sold_is_frozen;"
            " UPDATE purchase SET total_minor = 8000, discount_minor = 50",
            "mentee_prepaid EUR: -8050 booked, -8000 known",
            id="sold for another sum",
        ),
    ],
)
def test_rows_that_disagree_with_the_books_are_told(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide, wrong: str, told: str
) -> None:
    pay(till, session, bought, stripe_side)
    session.execute(text(wrong))

    found = violations(session)

    assert told in found


def test_booking_a_payment_again_changes_nothing(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide
) -> None:
    payment = pay(till, session, bought, stripe_side)
    before = lines(session)

    book_payment(session, payment, now=utcnow())
    session.commit()

    assert lines(session) == before


def test_the_books_of_an_older_site_begin_with_what_it_knew(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide
) -> None:
    till().send_refund(pay_late(till, session, bought, stripe_side).id)
    before = lines(session)
    session.close()  # its connection would keep the tables from being dropped
    downgrade(revision="0004")

    upgrade()

    assert lines(session) == before
    assert violations(session) == []
