"""A mentor becomes known to Stripe: one account however often and wherever it breaks, kept as Stripe says it is."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import stripe
from sqlalchemy import func, select, text

from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.core.errors import GatewayUnavailable
from marketplace.core.mail import MailRow
from marketplace.mentors.models import Mentor
from payments.domain.inbox import EventStatus
from payments.domain.payouts import AccountState, Standing, Transfers, Want
from payments.domain.states import CommandStatus
from payments.models.payouts import PayoutAccount
from payments.models.sales import StripeCommand, StripeEvent
from payments.onboarding import NoAccountYet, Onboarding
from payments.queries.payouts import accounts_to_look_at, payouts_of
from payments.services.payouts import apply_account
from payments.stripe_api.events import ForgedEvent, incoming
from payments.stripe_api.gateway import StripeGateway
from tests.factories import make_mentor, make_payout_account
from tests.jobs import run_jobs, sweep

ACCOUNTS = "/v2/core/accounts"
TO_STRIPE = {"refresh_url": "https://example.org/again", "return_url": "https://example.org/back"}
HOUR = timedelta(hours=1)
RECIPIENT = {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}}


@pytest.fixture
def grace(session):
    mentor = make_mentor(session, can_be_paid=False)
    session.commit()
    return mentor


@pytest.fixture
def onboarding(session, settings):
    """As each request or job has one, at the present time."""
    return lambda: Onboarding(session, StripeGateway(settings), utcnow())


@pytest.fixture
def begun(session, grace, onboarding):
    onboarding().begin(grace.id)
    return account_of(session, grace)


def account_of(session, mentor):
    session.expire_all()
    account = session.get(PayoutAccount, mentor.id)
    session.rollback()
    return account


def can_be_paid(session, mentor):
    answer = session.scalar(select(Mentor.can_be_paid).where(Mentor.id == mentor.id))
    session.rollback()
    return answer


def at_stripe(stripe_side):
    return [each["id"] for each in stripe_side.get(ACCOUNTS, limit=100)["data"]]


def think(stripe_side, account, given):
    """What Stripe knows and thinks of somebody from now on."""
    stripe_side.post(f"/_sandbox/accounts/{account.stripe_account_id}", given=given)


def letters(session):
    rows = session.scalars(select(MailRow).where(MailRow.fact == "payments:payouts").order_by(MailRow.id)).all()
    session.rollback()
    return [row.arguments.get("ready", row.status) for row in rows]  # what is sent keeps no words


def thin(account, kind="v2.core.account[requirements].updated", event_id="evt_test_1"):
    return {
        "id": event_id,
        "object": "v2.core.event",
        "type": kind,
        "livemode": False,
        "created": utcnow().isoformat(),
        "related_object": {"id": account, "type": "v2.core.account", "url": f"{ACCOUNTS}/{account}"},
    }


def test_the_first_press_makes_an_account_and_says_what_stripe_waits_for(session, grace, begun, stripe_side):
    assert at_stripe(stripe_side) == [begun.stripe_account_id]
    assert begun.transfers == Transfers.RESTRICTED
    assert not can_be_paid(session, grace)
    found = payouts_of(session, grace.id)
    assert (found.standing, found.wants) == (Standing.WANTED, [Want.IDENTITY, Want.BANK, Want.TERMS])


def test_stripe_learns_the_name_the_address_and_the_country_and_nothing_more(session, grace, begun):
    command = session.get_one(StripeCommand, begun.command_id)

    told = command.params
    address = session.get_one(User, grace.id).email
    assert (told["display_name"], told["contact_email"]) == ("Grace Example", address)
    assert told["identity"] == {"country": "NL"}
    assert set(told["configuration"]) == {"recipient"}
    assert set(told) <= {
        "configuration", "contact_email", "dashboard", "defaults", "display_name", "identity", "include", "metadata",
    }  # fmt: skip


def test_a_second_press_finds_the_same_account(session, grace, begun, onboarding, stripe_side):
    onboarding().begin(grace.id)

    assert account_of(session, grace).stripe_account_id == begun.stripe_account_id
    assert len(at_stripe(stripe_side)) == 1


def test_each_visit_gets_a_fresh_link(grace, begun, onboarding):
    first, second = (onboarding().link(grace.id, **TO_STRIPE) for _ in range(2))

    assert first != second


def test_who_has_no_account_gets_no_link(grace, onboarding):
    with pytest.raises(NoAccountYet):
        onboarding().link(grace.id, **TO_STRIPE)


@pytest.mark.parametrize("fault", ["cut_after_commit", "500_after_commit", "500_before"])
def test_an_answer_that_is_lost_makes_no_second_account(session, grace, onboarding, stripe_side, fault):
    stripe_side.post("/_sandbox/faults", fault=fault, path=ACCOUNTS)
    with suppress(GatewayUnavailable):  # the library asks once more by itself, which a 500 does not survive
        onboarding().begin(grace.id)

    onboarding().look(grace.id)

    assert at_stripe(stripe_side) == [account_of(session, grace).stripe_account_id]


def test_an_account_whose_id_was_lost_for_a_day_is_found_by_our_reference(session, grace, begun, onboarding, clock):
    session.execute(text("UPDATE payout_account SET stripe_account_id = NULL, transfers = 'unknown'"))
    session.execute(text("UPDATE stripe_command SET status = 'waiting'"))
    session.commit()
    clock.advance(timedelta(days=2))

    onboarding().look(grace.id)

    assert account_of(session, grace).stripe_account_id == begun.stripe_account_id


def test_what_stripe_refuses_is_said_and_asked_anew_at_the_next_press(session, grace, onboarding, stripe_side):
    refused = account_with_params(session, grace, {"dashboard": "golden"}).command_id
    onboarding().look(grace.id)
    found = payouts_of(session, grace.id)
    session.commit()

    onboarding().begin(grace.id)

    assert found.standing is Standing.MAKING
    assert "dashboard" in str(found.refused)
    assert session.get_one(StripeCommand, refused).status == CommandStatus.REFUSED
    assert payouts_of(session, grace.id).refused is None
    assert len(at_stripe(stripe_side)) == 1


def account_with_params(session, grace, wrong):
    from_a_fault = StripeCommand(
        kind="account",
        business_key="account-wrong",
        idempotency_key="account-wrong",
        params={"configuration": RECIPIENT, **wrong},
        created_at=utcnow(),
    )
    session.add(from_a_fault)
    session.flush()
    account = PayoutAccount(
        mentor_id=grace.id, command_id=from_a_fault.id, created_at=utcnow(), looked_at=utcnow() - HOUR
    )
    session.add(account)
    session.commit()
    return account


def test_a_thin_event_is_a_reason_to_look(app, settings, session, client, grace, begun, stripe_side):
    think(stripe_side, begun, "everything")

    answer = stripe_side.send(client, thin(begun.stripe_account_id))
    run_jobs(app, settings)

    assert answer.status_code == 200
    assert can_be_paid(session, grace)
    event = session.get_one(StripeEvent, "evt_test_1")
    assert (event.status, event.object_id, event.api_version) == (EventStatus.DONE, begun.stripe_account_id, None)
    assert letters(session) == ["sent"]


def test_a_thin_event_that_comes_three_times_takes_effect_once(app, settings, session, client, begun, stripe_side):
    think(stripe_side, begun, "everything")

    for _ in range(3):
        stripe_side.send(client, thin(begun.stripe_account_id))
    run_jobs(app, settings)

    assert session.scalar(select(func.count()).select_from(StripeEvent)) == 1
    assert letters(session) == ["sent"]


@pytest.mark.parametrize(
    ("secret", "taken"),
    [("whsec_of_sales", True), ("whsec_of_accounts", True), ("whsec_of_nobody", False), ("", False)],
)
def test_each_destination_has_a_secret_of_its_own_and_either_is_taken(app, settings, secret, taken):
    ours = replace(settings, stripe_webhook_secret="whsec_of_sales", stripe_accounts_webhook_secret="whsec_of_accounts")
    body = json.dumps(thin("acct_1"))
    signature = stripe.WebhookSignature.generate_signature_header(body, secret or "x", int(utcnow().timestamp()))

    assert is_taken(ours, body, signature if secret else "") is taken


def test_without_the_second_secret_nothing_signed_with_an_empty_one_is_taken(app, settings):
    body = json.dumps(thin("acct_1"))
    signature = stripe.WebhookSignature.generate_signature_header(body, " ", int(utcnow().timestamp()))

    assert not is_taken(settings, body, signature)


def is_taken(settings, body, signature):
    try:
        StripeGateway(settings).verify(body.encode(), signature, utcnow())
    except ForgedEvent:
        return False
    return True


def test_an_event_of_an_account_that_is_not_ours_waits_and_is_left(app, settings, session, client, stripe_side):
    stripe_side.send(client, thin("acct_ready_of_another_site"))
    run_jobs(app, settings)

    assert session.get_one(StripeEvent, "evt_test_1").status == EventStatus.PARKED


def test_an_event_finds_an_account_whose_id_was_never_stored(app, settings, session, client, grace, begun, stripe_side):
    session.execute(text("UPDATE payout_account SET stripe_account_id = NULL, transfers = 'unknown'"))
    session.execute(text("UPDATE stripe_command SET status = 'waiting'"))
    session.commit()

    stripe_side.send(client, thin(begun.stripe_account_id))
    run_jobs(app, settings)

    assert account_of(session, grace).stripe_account_id == begun.stripe_account_id


@pytest.mark.parametrize("broken", [{"created": "yesterday"}, {"id": None, "type": None}, {"livemode": ...}])
def test_what_has_not_the_shape_of_a_thin_event_is_refused(broken):
    event = {**thin("acct_1"), **broken}
    if broken.get("livemode") is ...:
        del event["livemode"]
    if broken.get("id", "") is None:
        del event["id"]

    with pytest.raises(ForgedEvent):
        incoming(json.dumps(event).encode())


@pytest.mark.parametrize("given", ["papers_are_wanted", "papers_are_read", "rejected", "nothing"])
def test_who_loses_the_capability_cannot_be_paid_and_is_told(session, grace, begun, onboarding, stripe_side, given):
    think(stripe_side, begun, "everything")
    onboarding().look(grace.id)
    before = can_be_paid(session, grace)

    think(stripe_side, begun, given)
    onboarding().look(grace.id)

    assert (before, can_be_paid(session, grace)) == (True, False)
    assert letters(session) == [True, False]


def test_an_account_that_stripe_does_not_know_cannot_be_paid(session, grace, onboarding):
    make_payout_account(session, grace, stripe_account_id="acct_of_nobody")
    session.commit()

    onboarding().look(grace.id)

    assert account_of(session, grace).transfers == Transfers.GONE
    assert not can_be_paid(session, grace)


def test_an_older_look_that_answers_late_changes_nothing(session, grace, begun):
    newer = AccountState(begun.stripe_account_id, Transfers.ACTIVE)
    older = AccountState(begun.stripe_account_id, Transfers.RESTRICTED, ("a.bank",))

    apply_account(session, grace.id, newer, fetch=900, now=utcnow())
    apply_account(session, grace.id, older, fetch=899, now=utcnow())
    session.commit()

    account = account_of(session, grace)
    assert (account.transfers, account.wants, account.last_fetch) == (Transfers.ACTIVE, [], 900)


def test_without_any_event_the_sweep_finds_out_within_the_hour(
    app, settings, session, grace, begun, stripe_side, clock
):
    think(stripe_side, begun, "everything")
    clock.advance(HOUR + timedelta(minutes=1))

    sweep(app, "payments:sweep")
    run_jobs(app, settings)

    assert can_be_paid(session, grace)


def test_who_can_be_paid_is_looked_at_once_a_day_and_what_was_refused_never(session, grace, clock):
    edsger = make_mentor(session, "Edsger Example")
    account_with_params(session, grace, {})
    session.execute(text("UPDATE stripe_command SET status = 'refused'"))
    session.commit()
    clock.advance(timedelta(hours=23))
    early = accounts_to_look_at(session, utcnow())
    clock.advance(timedelta(hours=2))

    assert (early, accounts_to_look_at(session, utcnow())) == ([], [edsger.id])


def test_the_database_keeps_what_is_for_sale_in_line_whatever_path_is_taken(session, grace):
    seen = []
    made = "(mentor_id, stripe_account_id, transfers, created_at, looked_at)"
    for statement in (
        f"INSERT INTO payout_account {made} VALUES ({grace.id}, 'acct_1', 'active', now(), now())",
        "UPDATE payout_account SET transfers = 'pending'",
        "UPDATE payout_account SET transfers = 'active'",
        "DELETE FROM payout_account",
    ):
        session.execute(text(statement))
        session.commit()
        seen.append(can_be_paid(session, grace))

    assert seen == [True, False, True, False]
