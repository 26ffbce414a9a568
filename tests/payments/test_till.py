"""From hold to money and back: each way ends in a session or a refund, once (rules 4, 5, 7 and 8)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.services.hold import SlotTaken
from marketplace.accounts.models import User
from marketplace.core.config import Settings
from marketplace.core.db import violated
from marketplace.core.mail import MailRow
from marketplace.offerings.models import Offering
from payments.domain.checkout import CheckoutState
from payments.domain.states import PaymentStatus, PurchaseStatus, RefundStatus
from payments.models.sales import Payment, Purchase, Refund, StripeCommand
from payments.queries import sales as queries
from payments.services.buy import Order, UnpaidPurchase
from payments.services.commands import begin
from payments.stripe_api.gateway import StripeGateway
from payments.till import Till
from tests.conftest import MovableClock
from tests.factories import make_mentor, make_offering
from tests.jobs import run_jobs, sweep
from tests.payments.conftest import TEN
from tests.stripe_side import StripeSide

TillMaker = Callable[[], Till]


def reread(session: Session, sale: queries.Sale) -> queries.Sale:
    session.rollback()
    session.expire_all()
    found = queries.sale_of(session, session.get_one(Purchase, sale.purchase.id))
    session.commit()
    return found


def told(session: Session) -> list[tuple[str, int]]:
    """Which facts were told to whom."""
    rows = session.execute(select(MailRow.fact, MailRow.user_id).order_by(MailRow.id))
    return [(row.fact, row.user_id) for row in rows]


def payment_of(sale: queries.Sale) -> Payment:
    assert sale.payment is not None
    return sale.payment


def test_buying_freezes_the_sale_and_stores_what_stripe_will_be_asked(
    session: Session, till: TillMaker, ada: User, hour: Offering
) -> None:
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))

    payment = payment_of(sale)
    assert (sale.purchase.gross_minor, sale.purchase.fee_minor, sale.purchase.fee_bp) == (8050, 1050, 1500)
    assert payment.status == PaymentStatus.UNSENT
    command = session.get_one(StripeCommand, payment.command_id)
    assert command.params["expires_at"] == int(payment.expires_at.timestamp())
    assert "{CHECKOUT_SESSION_ID}" in str(command.params["success_url"])


@pytest.mark.parametrize("column", ["price_minor", "gross_minor", "policy", "title", "fee_bp"])
def test_what_is_sold_is_frozen(session: Session, bought: queries.Sale, column: str) -> None:
    value = "'firm'" if column in {"policy", "title"} else "1"

    with pytest.raises(IntegrityError) as refused:
        session.execute(text(f"UPDATE purchase SET {column} = {value}"))

    assert violated(refused.value) == "sold_is_frozen"


def test_paying_confirms_once_however_often_it_is_looked_at(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide
) -> None:
    payment = payment_of(reread(session, bought))
    stripe_side.pay(str(payment.stripe_session_id))

    for _ in range(3):
        till().look(payment.id)

    sale = reread(session, bought)
    assert (sale.booking.state, sale.purchase.status) == (BookingStatus.CONFIRMED, PurchaseStatus.SOLD)
    assert (payment_of(sale).status, sale.purchase.total_minor) == (PaymentStatus.PAID, 8050)
    assert told(session) == [
        ("booking:booked", sale.purchase.mentee_id),
        ("booking:booked", sale.purchase.mentor_id),
    ]


def test_the_same_order_again_finds_the_same_hold_and_the_same_checkout(
    session: Session, till: TillMaker, bought: queries.Sale, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    again = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))

    assert again.purchase.id == bought.purchase.id
    assert till().open_checkout(payment_of(again).id) == payment_of(reread(session, bought)).checkout_url
    assert len(stripe_side.sessions()) == 1


def test_another_time_while_one_is_unpaid_is_refused_with_that_hold(
    till: TillMaker, bought: queries.Sale, ada: User, hour: Offering
) -> None:
    with pytest.raises(UnpaidPurchase) as refused:
        till().buy(Order(ada, hour.mentor_id, hour.id, TEN + timedelta(days=1)))

    assert refused.value.sale.purchase.id == bought.purchase.id


def test_a_free_call_is_confirmed_at_once_and_stripe_is_not_asked(
    session: Session, till: TillMaker, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    mentor_id = hour.mentor_id
    call = make_offering(session, make_mentor(session, "Edsger Example"), kind="fit_call")
    session.commit()

    sale = till().buy(Order(ada, call.mentor_id, call.id, TEN))

    assert mentor_id != call.mentor_id
    assert (sale.booking.state, sale.purchase.status, sale.payment) == (
        BookingStatus.CONFIRMED,
        PurchaseStatus.SOLD,
        None,
    )
    assert stripe_side.sessions() == []


def test_a_hold_that_ran_out_is_ended_at_stripe_before_its_slot_is_free(
    app: Flask,
    session: Session,
    settings: Settings,
    till: TillMaker,
    bought: queries.Sale,
    clock: MovableClock,
    stripe_side: StripeSide,
) -> None:
    clock.advance(timedelta(minutes=36))

    sweep(app, "payments:sweep")
    run_jobs(app, settings)

    sale = reread(session, bought)
    assert (sale.booking.state, sale.purchase.status) == (BookingStatus.EXPIRED, PurchaseStatus.LAPSED)
    assert [found["status"] for found in stripe_side.sessions()] == ["expired"]
    assert told(session) == [("booking:hold_ended", sale.purchase.mentee_id)]


def test_giving_back_ends_the_checkout_first(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide
) -> None:
    till().look(payment_of(bought).id, give_back=True)

    sale = reread(session, bought)
    assert (sale.booking.state, sale.purchase.status) == (BookingStatus.RELEASED, PurchaseStatus.LAPSED)
    assert stripe_side.pay(str(payment_of(sale).stripe_session_id)) != "paid"
    assert told(session) == []


def test_who_gives_back_after_paying_has_bought(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide
) -> None:
    payment = payment_of(reread(session, bought))
    stripe_side.pay(str(payment.stripe_session_id))

    till().look(payment.id, give_back=True)

    assert reread(session, bought).booking.state is BookingStatus.CONFIRMED


def made_and_died(session: Session, settings: Settings, payment: Payment) -> CheckoutState:
    """The session is made at Stripe, and the process dies before it writes that down."""
    attempt = begin(session, payment.command_id, now=payment.created_at)
    session.commit()
    return StripeGateway(settings).create_checkout(attempt.params, attempt.key)


def lapse_here_only(session: Session, sale: queries.Sale) -> None:
    """As if an earlier release had gone wrong: over with us, still payable at Stripe."""
    session.execute(text("UPDATE booking SET status = 'expired'"))
    session.execute(text("UPDATE payment SET status = 'expired'"))
    session.execute(text("UPDATE purchase SET status = 'lapsed'"))
    session.commit()


def test_late_money_gets_its_slot_back_when_it_is_still_free(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide
) -> None:
    payment = payment_of(reread(session, bought))
    lapse_here_only(session, bought)
    stripe_side.pay(str(payment.stripe_session_id))

    till().look(payment.id)

    sale = reread(session, bought)
    assert (sale.booking.state, sale.purchase.status) == (BookingStatus.CONFIRMED, PurchaseStatus.SOLD)
    assert stripe_side.refunds() == []


def test_late_money_goes_back_whole_when_the_slot_is_taken(
    app: Flask,
    session: Session,
    settings: Settings,
    till: TillMaker,
    bought: queries.Sale,
    alan: User,
    hour: Offering,
    stripe_side: StripeSide,
) -> None:
    payment = payment_of(reread(session, bought))
    lapse_here_only(session, bought)
    till().buy(Order(alan, hour.mentor_id, hour.id, TEN))
    stripe_side.pay(str(payment.stripe_session_id))

    for _ in range(2):
        till().look(payment.id)
    run_jobs(app, settings)

    refund = session.scalars(select(Refund)).one()
    assert (refund.status, refund.reason, refund.amount_minor) == (RefundStatus.SUCCEEDED, "late", 8050)
    assert [(found["amount"], found["status"]) for found in stripe_side.refunds()] == [(8050, "succeeded")]
    assert reread(session, bought).booking.state is BookingStatus.EXPIRED
    assert ("payments:refunded", bought.purchase.mentee_id) in told(session)


def test_late_money_goes_back_when_the_mentor_has_paused(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide
) -> None:
    payment = payment_of(reread(session, bought))
    lapse_here_only(session, bought)
    session.execute(text("UPDATE mentor SET status = 'paused'"))
    session.commit()
    stripe_side.pay(str(payment.stripe_session_id))

    till().look(payment.id)

    assert session.scalars(select(Refund.reason)).one() == "late"


def test_an_older_state_that_arrives_late_changes_nothing(
    session: Session, till: TillMaker, bought: queries.Sale, stripe_side: StripeSide, settings: Settings
) -> None:
    """The fetch began before another one whose state was applied: whatever it saw is old (rule events_once)."""
    payment = payment_of(reread(session, bought))
    slow = till()
    fetch = slow._number()
    seen = slow.gateway.fetch_checkout(str(payment.stripe_session_id))
    till().look(payment.id, give_back=True)

    slow._apply(payment.id, fetch, seen)

    sale = reread(session, bought)
    assert (sale.booking.state, payment_of(sale).status) == (BookingStatus.RELEASED, PaymentStatus.EXPIRED)


def test_a_hold_whose_process_died_before_stripe_was_asked_is_taken_up(
    app: Flask,
    session: Session,
    settings: Settings,
    till: TillMaker,
    ada: User,
    hour: Offering,
    clock: MovableClock,
    stripe_side: StripeSide,
) -> None:
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    clock.advance(timedelta(minutes=1))

    sweep(app, "payments:sweep")
    run_jobs(app, settings)

    payment = payment_of(reread(session, sale))
    assert (payment.status, payment.stripe_session_id) == (PaymentStatus.OPEN, stripe_side.sessions()[0]["id"])


def test_a_hold_whose_session_was_made_but_never_stored_is_found_by_its_key(
    session: Session, till: TillMaker, ada: User, hour: Offering, settings: Settings, stripe_side: StripeSide
) -> None:
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    payment = payment_of(sale)
    made_and_died(session, settings, payment)

    till().look(payment.id)

    assert len(stripe_side.sessions()) == 1
    assert payment_of(reread(session, sale)).stripe_session_id == stripe_side.sessions()[0]["id"]


def test_a_session_never_made_is_given_up_when_it_is_too_late_to_make_it(
    session: Session, till: TillMaker, ada: User, hour: Offering, clock: MovableClock, stripe_side: StripeSide
) -> None:
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    clock.advance(timedelta(minutes=20))

    till().look(payment_of(sale).id)

    assert stripe_side.sessions() == []
    assert reread(session, sale).booking.state is BookingStatus.EXPIRED


def test_a_session_made_but_never_stored_is_found_when_it_is_too_late_to_ask_again(
    session: Session,
    till: TillMaker,
    ada: User,
    hour: Offering,
    clock: MovableClock,
    settings: Settings,
    stripe_side: StripeSide,
) -> None:
    sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN))
    payment = payment_of(sale)
    made = made_and_died(session, settings, payment)
    stripe_side.pay(made.id)
    clock.advance(timedelta(hours=25))  # Stripe has forgotten the key by now

    till().look(payment.id)

    sale = reread(session, sale)
    assert (sale.booking.state, payment_of(sale).stripe_session_id) == (BookingStatus.CONFIRMED, made.id)


def test_an_overdue_hold_makes_way_for_who_comes_next(
    session: Session, till: TillMaker, bought: queries.Sale, alan: User, hour: Offering, clock: MovableClock
) -> None:
    clock.advance(timedelta(minutes=36))  # and no sweep has run

    sale = till().buy(Order(alan, hour.mentor_id, hour.id, TEN))

    assert sale.booking.state is BookingStatus.HELD
    assert reread(session, bought).booking.state is BookingStatus.EXPIRED


def test_an_overdue_hold_that_was_paid_after_all_keeps_its_slot(
    session: Session,
    till: TillMaker,
    bought: queries.Sale,
    alan: User,
    hour: Offering,
    clock: MovableClock,
    stripe_side: StripeSide,
) -> None:
    stripe_side.pay(str(payment_of(reread(session, bought)).stripe_session_id))
    clock.advance(timedelta(minutes=36))  # no webhook came, and no sweep has run

    with pytest.raises(SlotTaken):
        till().buy(Order(alan, hour.mentor_id, hour.id, TEN))

    assert reread(session, bought).booking.state is BookingStatus.CONFIRMED


def test_the_pairs_fourth_session_has_the_lower_rate(
    session: Session, till: TillMaker, ada: User, hour: Offering, stripe_side: StripeSide
) -> None:
    rates = []
    for day in range(4):
        sale = till().buy(Order(ada, hour.mentor_id, hour.id, TEN + timedelta(days=day)))
        till().open_checkout(payment_of(sale).id)
        stripe_side.pay(str(payment_of(reread(session, sale)).stripe_session_id))
        till().look(payment_of(sale).id)
        rates.append(sale.purchase.fee_bp)

    assert rates == [1500, 1500, 1500, 1200]
    assert session.scalar(select(func.count()).select_from(Booking)) == 4


def test_stripe_is_never_asked_with_a_transaction_open(
    session: Session, settings: Settings, bought: queries.Sale
) -> None:
    session.execute(select(Purchase.id))

    with pytest.raises(RuntimeError, match="transaction open"):
        StripeGateway(settings).fetch_checkout("cs_test_whatever")
