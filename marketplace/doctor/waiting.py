"""What should have been dealt with by now, and what waits for a person."""

from datetime import timedelta

from sqlalchemy import func, select

from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.queries import busy as busy_queries
from booking.queries import outcomes as outcome_queries
from marketplace.core.formats import counted
from marketplace.core.mail import MailRow
from marketplace.doctor.finding import Finding, Level, Patient, ok
from marketplace.mentors.models import Mentor
from payments.domain.inbox import EventStatus
from payments.domain.payouts import Transfers
from payments.domain.states import RefundStatus
from payments.models.polls import PollState
from payments.models.sales import StripeEvent
from payments.queries import bank_payouts as bank_queries
from payments.queries import disputes as dispute_queries
from payments.queries import ledger as queries_ledger
from payments.queries import payouts as payout_queries
from payments.queries import reconcile as reconcile_queries
from payments.queries import settling as settle_queries
from payments.queries import transfers as transfer_queries
from payments.queries.fees import fee_rules
from payments.queries.inbox import LEFT

HOLD_GRACE = timedelta(minutes=1)
OUTCOME_GRACE = timedelta(minutes=5)
MAIL_GRACE = timedelta(minutes=5)
POLL_GRACE = timedelta(hours=1)
TRANSFER_GRACE = timedelta(hours=1)
BUSY_GRACE = timedelta(minutes=15)
SHOWN = 3


def holds(patient: Patient) -> Finding:
    overdue = (Booking.status == BookingStatus.HELD) & (Booking.held_until < patient.now - HOLD_GRACE)
    count = patient.session.scalar(select(func.count()).where(overdue)) or 0
    if count:
        says = f"{counted(count, 'hold')} should have ended more than a minute ago"
        return Finding(Level.ATTENTION, "holds", says, "The worker ends them, or flask reconcile.")
    return ok("holds", "none is overdue")


def events(patient: Patient) -> Finding:
    left = patient.session.scalar(select(func.count()).where(LEFT)) or 0
    failing = (StripeEvent.status == EventStatus.NEW) & StripeEvent.error.is_not(None)
    failed = patient.session.scalar(select(func.count()).where(failing)) or 0
    if left:
        says = f"{counted(left, 'event')} of Stripe came to nothing for three days"
        return Finding(Level.ATTENTION, "events", says, "flask events list --state parked, then replay or park each.")
    if failed:
        says = f"{counted(failed, 'event')} of Stripe failed, and will be tried again"
        return Finding(Level.ATTENTION, "events", says, "flask events list --state new says why.")
    return ok("events", "none of Stripe’s waits for a person")


def polls(patient: Patient) -> Finding:
    last = patient.session.scalar(select(func.min(PollState.done_at)))
    if last is not None and last < patient.now - POLL_GRACE:
        says = f"Stripe was last asked for what no webhook told at {last:%Y-%m-%d %H:%M} UTC"
        return Finding(Level.ATTENTION, "polls", says, "The worker’s log says why.")
    return ok("polls", "Stripe is asked for what no webhook told" if last else "Stripe has not been asked yet")


def letters(patient: Patient) -> Finding:
    overdue = (MailRow.status == "waiting") & (MailRow.due_at < patient.now - MAIL_GRACE)
    count = patient.session.scalar(select(func.count()).where(overdue)) or 0
    if count:
        says = f"{counted(count, 'letter')} should have gone out more than five minutes ago"
        return Finding(Level.ATTENTION, "letters", says, "See the lines on mail and on the worker; its log says why.")
    return ok("letters", "none is overdue")


def refunds(patient: Patient) -> Finding:
    stuck = [
        row.payment
        for row in reconcile_queries.unfinished_refunds(patient.session)
        if row.refused or row.status is RefundStatus.FAILED
    ]
    if stuck:
        says = f"{counted(len(stuck), 'refund')} cannot be sent by itself: payment {', '.join(stuck[:SHOWN])}"
        return Finding(Level.ATTENTION, "refunds", says, "The operator’s page of refunds says why, and what to do.")
    return ok("refunds", "none waits for a person")


def payouts(patient: Patient) -> Finding:
    """Whether each mentor can be paid, as far as our rows say; `flask reconcile` asks Stripe."""
    rows = payout_queries.account_rows(patient.session)
    ready = {row.mentor_id for row in rows if row.transfers is Transfers.ACTIVE}
    wrong = ready ^ set(patient.session.scalars(select(Mentor.id).where(Mentor.can_be_paid)))
    if wrong:
        says = f"what {counted(len(wrong), 'mentor')} may sell is not what Stripe can pay them for"
        return Finding(Level.BROKEN, "payouts", says, "Is the trigger keep_can_be_paid there?")
    lost = [row for row in rows if row.refused or row.transfers is Transfers.GONE]
    if lost:
        says = (
            f"{counted(len(lost), 'mentor')} cannot be paid, since Stripe makes no account for them or knows it no more"
        )
        return Finding(Level.ATTENTION, "payouts", says, "flask reconcile says why. Is Connect on at Stripe?")
    return ok("payouts", f"Stripe can pay {len(ready)} of {counted(len(rows), 'mentor')} that it knows")


def transfers(patient: Patient) -> Finding:
    refused = [row.session for row in transfer_queries.transfer_rows(patient.session) if row.refused]
    if refused:
        says = f"Stripe refuses {counted(len(refused), 'transfer')}: session {', '.join(refused[:SHOWN])}"
        return Finding(Level.ATTENTION, "transfers", says, "flask reconcile says why, and asks again.")
    before = patient.now - TRANSFER_GRACE
    late = transfer_queries.sessions_to_transfer(patient.session, patient.now, earned_before=before)
    if late:
        says = f"what mentors have earned by {counted(len(late), 'session')} should be on its way by now"
        return Finding(Level.ATTENTION, "transfers", says, "The worker sends it; flask reconcile says what keeps it.")
    return ok("transfers", "whatever was earned by who can be paid was sent")


