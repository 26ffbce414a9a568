"""`flask doctor`: the parts, what waits, and the exit code."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from flask_migrate import downgrade
from sqlalchemy import text

from booking.domain.busy import Trouble, Unreadable
from booking.domain.outcomes import Said, Side
from booking.services import busy_calendars
from booking.services.busy_readings import claim, note_trouble
from booking.services.outcomes import bring_forward, say
from marketplace.app import create_app
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.jobs import enqueue
from marketplace.core.mail import MailRow
from marketplace.doctor.examination import examine
from marketplace.doctor.finding import Level, Patient
from payments.domain.inbox import NEEDED_EVENTS
from payments.domain.payouts import ACCOUNT_EVENTS
from payments.models.payouts import PayoutAccount
from payments.models.polls import PollState
from payments.models.sales import StripeEvent
from tests.booking.bookings import make_booking
from tests.conftest import SECRET_KEY
from tests.factories import make_mentor, make_offering, make_user
from tests.jobs import run_jobs
from tests.operator.test_events import receive
from tests.payments.test_commands import owed
from tests.server import working
from tests.stripe_side import wait_until

HOOK = "http://127.0.0.1:8000/webhooks/stripe"
ENDPOINTS = "/v1/webhook_endpoints"


@pytest.fixture
def look(app, session, settings):
    """The finding of one check, with other settings where a test names them."""

    def at(check, **given):
        session.commit()
        found = list(examine(Patient(session, replace(settings, **given), utcnow())))
        return next(each for each in found if each.check == check)

    return at


def tell_of_accounts(settings, events=("*",)):
    wanted = {"name": "accounts", "type": "webhook_endpoint", "event_payload": "thin", "enabled_events": list(events)}
    answer = requests.post(
        f"{settings.stripe_api_base}/v2/core/event_destinations",
        json={**wanted, "webhook_endpoint": {"url": HOOK}},
        headers={"Authorization": f"Bearer {settings.stripe_secret_key}"},
        timeout=10,
    )
    assert answer.ok, answer.text


def run(app):
    with app.app_context():
        return app.test_cli_runner().invoke(args=["doctor"])


def test_a_site_that_works_has_a_line_for_each_check_and_no_fault(app, session, settings, stripe_side):
    stripe_side.post(ENDPOINTS, **{"url": HOOK, "enabled_events[]": "*"})
    tell_of_accounts(settings)
    with working(settings):
        wait_until(lambda: session.execute(text("SELECT count(*) FROM procrastinate_workers")).scalar_one())
        result = run(app)

    lines = result.output.splitlines()
    assert result.exit_code == 0, result.output
    assert [line for line in lines if not line.startswith("ok ")] == []
    assert len(lines) >= 25


def test_what_should_have_come_to_an_end_and_what_waits_for_an_operator_is_told(look, session, clock):
    booking = make_booking(session, make_offering(session, make_mentor(session)), make_user(session), public_id="odd")
    clock.set(booking.ends_at + timedelta(minutes=4))
    early = look("outcomes").level
    clock.advance(timedelta(minutes=2))
    late = look("outcomes")
    for side, said in ((Side.MENTEE, Said.OTHER_MISSING), (Side.MENTOR, Said.TOOK_PLACE)):
        person = booking.mentee_id if side is Side.MENTEE else booking.mentor_id
        say(session, booking, side=side, person_id=person, said=said, words="", now=utcnow())
    bring_forward(session, booking, now=utcnow())
    waiting = look("outcomes")

    assert early is Level.OK
    assert late.says == "1 session should have been brought to an end more than five minutes ago"
    assert waiting.says == "1 session waits for an operator, since its people do not agree: odd"
    assert {late.level, waiting.level} == {Level.ATTENTION}


def test_what_is_broken_ends_in_an_exit_code_and_is_named_with_what_to_do(app):
    result = run(app)

    assert result.exit_code == 1
    assert "broken     worker: none has ever run, or all were ended. Start one: flask worker." in result.output


def test_attention_alone_is_no_fault(app, session, settings):
    with working(settings):
        wait_until(lambda: session.execute(text("SELECT count(*) FROM procrastinate_workers")).scalar_one())
        result = run(app)

    assert "attention  Stripe’s webhooks: no endpoint leads to" in result.output
    assert result.exit_code == 0


def test_a_database_that_is_away_is_one_line_and_the_rest_is_still_looked_at(app, settings):
    nowhere = create_app(replace(settings, database_url=settings.database_url.replace("/test_", "/gone_")))

    result = run(nowhere)

    lines = result.output.splitlines()
    with nowhere.app_context():
        db.engine.dispose()
    assert result.exit_code == 1
    assert lines[0].startswith("broken     database: could not be looked at: ")
    assert [line.split(":")[0].split(maxsplit=1)[1] for line in lines[1:]] == [
        "mail",
        "Stripe’s key",
        "Stripe’s webhooks",
        "Stripe’s events of accounts",
        "tax",
        "currency",
    ]


def test_tables_of_another_version_are_told_of_and_no_rule_is_guessed_at(app):
    downgrade(revision="-1")

    result = run(app)

    assert "flask db upgrade." in result.output
    assert "rules: not looked at before the tables are those of this version" in result.output
    assert "Traceback" not in result.output


def test_without_btree_gist_the_database_is_not_enough(look, session):
    session.execute(text("DROP EXTENSION btree_gist CASCADE"))

    assert look("database").level is Level.BROKEN


def test_a_worker_that_was_killed_is_missed(look, session):
    beat = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => {}))"
    session.execute(text(beat.format(600)))
    assert look("worker").level is Level.BROKEN

    session.execute(text(beat.format(3)))
    assert look("worker").level is Level.OK


def test_jobs_that_failed_within_a_day_are_counted_by_name(app, settings, look, session):
    enqueue(session, "payments:look", payment_id=-1)
    enqueue(session, "payments:look", payment_id=-2)
    session.commit()
    run_jobs(app, settings, failing=True)
    assert look("jobs").says == "failed within a day: 2 × payments:look"

    session.execute(text("UPDATE procrastinate_events SET at = at - interval '25 hours'"))
    assert look("jobs").level is Level.OK


def test_a_job_that_nobody_takes_is_told_of(look, session):
    enqueue(session, "payments:look", payment_id=-1)
    assert look("jobs").level is Level.OK

    session.execute(text("UPDATE procrastinate_events SET at = at - interval '7 minutes'"))
    assert look("jobs").says == "one has waited for 7 minutes"


def test_mail_goes_to_the_server_or_into_files(look, smtp, settings):
    assert look("mail", smtp_url=smtp.url).level is Level.OK
    assert look("mail", smtp_url="smtp://127.0.0.1:9").level is Level.BROKEN
    assert str(settings.instance) in look("mail").says


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ({}, Level.OK),
        ({"stripe_secret_key": ""}, Level.ATTENTION),
        ({"stripe_secret_key": "sk_live_of_nobody"}, Level.BROKEN),
        ({"stripe_api_base": "http://127.0.0.1:9"}, Level.ATTENTION),
        ({"environment": "production"}, Level.ATTENTION),
    ],
    ids=["taken", "none", "refused", "no answer", "a test key in production"],
)
def test_stripes_key(look, given, level):
    assert look("Stripe’s key", **given).level is level


@pytest.mark.parametrize(
    ("url", "events", "level"),
    [
        pytest.param(HOOK, ["*"], Level.OK, id="told of everything"),
        pytest.param(HOOK, NEEDED_EVENTS, Level.OK, id="told of what is needed"),
        pytest.param(HOOK, NEEDED_EVENTS[1:], Level.ATTENTION, id="not told of one"),
        pytest.param("http://127.0.0.1:9/webhooks/stripe", ["*"], Level.ATTENTION, id="another site's"),
    ],
)
def test_the_webhook_endpoint(look, stripe_side, url, events, level):
    fields = {f"enabled_events[{number}]": event for number, event in enumerate(events)}
    stripe_side.post(ENDPOINTS, url=url, **fields)

    finding = look("Stripe’s webhooks")

    assert finding.level is level
    assert (NEEDED_EVENTS[0] in finding.says) is (events == NEEDED_EVENTS[1:])


def test_a_hold_that_should_have_ended_is_told_of(look, bought, clock):
    clock.advance(timedelta(minutes=35, seconds=30))
    assert look("holds").level is Level.OK

    clock.advance(timedelta(minutes=1))
    assert look("holds").says == "1 hold should have ended more than a minute ago"


def test_an_event_that_is_left_is_told_of_until_it_is_set_aside(look, session):
    receive(session, 1)
    session.execute(text("UPDATE stripe_event SET error = 'no answer'"))
    assert "failed, and will be tried again" in look("events").says

    session.execute(text("UPDATE stripe_event SET status = 'parked', next_at = NULL"))
    assert "came to nothing for three days" in look("events").says

    event = session.get_one(StripeEvent, "evt_1")
    event.processed_at = utcnow()
    assert look("events").level is Level.OK


def test_polls_that_stopped_are_told_of(look, session, clock):
    session.add(PollState(name="events", done_at=utcnow()))
    assert look("polls").level is Level.OK

    clock.advance(timedelta(minutes=61))
    assert look("polls").level is Level.ATTENTION


def test_letters_that_should_be_out_are_told_of(look, session, clock):
    for number in range(2):
        told = {"fact": "booking:booked", "key": str(number), "user_id": 1, "arguments": {}}
        session.add(MailRow(**told, created_at=utcnow(), due_at=utcnow()))
    assert look("letters").level is Level.OK

    clock.advance(timedelta(minutes=6))
    assert look("letters").says == "2 letters should have gone out more than five minutes ago"


def test_a_refund_that_the_bank_sent_back_waits_for_a_person(look, session, till, bought, stripe_side):
    owed(session, till, bought, stripe_side)
    assert look("refunds").level is Level.OK

    session.execute(text("UPDATE refund SET status = 'failed', stripe_refund_id = 're_sent_back'"))
    assert look("refunds").level is Level.ATTENTION


def test_the_address_of_the_endpoint_is_the_sites_own(settings):
    assert urlsplit(HOOK).netloc == urlsplit(settings.public_url).netloc


@pytest.mark.parametrize(
    ("events", "level"),
    [
        pytest.param(ACCOUNT_EVENTS, Level.OK, id="all that matter"),
        pytest.param(ACCOUNT_EVENTS[:1], Level.ATTENTION, id="not all"),
        pytest.param((), Level.ATTENTION, id="none"),
    ],
)
def test_thin_events_of_accounts_have_to_lead_here(look, settings, events, level):
    if events:
        tell_of_accounts(settings, events)

    found = look("Stripe’s events of accounts")

    assert found.level is level
    assert look("Stripe’s events of accounts", stripe_secret_key="").says == "not looked at without a key"


def test_how_many_mentors_can_be_paid_is_counted(look, session):
    make_mentor(session)
    edsger = make_mentor(session, "Edsger Example")
    session.get_one(PayoutAccount, edsger.id).transfers = "pending"

    assert look("payouts").says == "Stripe can pay 1 of 2 mentors that it knows"


def test_a_mentor_whose_account_is_gone_is_named_for_a_person(look, session):
    session.get_one(PayoutAccount, make_mentor(session).id).transfers = "gone"

    assert look("payouts").level is Level.ATTENTION


def test_who_sells_though_stripe_cannot_pay_them_is_a_fault(look, session):
    session.get_one(PayoutAccount, make_mentor(session).id).transfers = "restricted"
    session.flush()
    session.execute(text("UPDATE mentor SET can_be_paid = true"))

    found = look("payouts")

    assert (found.level, found.says) == (Level.BROKEN, "what 1 mentor may sell is not what Stripe can pay them for")


def test_busy_calendars_that_wait_too_long_and_those_that_do_not_answer_are_counted(look, session, clock):
    none = look("busy calendars")
    ada = make_user(session, "Ada Example")
    added = busy_calendars.add(
        session, ada.id, "https://calendar.example/secret.ics", secret_key=SECRET_KEY, now=utcnow()
    )
    clock.advance(timedelta(minutes=31))
    overdue = look("busy calendars")
    claimed = claim(session, added.id, utcnow())
    assert claimed is not None
    note_trouble(session, claimed, Unreadable(Trouble.SLOW), now=utcnow(), every=timedelta(minutes=15))
    failing = look("busy calendars")

    claimed = claim(session, added.id, utcnow() + timedelta(hours=1))
    assert claimed is not None
    note_trouble(session, claimed, Unreadable(Trouble.SEALED), now=utcnow(), every=timedelta(minutes=15))
    sealed = look("busy calendars")

    assert (none.level, none.says) == (Level.OK, "nobody has any")
    assert (sealed.level, sealed.says) == (
        Level.ATTENTION,
        "this SECRET_KEY does not open the address of 1 busy calendar",
    )
    assert (overdue.level, overdue.says) == (Level.ATTENTION, "1 busy calendar should have been read by now")
    assert (failing.level, failing.says.startswith("1 of 1 busy calendar cannot")) == (Level.OK, True)
