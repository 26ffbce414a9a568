"""Refunds that no machine can bring to an end wait for the operator, who asks again or pays by hand (rules 4 and 6)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from marketplace.core.db import db
from marketplace.core.errors import Conflict
from payments.domain.ledger import Account
from payments.domain.states import RefundStatus
from payments.models.sales import Refund
from payments.queries import ledger as queries_ledger
from payments.reconciling.run import reconcile
from payments.services.refund_by_hand import pay_by_hand
from tests.jobs import run_jobs
from tests.mailbox import letters_kept, part
from tests.pages.reading import words
from tests.payments.test_commands import owed
from tests.payments.test_reconcile import intent_of
from tests.payments.test_till import payment_of, reread
from tests.web import csrf

PAGE = "/operator/refunds"
SUM = 8050


@pytest.fixture
def sent_back(app, settings, session, till, bought, stripe_side):
    """The bank sent the money back: Ada's account is closed."""
    refund = owed(session, till, bought, stripe_side)
    till().send_refund(refund.id)
    stripe_side.post(f"/_sandbox/refunds/{refund.stripe_refund_id}/settle", outcome="fail")
    till().send_refund(refund.id)
    run_jobs(app, settings)
    return refund.id


@pytest.fixture
def refused(app, settings, session, till, bought, stripe_side):
    """Stripe said no, since the operator had just given the money back by hand; then the bank refused that one."""
    refund = owed(session, till, bought, stripe_side)
    intent = intent_of(stripe_side, payment_of(reread(session, bought)))
    session.commit()
    by_hand = stripe_side.post("/v1/refunds", payment_intent=intent)
    till().send_refund(refund.id)
    run_jobs(app, settings)
    stripe_side.post(f"/_sandbox/refunds/{by_hand['id']}/settle", outcome="fail")
    return refund.id


def press(client, act, refund_id, **fields):
    return client.post(f"{PAGE}/{refund_id}/{act}", data={"csrf_token": csrf(client, PAGE), **fields})


def refund_with(session, refund_id):
    session.rollback()
    return session.get_one(Refund, refund_id, populate_existing=True)


def test_what_a_bank_sent_back_waits_with_its_sum_and_its_mentee(client, sent_back, olga):
    page = words(client.get(PAGE))

    assert "€80.50 to Ada Example" in page
    assert "The bank sent it back." in page
    assert "Ask Stripe again" not in page


def test_paid_by_hand_it_is_booked_told_and_out_of_the_queue(app, settings, client, session, till, sent_back, olga):
    owed_before = queries_ledger.balances(session)[Account.REFUNDS_OWED, "EUR"]

    answer = press(client, "by-hand", sent_back, how="bank transfer of 1 December")
    run_jobs(app, settings)

    booked = queries_ledger.balances(session)
    assert answer.status_code == 303
    assert owed_before == -SUM
    assert (booked[Account.REFUNDS_OWED, "EUR"], booked[Account.SITE_BANK, "EUR"]) == (0, -SUM)
    assert queries_ledger.violations(session) == []
    assert "None waits" in words(client.get(PAGE))
    assert "Olga Example: bank transfer of 1 December" in words(client.get(f"{PAGE}?state=settled"))
    assert "in another way: bank transfer of 1 December" in part(letters_kept(settings)[-1], "plain")
    told = "Olga Example refund paid past Stripe"
    assert f"{told} " in words(client.get("/operator/audit?what=payments:refund_paid_by_hand"))
    session.rollback()
    assert list(reconcile(till())) == []


def test_without_saying_how_nothing_is_noted(client, session, sent_back, olga):
    answer = press(client, "by-hand", sent_back, how=" ")

    assert answer.status_code == 422
    assert "Say how the money was paid" in answer.text
    assert refund_with(session, sent_back).by_hand_at is None


def test_too_long_a_word_is_kept_with_the_error(client, sent_back, olga):
    answer = press(client, "by-hand", sent_back, how="x" * 201)

    assert answer.status_code == 422
    assert "Use at most 200 characters; these are 201." in answer.text
    assert 'value="' + "x" * 201 in answer.text


def test_what_cannot_be_kept_is_taken_out_and_said(client, sent_back, olga):
    answer = press(client, "by-hand", sent_back, how="cash\x00 on \u202e8 December")

    assert answer.status_code == 422
    assert "There were characters that cannot be shown." in answer.text
    assert 'value="cash on 8 December"' in answer.text


def test_twice_is_refused_and_booked_once(client, session, sent_back, olga):
    token = csrf(client, PAGE)
    answers = [
        client.post(f"{PAGE}/{sent_back}/by-hand", data={"csrf_token": token, "how": "cash"}).status_code
        for _ in range(2)
    ]

    assert answers == [303, 409]
    assert queries_ledger.violations(session) == []


def test_two_operators_at_once_pay_once(app, session, clock, sent_back, olga):
    def pay(number):
        with app.app_context():
            try:
                pay_by_hand(db.session(), sent_back, operator_id=olga.id, how=f"way {number}", now=clock.now())
                db.session.commit()
            except Conflict:
                return 0
            return 1

    with ThreadPoolExecutor(6) as pool:
        paid = sum(pool.map(pay, range(6)))

    assert paid == 1
    assert queries_ledger.violations(session) == []


def test_a_refused_refund_is_asked_for_again_and_arrives(app, settings, client, session, refused, olga, stripe_side):
    assert "Stripe refuses it" in words(client.get(PAGE))

    answer = press(client, "again", refused)
    run_jobs(app, settings)

    assert answer.status_code == 303
    assert refund_with(session, refused).status == RefundStatus.SUCCEEDED
    assert [(each["amount"], each["status"]) for each in stripe_side.refunds()] == [(SUM, "succeeded"), (SUM, "failed")]
    assert queries_ledger.violations(session) == []


def test_what_the_bank_sent_back_is_not_asked_for_again(client, session, sent_back, olga):
    assert press(client, "again", sent_back).status_code == 409


def test_a_refund_on_its_way_can_be_neither(client, session, till, bought, stripe_side, olga):
    refund = owed(session, till, bought, stripe_side)

    assert press(client, "again", refund.id).status_code == 409
    assert press(client, "by-hand", refund.id, how="cash").status_code == 409
    assert session.scalars(select(Refund.by_hand_at)).one() is None


def test_an_unknown_one_is_not_found(client, olga):
    assert press(client, "again", 999).status_code == 404
