"""Jobs of payments. Each may run twice, and each only brings our rows in line with what Stripe says now."""

from functools import partial

from booking.queries.moves import overdue_proposals
from booking.queries.outcomes import to_bring_forward
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.http import settings
from marketplace.core.jobs import enqueue, sweep, task
from payments import polling
from payments.acting import act_on
from payments.banking import Banking
from payments.disputing import Disputing
from payments.onboarding import Onboarding
from payments.paying import Paying
from payments.queries import bank_payouts as bank_queries
from payments.queries import disputes as dispute_queries
from payments.queries import exchanges as exchange_queries
from payments.queries import ledger as queries_ledger
from payments.queries import owed as owed_queries
from payments.queries import payouts as payout_queries
from payments.queries import programmes as programme_queries
from payments.queries import sales as queries
from payments.queries import transfers as transfer_queries
from payments.reconciling.run import reconcile as reconciling
from payments.services.ask_programmes import ask_how_it_goes_on
from payments.services.inbox import forget_bodies
from payments.services.proposals import lapse_proposal
from payments.services.reconcile_runs import is_due, keep_run
from payments.stripe_api.gateway import StripeGateway
from payments.taking_back import TakingBack
from payments.till import Till


def till() -> Till:
    return Till(db.session(), StripeGateway(settings()), settings(), utcnow())


@task("payments:apply_event")
def apply_event(event_id: str) -> None:
    act_on(till(), event_id)


@task("payments:look")
def look(payment_id: int) -> None:
    till().look(payment_id)


@task("payments:send_refund")
def send_refund(refund_id: int) -> None:
    till().send_refund(refund_id)


@task("payments:look_at_dispute")
def look_at_dispute(dispute_id: str) -> None:
    Disputing(db.session(), StripeGateway(settings()), utcnow()).look(dispute_id)


@task("payments:hand_in_evidence")
def hand_in_evidence(dispute_id: str) -> None:
    Disputing(db.session(), StripeGateway(settings()), utcnow()).hand_in(dispute_id)


@task("payments:book_fee")
def book_fee(payment_id: int) -> None:
    till().book_fee(payment_id)


@task("payments:bring_forward")
def bring_forward(booking_id: int) -> None:
    till().bring_forward(booking_id)


@task("payments:look_at_account")
def look_at_account(mentor_id: int) -> None:
    Onboarding(db.session(), StripeGateway(settings()), utcnow()).look(mentor_id)


@task("payments:look_at_bank_payouts")
def look_at_bank_payouts(mentor_id: int) -> None:
    Banking(db.session(), StripeGateway(settings()), utcnow()).look(mentor_id)


@task("payments:pay_mentor")
def pay_mentor(booking_id: int) -> None:
    Paying(db.session(), StripeGateway(settings()), utcnow()).pay(booking_id)


@task("payments:ask_for_transfer_again")
def ask_for_transfer_again(booking_id: int) -> None:
    Paying(db.session(), StripeGateway(settings()), utcnow()).again(booking_id)


@task("payments:take_back")
def take_back(reversal_id: int) -> None:
    TakingBack(db.session(), StripeGateway(settings()), utcnow()).ask(reversal_id)


@task("payments:lapse_proposal")
def lapse_proposed(booking_id: int) -> None:
    here = till()
    here.change_time(partial(lapse_proposal, here.session, booking_id, now=here.now))


@task("payments:ask_how_it_goes_on")
def ask_how_programme_goes_on(purchase_id: int) -> None:
    here = till()
    here.changing(partial(ask_how_it_goes_on, here.session, purchase_id, now=here.now))


@task("payments:poll_events")
def poll_events() -> None:
    polling.poll_events(till())


@task("payments:poll_disputes")
def poll_disputes() -> None:
    polling.poll_disputes(till())


@task("payments:poll_sessions")
def poll_sessions() -> None:
    polling.poll_sessions(till())


@sweep("payments:poll", cron="* * * * * */20")
def poll() -> None:
    """Every quarter of an hour of our clock, Stripe is asked for what no webhook told."""
    session, now = db.session(), utcnow()
    if not settings().stripe_secret_key:
        return
    if polling.is_due(session, polling.EVENTS, now):
        enqueue(session, "payments:poll_events", once="poll-events")
    if polling.is_due(session, polling.SESSIONS, now):
        enqueue(session, "payments:poll_sessions", once="poll-sessions")
    if polling.is_due(session, polling.DISPUTES, now):
        enqueue(session, "payments:poll_disputes", once="poll-disputes")
    session.commit()