def banks(patient: Patient) -> Finding:
    """What did not arrive at a mentor's bank; only the mentor can put that right."""
    failed = bank_queries.sent_back(patient.session)
    if failed:
        named = ", ".join(each.stripe_payout_id for each in failed[:SHOWN])
        says = f"{counted(len(failed), 'payout')} did not arrive at the mentor’s bank: {named}"
        mend = "Each mentor has a letter about it, and puts it right on Stripe’s page; write to who does not."
        return Finding(Level.ATTENTION, "banks", says, mend)
    return ok("banks", "whatever Stripe pays out to mentors’ banks arrives, or is on its way")


def paid_or_refunded(patient: Patient) -> Finding:
    found = [row.public_id for row in reconcile_queries.unanswered(patient.session)]
    if found:
        says = f"{len(found)} × a payment bought nothing and is not owed back: {', '.join(found[:SHOWN])}"
        return Finding(Level.BROKEN, "rule 4 paid_or_refunded", says, "flask reconcile gives it back.")
    return ok("rule 4 paid_or_refunded", "every payment bought something, or is given back")


def outcomes(patient: Patient) -> Finding:
    late = outcome_queries.to_bring_forward(patient.session, patient.now - OUTCOME_GRACE)
    waiting = outcome_queries.waiting_for_operator(patient.session, patient.now)
    if late:
        says = f"{counted(len(late), 'session')} should have been brought to an end more than five minutes ago"
        return Finding(Level.ATTENTION, "outcomes", says, "The worker does that, or flask reconcile.")
    if waiting:
        named = ", ".join(booking.public_id for booking in waiting[:SHOWN])
        says = f"{counted(len(waiting), 'session')} waits for an operator, since its people do not agree: {named}"
        return Finding(Level.ATTENTION, "outcomes", says, "The operator’s page of claims has what each of them says.")
    return ok("outcomes", "every session that is over is on its way to an end")


def final_is_settled(patient: Patient) -> Finding:
    found = [public_id for _, public_id in settle_queries.unsettled(patient.session)]
    if found:
        says = f"{len(found)} × a final session is not settled as it was sold: {', '.join(found[:SHOWN])}"
        return Finding(Level.BROKEN, "rule 4 paid_or_refunded", says, "flask reconcile settles it.")
    return ok("rule 4 paid_or_refunded", "what is due for every final session goes back, and no more")


def books_balance(patient: Patient) -> Finding:
    found = queries_ledger.violations(patient.session)
    if found:
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        advice = "Look at docs/money-and-time.md; a wrong entry is booked back, never changed."
        return Finding(Level.BROKEN, "rule 6 books_balance", f"{'; '.join(found[:SHOWN])}{more}", advice)
    return ok("rule 6 books_balance", "the books sum to zero and agree with every payment and refund")


def disputes(patient: Patient) -> Finding:
    """Those that a person has to answer, the most urgent first."""
    waiting = dispute_queries.to_answer(patient.session, patient.now)
    if waiting:
        first = waiting[0].due_by
        by = f", the first by {first:%Y-%m-%d %H:%M} UTC" if first else ""
        says = f"{counted(len(waiting), 'dispute')} to be answered{by}"
        return Finding(
            Level.ATTENTION, "disputes", says, "The operator’s page of disputes has what we know, and sends it."
        )
    return ok("disputes", "none waits for an answer")


def busy_calendars(patient: Patient) -> Finding:
    """Whether they are read in time, how many do not answer, and whether their addresses open."""
    every = timedelta(minutes=patient.settings.busy_calendar_minutes)
    found = busy_queries.counted_calendars(patient.session, patient.now - every - BUSY_GRACE)
    if found.sealed:
        says = f"this SECRET_KEY does not open the address of {counted(found.sealed, 'busy calendar')}"
        mend = "Set the SECRET_KEY that was used before. Without it their owners add them again; each is told in a day."
        return Finding(Level.ATTENTION, "busy calendars", says, mend)
    if found.overdue:
        says = f"{counted(found.overdue, 'busy calendar')} should have been read by now"
        return Finding(Level.ATTENTION, "busy calendars", says, "The worker reads them; its log says what keeps it.")
    known = counted(found.known, "busy calendar")
    if found.failing:
        return ok(
            "busy calendars", f"{found.failing} of {known} cannot be read at the moment; the owner is asked in a day"
        )
    return ok("busy calendars", f"{known} read in time" if found.known else "nobody has any")


def fees(patient: Patient) -> Finding:
    """What the site sells in was changed after its fee was decided."""
    rules = fee_rules(patient.session, patient.settings, patient.now)
    unsaid = {
        code for rule in (rules.site, *rules.own.values()) for code in rule.says_nothing_in(patient.settings.currencies)
    }
    if unsaid:
        says = f"a fee has a sum beside its rate or a least, and says none in {', '.join(sorted(unsaid))}"
        return Finding(Level.ATTENTION, "fees", says, "Say it at The site’s fee; until then the rate alone is taken.")
    return ok("fees", "what they say, they say in each currency")


WAITING = (holds, outcomes, events, polls, letters, refunds, disputes, payouts, transfers, banks, busy_calendars, fees)
