"""When money reaches a mentor's bank, through the stand-in for Stripe: looked at, shown, told, and nobody else's."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.mail import MailRow
from marketplace.doctor import waiting
from marketplace.doctor.finding import Level, Patient
from payments.banking import Banking
from payments.domain.inbox import EventStatus
from payments.models.bank_payouts import BankPayout
from payments.models.payouts import PayoutAccount
from payments.models.sales import StripeEvent
from payments.queries.bank_payouts import states_of
from payments.reconciling.bank_payouts import bank_payouts
from payments.reconciling.lines import Result
from payments.services.bank_payouts import SENT_BACK
from payments.stripe_api.gateway import StripeGateway
from tests.factories import make_mentor
from tests.jobs import failed_jobs, run_jobs, sweep
from tests.mailbox import letters_kept, part
from tests.pages.reading import words
from tests.payments.conftest import ada, alan, bought, hour, sold, till
from tests.payments.test_bank_payouts import sent
from tests.payments.test_discounts import fill_balance
from tests.payments.test_transfers import earned, pay_out
from tests.queries import count_queries
from tests.races.points import Dead, Points, watched
from tests.web import sign_in

__all__ = ["ada", "alan", "bought", "earned", "hour", "sold", "till"]

PAGE, GETTING_PAID = "/desk/earnings", "/desk/getting-paid"
BY_ITSELF = "From there Stripe pays it out to your bank by itself"
LATER = timedelta(hours=5)
MONDAY = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
"""When Grace is at work and reads her letters."""


@pytest.fixture
def grace(client, session):
    """She reads her pages."""
    user = session.get_one(User, make_mentor(session).id)
    session.commit()
    sign_in(client, user)
    return user


@pytest.fixture
def account(session, stripe_side, grace):
    """Hers at Stripe, with €70.00 that were transferred there."""
    account_id = session.get_one(PayoutAccount, grace.id).stripe_account_id
    sent(session, grace, ago=timedelta(0))
    fill_balance(stripe_side, 8050)
    stripe_side.post("/v1/transfers", amount=7000, currency="eur", destination=account_id)
    return account_id


@pytest.fixture
def look(app, settings, clock):
    """Hours later the sweep finds whom to look at, and the worker does."""

    def looked(*, failing=False):
        clock.advance(LATER)
        sweep(app, "payments:banks")
        run_jobs(app, settings, failing=failing)

    return looked


def pays_out(stripe_side, account, outcome, **more):
    [made] = stripe_side.post(f"/_sandbox/accounts/{account}/payouts", outcome=outcome, **more)["payouts"]
    return made["id"]


def known(session, mentor):
    session.rollback()
    found = {payout_id: str(status) for payout_id, status in states_of(session, mentor.id).items()}
    session.rollback()
    return found


def test_until_stripe_has_paid_out_there_is_one_sentence_and_then_both_sums_and_the_days(
    app, settings, client, session, earned, stripe_side, look, clock
):
    pay_out(app, settings, clock)
    mentor_id = earned.purchase.mentor_id
    sign_in(client, session.get_one(User, mentor_id))
    account_id = session.get_one(PayoutAccount, mentor_id).stripe_account_id
    look()
    before = words(client.get(PAGE))
    pays_out(stripe_side, account_id, "on_its_way")
    look()
    on_its_way = words(client.get(PAGE))
    clock.advance(timedelta(days=2))
    look()
    arrived = words(client.get(PAGE))

    assert BY_ITSELF in before
    assert "at your bank" not in before
    assert (
        "Sent to your account at Stripe €70.00 On its way to your bank €70.00 Arrived at your bank €0.00" in on_its_way
    )
    assert "To your bank" in on_its_way
    assert "on its way expected on 12 Dec 2026 €70.00" in on_its_way
    assert BY_ITSELF not in on_its_way
    assert "On its way to your bank €0.00 Arrived at your bank €70.00" in arrived
    assert "arrived 12 Dec 2026 €70.00" in arrived


def test_what_is_sent_back_is_told_once_and_stands_on_the_page_until_stripe_pays_out_anew(
    app, settings, client, session, grace, account, stripe_side, look, clock
):
    payout = pays_out(stripe_side, account, "paid")
    look()
    stripe_side.post(f"/_sandbox/payouts/{payout}", outcome="failed", reason="no_account")
    look()
    look()
    page, earnings = words(client.get(GETTING_PAID)), words(client.get(PAGE))
    clock.set(MONDAY)
    run_mail(app, settings)
    pays_out(stripe_side, account, "on_its_way")
    look()

    [letter] = [each for each in letters_kept(settings) if "did not arrive" in each["Subject"]]
    said = part(letter, "plain")
    assert letter["Subject"] == "A payout to your bank did not arrive: €70.00"
    assert "Nothing is lost: the money is on your account at Stripe." in " ".join(said.split())
    assert "The bank knows no account with these details" in " ".join(said.split())
    assert f"{settings.public_url}{GETTING_PAID}" in said
    assert "A payout to your bank did not arrive: €70.00" in page
    assert "The bank knows no account with these details" in page
    assert "did not arrive 1 Dec 2026 Getting paid €70.00" in earnings
    assert "did not arrive: €70.00" not in words(client.get(GETTING_PAID))


def run_mail(app, settings):
    sweep(app, "core:sweep_mail")
    run_jobs(app, settings)


def test_a_letter_that_waited_is_dropped_when_stripe_has_paid_out_anew(
    app, settings, session, grace, account, stripe_side, look, clock
):
    pays_out(stripe_side, account, "failed")
    clock.advance(timedelta(hours=10))  # into the evening, when nobody is at work
    look()
    pays_out(stripe_side, account, "paid")
    look()
    clock.set(MONDAY)
    run_mail(app, settings)

    assert [each for each in letters_kept(settings) if "did not arrive" in each["Subject"]] == []


def test_another_mentors_payouts_are_never_shown(app, client, session, grace, account, stripe_side, look):
    edsger = make_mentor(session, "Edsger Example")
    session.commit()
    pays_out(stripe_side, account, "failed")
    look()
    theirs = app.test_client()
    sign_in(theirs, session.get_one(User, edsger.id))

    assert "To your bank" not in words(theirs.get(PAGE))
    assert "did not arrive" not in words(theirs.get(GETTING_PAID))


def test_a_stripe_that_fails_or_knows_somebody_no_more_stops_nobody_else(
    app, settings, session, grace, account, stripe_side, look
):
    gone = make_mentor(session, "Edsger Example")
    session.execute(
        text("UPDATE payout_account SET stripe_account_id = 'acct_gone' WHERE mentor_id = :id"), {"id": gone.id}
    )
    sent(session, gone, ago=timedelta(0), number=2)
    payout = pays_out(stripe_side, account, "paid")
    stripe_side.post("/_sandbox/faults", fault="500_before", path="/v1/payouts", method="GET", times=2)
    look(failing=True)  # the library asks once more by itself
    silent = known(session, grace), len(failed_jobs(app))
    sweep(app, "payments:banks")
    run_jobs(app, settings, failing=True)
    at_once = known(session, grace)
    look(failing=True)

    assert silent == ({}, 1)
    assert at_once == {}
    assert known(session, grace) == {payout: "paid"}
    assert known(session, gone) == {}
    assert len(failed_jobs(app)) == 1


@pytest.mark.parametrize("number", range(8))
def test_whoever_dies_at_whatever_point_of_a_look_the_next_one_leaves_the_same(
    settings, session, grace, account, stripe_side, number
):
    payout = pays_out(stripe_side, account, "failed")

    def look_once():
        Banking(session, StripeGateway(settings), utcnow()).look(grace.id)

    with watched(Points(number)) as points, suppress(Dead):
        look_once()
    session.rollback()
    look_once()

    assert len(points.seen) > number or number >= 6  # beyond the last point nobody dies
    assert known(session, grace) == {payout: "failed"}
    assert session.scalars(select(MailRow.key).where(MailRow.fact == SENT_BACK)).all() == [payout]


def test_all_pages_of_a_list_are_read_and_none_from_before_it_is_asked_for(
    settings, session, grace, account, stripe_side, clock
):
    for _ in range(101):
        pays_out(stripe_side, account, "failed")
    gateway = StripeGateway(settings)
    session.commit()
    clock.advance(timedelta(days=2))
    newest = pays_out(stripe_side, account, "paid")

    assert len(gateway.bank_payouts.of(account, None)) == 102
    assert [each.id for each in gateway.bank_payouts.of(account, utcnow() - timedelta(days=1))] == [newest]


def event(kind, payout, account=None):
    named = {"id": "evt_test_1", "object": "event", "type": kind, "livemode": False, "api_version": "2026-10-28.endive"}
    about = {"data": {"object": {"id": payout, "object": "payout"}}, "created": int(utcnow().timestamp())}
    return {**named, **about, **({"account": account} if account else {})}


def test_an_event_of_a_mentors_account_is_a_reason_to_look_at_once(
    app, settings, session, client, grace, account, stripe_side
):
    payout = pays_out(stripe_side, account, "paid")

    stripe_side.send(client, event("payout.paid", payout, account))
    run_jobs(app, settings)

    assert known(session, grace) == {payout: "paid"}
    assert session.get_one(StripeEvent, "evt_test_1").status == EventStatus.DONE


@pytest.mark.parametrize("account_id", [None, "acct_of_another_site"])
def test_one_of_the_sites_own_balance_or_of_a_stranger_does_no_harm(
    app, settings, session, client, stripe_side, account_id
):
    stripe_side.send(client, event("payout.failed", "po_1", account_id))
    run_jobs(app, settings)

    assert session.get_one(StripeEvent, "evt_test_1").status == EventStatus.DONE
    assert session.scalars(select(BankPayout)).all() == []


def test_reconciling_takes_over_what_is_other_at_stripe_and_then_has_nothing_to_say(
    session, till, grace, account, stripe_side, look
):
    first = pays_out(stripe_side, account, "paid")
    look()
    stripe_side.post(f"/_sandbox/payouts/{first}", outcome="failed")
    second = pays_out(stripe_side, account, "on_its_way")

    found = sorted((line.result, line.thing, line.says) for line in bank_payouts(till()))

    assert found == sorted(
        [
            (Result.HEALED, f"payout {first}", "was paid, is failed"),
            (Result.HEALED, f"payout {second}", "was not known here, is in_transit"),
        ]
    )
    assert list(bank_payouts(till())) == []
    stripe_side.post("/_sandbox/faults", fault="500_before", path="/v1/payouts", method="GET", times=4)
    assert [line.result for line in bank_payouts(till())] == [Result.LEFT]


def test_the_doctor_names_what_waits_for_a_mentor(app, settings, session, grace, account, stripe_side, look):
    look()
    fine = waiting.banks(Patient(session, settings, utcnow())).level
    payout = pays_out(stripe_side, account, "failed")
    look()
    session.rollback()

    told = waiting.banks(Patient(session, settings, utcnow()))

    assert (fine, told.level) == (Level.OK, Level.ATTENTION)
    assert payout in told.says


def test_the_pages_cost_as_many_queries_for_many_payouts_as_for_none(
    client, session, grace, account, stripe_side, look
):
    asked = []
    for many in (0, 15):
        for _ in range(many):
            pays_out(stripe_side, account, "failed")
        look()
        for page in (PAGE, GETTING_PAID):
            client.get(page)
            with count_queries() as each:
                shown = words(client.get(page))
            asked.append(len(each))

    assert asked[:2] == asked[2:]
    assert words(client.get(PAGE)).count("did not arrive") == 12
    assert shown.count("A payout to your bank did not arrive") == 1
