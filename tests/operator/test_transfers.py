"""The operator gives back after settling, and sees to shares that do not reach their mentors through Stripe."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from marketplace.accounts.models import User
from marketplace.core.audit import AuditEntry
from payments.domain.ledger import Account
from payments.domain.states import TransferStatus
from tests.jobs import run_jobs, sweep
from tests.mailbox import letters_kept, part
from tests.pages.reading import words
from tests.payments.conftest import ada, alan, bought, hour, sold, till
from tests.payments.disputes import books
from tests.payments.test_returns import all_is_well, both, empty_balance, give, olga, refuse, returning
from tests.payments.test_transfers import at_stripe, earned, pay_out, paying, rows, think
from tests.queries import count_queries
from tests.web import csrf, sign_in

__all__ = ["ada", "alan", "both", "bought", "earned", "give", "hour", "olga", "paying", "returning", "sold", "till"]

PAGE = "/operator/transfers"


@pytest.fixture
def desk(client, session, olga):
    sign_in(client, session.get_one(User, olga))
    session.rollback()
    return client


def send(desk, page, to, **fields):
    return desk.post(to, data={**fields, "csrf_token": csrf(desk, page)})


def page_of(sale):
    return f"/operator/bookings/{sale.booking.public_id}/give-back"


def give_on_page(desk, sale, amount, reason="The link did not work."):
    page = page_of(sale)
    left = re.search(r'name="left"[^>]*value="(\d*)"', desk.get(page).text)
    return send(desk, page, page, amount=amount, reason=reason, left=left[1] if left else "")


def test_money_is_given_back_from_the_page_of_a_settled_booking(
    app, settings, session, earned, desk, stripe_side, clock
):
    pay_out(app, settings, clock)
    booking = f"/operator/bookings/{earned.booking.public_id}"
    before = desk.get(booking).text

    answer = give_on_page(desk, earned, "23")
    run_jobs(app, settings)

    assert "Give money back" in before
    assert (answer.status_code, answer.headers["Location"]) == (303, booking)
    assert [each["amount"] for each in stripe_side.refunds()] == [2300]
    assert "€23.00 went back on" in words(desk.get(page_of(earned)))
    assert "Left of what was paid €57.50" in words(desk.get(page_of(earned)))
    assert "€23.00 is to go back: an operator gives it back." in words(desk.get(booking))
    assert all_is_well(session, settings)


def test_both_people_read_it_on_the_page_of_the_session(app, session, earned, desk):
    give_on_page(desk, earned, "23")
    session.rollback()

    for person, told in ((earned.booking.mentee_id, "given back to you"), (earned.booking.mentor_id, "to the mentee")):
        theirs = app.test_client()
        sign_in(theirs, session.get_one(User, person))
        page = words(theirs.get(f"/sessions/{earned.booking.public_id}"))
        assert "€23.00 was given back" in page
        assert (told in page, "The link did not work." in page) == (True, True)


@pytest.mark.parametrize(
    ("amount", "reason", "status", "says"),
    [
        ("", "It rang.", 422, "Write the price in figures"),
        ("80.51", "It rang.", 422, "At most €80.50 can be given back"),
        ("0", "It rang.", 422, "At most €80.50 can be given back"),
        ("10", "", 422, "Write why: both of them read it."),
    ],
)
def test_what_makes_no_sense_is_told_beside_the_form(earned, desk, stripe_side, amount, reason, status, says):
    answer = give_on_page(desk, earned, amount, reason)

    assert (answer.status_code, says in words(answer), stripe_side.refunds()) == (status, True, [])


def test_a_session_that_is_not_settled_has_no_such_form(sold, desk):
    assert "Nothing can go back for this session" in words(desk.get(page_of(sold)))
    assert give_on_page(desk, sold, "10").status_code == 409


def test_the_password_is_asked_again(earned, desk, clock):
    clock.advance(timedelta(minutes=16))

    assert "/account/confirm" in desk.get(page_of(earned)).headers["Location"]
    assert "/account/confirm" in desk.get(PAGE).headers["Location"]


def test_what_stripe_refuses_stands_in_the_queue_and_is_asked_again(
    app, settings, session, earned, desk, paying, stripe_side
):
    refuse(session, stripe_side, earned)
    paying().pay(earned.booking.id)
    waiting = words(desk.get(PAGE)), words(desk.get("/operator"))
    charge = at_stripe(stripe_side)[0]["id"]
    stripe_side.post(f"/v1/transfers/{charge}/reversals")

    answer = send(desk, PAGE, f"{PAGE}/{earned.booking.public_id}/again")

    assert "€70.00 to Grace Example" in waiting[0]
    assert "Stripe refuses it: The transfers of this charge may not exceed it" in waiting[0]
    assert "1 share does not reach its mentor" in waiting[1]
    assert answer.status_code == 303
    assert session.query(AuditEntry).filter_by(what="payments:transfer_asked_again").count() == 1
    session.rollback()


def test_a_mentor_who_cannot_be_paid_is_paid_past_stripe(app, settings, session, earned, desk, stripe_side, clock):
    think(session, stripe_side, earned, "rejected")
    pay_out(app, settings, clock)
    waiting = words(desk.get(PAGE))

    sent = send(desk, PAGE, f"{PAGE}/{earned.booking.public_id}/by-hand", amount="7000", how="Bank transfer of today.")
    run_jobs(app, settings)

    assert "€70.00 to Grace Example" in waiting
    assert "Stripe cannot pay this mentor now." in waiting
    assert sent.status_code == 303
    assert [(row.status, row.by_hand_how) for row in rows(session)] == [
        (TransferStatus.BY_HAND, "Bank transfer of today.")
    ]
    assert books(session, Account.MENTOR_PAYABLE, Account.SITE_BANK) == (0, -7000)
    assert "None waits" in words(desk.get(PAGE))
    entry = session.query(AuditEntry).filter_by(what="payments:transfer_by_hand").one()
    assert (entry.reason, entry.about_id) == ("Bank transfer of today.", earned.booking.mentor_id)
    session.rollback()
    assert all_is_well(session, settings)


def test_the_mentor_who_was_paid_past_stripe_is_told_how(app, settings, session, earned, desk, stripe_side, clock):
    think(session, stripe_side, earned, "rejected")
    pay_out(app, settings, clock)
    send(desk, PAGE, f"{PAGE}/{earned.booking.public_id}/by-hand", amount="7000", how="Bank transfer of today.")
    run_jobs(app, settings)
    clock.advance(timedelta(days=3))
    sweep(app, "core:sweep_mail")
    run_jobs(app, settings)

    [letter] = [each for each in letters_kept(settings) if "€70.00 have been paid" in each["Subject"]]
    assert "Bank transfer of today." in part(letter, "plain")


@pytest.mark.parametrize("amount", ["6999", "", "x"])
def test_another_sum_than_the_one_that_was_read_is_not_noted(
    app, settings, session, earned, desk, stripe_side, clock, amount
):
    think(session, stripe_side, earned, "rejected")
    pay_out(app, settings, clock)

    answer = send(desk, PAGE, f"{PAGE}/{earned.booking.public_id}/by-hand", amount=amount, how="By bank.")

    assert answer.status_code == 409
    assert books(session, Account.SITE_BANK) == (0,)


def test_what_a_mentor_owes_is_shown_and_kept_of_what_is_paid_past_stripe(
    app, settings, session, both, desk, give, paying, stripe_side
):
    first, second = both
    paying().pay(first.booking.id)
    empty_balance(session, stripe_side, first)
    give(first, 2300)
    run_jobs(app, settings)
    shown = words(desk.get(PAGE))
    think(session, stripe_side, first, "rejected")
    paying().pay(second.booking.id)

    [amount] = re.findall(r'name="amount" value="(\d+)"', desk.get(PAGE).text)
    send(desk, PAGE, f"{PAGE}/{second.booking.public_id}/by-hand", amount=amount, how="By bank.")

    assert amount == "5000"
    assert "Grace Example €20.00" in shown[shown.index("What mentors owe") :]
    assert books(session, Account.MENTOR_RECEIVABLE, Account.MENTOR_PAYABLE, Account.SITE_BANK) == (0, 0, -5000)
    assert all_is_well(session, settings)


def test_the_page_costs_as_many_queries_for_two_as_for_one(session, both, desk, stripe_side):
    think(session, stripe_side, both[0], "rejected")
    session.execute(text("UPDATE payout_account SET transfers = 'restricted'"))
    session.commit()
    desk.get(PAGE)

    with count_queries() as asked:
        page = words(desk.get(PAGE))

    assert page.count("to Grace Example") == 2
    assert len(asked) <= 8, "\n".join(asked)