@task("payments:reconcile")
def reconcile() -> None:
    """What it says is kept for the operator."""
    here = till()
    found = [line.as_kept() for line in reconciling(here)]
    keep_run(here.session, found, by="worker", now=here.now)
    here.session.commit()


@sweep("payments:nightly", cron="15 * * * *")
def nightly() -> None:
    """Once a day by our clock, all that is known of money is held against Stripe; what events said in full ends."""
    session = db.session()
    forget_bodies(session, utcnow())
    if settings().stripe_secret_key and is_due(session, utcnow()):
        enqueue(session, "payments:reconcile", once="reconcile")
    session.commit()


@sweep("payments:pay", cron="* * * * * 30")
def sweep_earned() -> None:
    """What mentors have earned and were not paid yet, what the site's balance had too little for, what is to be taken
    back. Once a minute: it reads all that was ever earned."""
    session = db.session()
    for booking_id in transfer_queries.sessions_to_transfer(session, utcnow()):
        enqueue(session, "payments:pay_mentor", once=f"transfer-{booking_id}", booking_id=booking_id)
    for booking_id in transfer_queries.refused_for_the_balance(session, utcnow()):
        enqueue(session, "payments:ask_for_transfer_again", once=f"transfer-{booking_id}", booking_id=booking_id)
    for reversal_id in owed_queries.reversals_to_ask_for(session, utcnow()):
        enqueue(session, "payments:take_back", once=f"reversal-{reversal_id}", reversal_id=reversal_id)
    session.commit()


@sweep("payments:banks", cron="* * * * * 40")
def sweep_banks() -> None:
    """Whose payouts to their bank Stripe is asked about."""
    session = db.session()
    for mentor_id in bank_queries.mentors_to_look_at(session, utcnow()) if settings().stripe_secret_key else []:
        enqueue(session, "payments:look_at_bank_payouts", once=f"bank-{mentor_id}", mentor_id=mentor_id)
    session.commit()


@sweep("payments:programmes", cron="* * * * * 50")
def sweep_programmes() -> None:
    """Whoever has booked nothing more of a programme for long is asked how it goes on."""
    session = db.session()
    for purchase_id in programme_queries.to_ask(session, utcnow()):
        enqueue(session, "payments:ask_how_it_goes_on", once=f"programme-{purchase_id}", purchase_id=purchase_id)
    session.commit()


@sweep("payments:sweep", cron="* * * * * */5")
def sweep_payments() -> None:
    """Holds whose time is over, sessions never stored, payments that Stripe has not told of, refunds, disputes, fees,
    accounts of mentors, events, sessions that are over, and proposals of other times that nobody has answered."""
    session, now = db.session(), utcnow()
    for payment_id in queries.payments_to_look_at(session, now):
        enqueue(session, "payments:look", once=f"look-{payment_id}", payment_id=payment_id)
    asked_for = queries.refunds_to_send(session, now) + exchange_queries.refunds_without_exchange(session, now)
    for refund_id in asked_for:
        enqueue(session, "payments:send_refund", once=f"refund-{refund_id}", refund_id=refund_id)
    for dispute_id in dispute_queries.disputes_to_look_at(session, now) if settings().stripe_secret_key else []:
        enqueue(session, "payments:look_at_dispute", once=f"dispute-{dispute_id}", dispute_id=dispute_id)
    for dispute_id in dispute_queries.evidence_to_hand_in(session):
        enqueue(session, "payments:hand_in_evidence", once=f"evidence-{dispute_id}", dispute_id=dispute_id)
    for payment_id in queries_ledger.payments_without_fee(session, now):
        enqueue(session, "payments:book_fee", once=f"fee-{payment_id}", payment_id=payment_id)
    for mentor_id in payout_queries.accounts_to_look_at(session, now) if settings().stripe_secret_key else []:
        enqueue(session, "payments:look_at_account", once=f"account-{mentor_id}", mentor_id=mentor_id)
    for event_id in queries.events_to_apply(session, now):
        enqueue(session, "payments:apply_event", once=f"event-{event_id}", event_id=event_id)
    for booking_id in overdue_proposals(session, now):
        enqueue(session, "payments:lapse_proposal", once=f"proposal-{booking_id}", booking_id=booking_id)
    for booking_id in to_bring_forward(session, now):
        enqueue(session, "payments:bring_forward", once=f"session-{booking_id}", booking_id=booking_id)
    session.commit()
