"""A site for each death: its own database, its own account at Stripe; and what became of everybody in it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import func, select, text

from booking.domain.states import CANCELLED, LAPSED, TOOK_PLACE, BookingStatus
from booking.models.bookings import Booking, Occupancy
from marketplace.app import create_app
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.jobs import TASKS
from marketplace.core.mail import MailRow
from payments.domain.checkout import BOUGHT_NOTHING
from payments.domain.ledger import Account
from payments.domain.settle import settle
from payments.domain.states import (
    CommandStatus,
    PaymentStatus,
    PurchaseStatus,
    RefundStatus,
    ReversalStatus,
    TransferStatus,
)
from payments.models.payouts import Transfer
from payments.models.returns import TransferReversal
from payments.models.sales import Payment, Purchase, PurchaseSession, Refund, StripeCommand, StripeEvent
from payments.queries import settling as settle_queries
from payments.queries.ledger import balances, violations
from tests.conftest import TUESDAY, MovableClock
from tests.races.acts import World, people, run_waiting
from tests.stripe_side import StripeSide


def world_of(settings: Settings, clock: MovableClock) -> World:
    return World(create_app(settings), settings, clock, StripeSide(settings))


def begin_anew(world: World) -> World:
    """Nothing has happened in this database: every row of every table is gone, a ledger's too. Stripe knows nothing.

    As good as a new database, of which making one takes longer than all that happens in it.
    """
    anew = replace(world.settings, stripe_secret_key=f"sk_test_{uuid4().hex}")
    world.clock.set(TUESDAY)
    with world.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no triggers, no foreign keys
        emptied = "; ".join(f"DELETE FROM {table}" for table in connection.execute(text(_TABLES)).scalars())
        connection.execute(text(f"DO $$ BEGIN {emptied}; END $$"))  # in one go: it is done before every death
    world.app.extensions["settings"] = anew
    begun = replace(world, settings=anew, stripe=StripeSide(anew))
    people(begun)
    return begun


_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"


def live_on(world: World) -> None:
    """The worker goes on as ever, past the end of every hold; letters are written down, and not sent here."""
    for minutes in (3, 38, 3):
        world.clock.advance(timedelta(minutes=minutes))
        for sweep in ("payments:sweep", "payments:pay", "payments:poll"):
            with world.app.app_context():
                TASKS[sweep]()
        while run_waiting(world, "payments:%", failing=True):
            continue


def outcome(world: World) -> str:
    """For Ada, who buys for money."""
    with world.app.app_context():
        refunds = db.session.scalars(select(Refund.id)).all()
        sold = select(Purchase.id).where(Purchase.status == PurchaseStatus.SOLD, Purchase.gross_minor > 0)
        found = "refunded" if refunds else "sold" if db.session.scalars(sold).all() else "free"
        db.session.rollback()
    return found


def wrongs(world: World) -> list[str]:
    """All that is not as it should be once everything is over; a line each."""
    with world.app.app_context():
        found = [
            *_at_stripe(world),
            *_with_us(),
            *_of_mentors(world),
            *_exchanged(world),
            *_letters(),
            *violations(db.session()),
        ]
        found += [f"session {name} is not settled" for _, name in settle_queries.unsettled(db.session())]
        db.session.rollback()
    return found


def _at_stripe(world: World) -> Iterator[str]:
    """Paid there: confirmed here or given back whole, and never both. Unpaid there: not payable, and nothing sold."""
    theirs = [each for each in world.stripe.sessions() if "purchase" in each["metadata"]]
    refunded, taken = _gone_at_stripe(world)
    kept, lost = Counter[str](), Counter[str]()
    for each in theirs:
        status = db.session.scalar(select(Payment.status).where(Payment.stripe_session_id == each["id"]))
        paid, intent, purchase = each["status"] == "complete", each["payment_intent"], each["metadata"]["purchase"]
        if each["status"] == "open":
            yield f"{each['id']} can still be paid"
        if (status == PaymentStatus.PAID) is not paid:
            yield f"{each['id']} is {each['status']} there and {status} here"
        if paid:
            kept[purchase] += each["amount_total"] - refunded[intent] - taken[intent]
            lost[purchase] += taken[intent]
    for purchase, minor in kept.items():
        due = db.session.scalar(_SOLD_FOR.where(Purchase.public_id == purchase)) or 0
        due -= max(back_for_sessions(purchase), lost[purchase])
        if minor != due:
            yield f"purchase {purchase}: {minor} kept, and {due} to be kept"
    for payment, number in Counter(each["metadata"]["payment"] for each in theirs).items():
        if number > 1:
            yield f"{number} sessions for payment {payment}"


def _gone_at_stripe(world: World) -> tuple[Counter[str], Counter[str]]:
    """By payment intent: what was refunded, and what banks gave back for good."""
    refunded, taken = Counter[str](), Counter[str]()
    for each in world.stripe.refunds():
        refunded[each["payment_intent"]] += each["amount"] if each["status"] == "succeeded" else 0
    for each in world.stripe.get("/v1/disputes", limit=100)["data"]:
        taken[each["payment_intent"]] += each["amount"] if each["status"] == "lost" else 0
    return refunded, taken


_SOLD_FOR = (
    select(Purchase.total_minor)
    .join(PurchaseSession, PurchaseSession.purchase_id == Purchase.id)
    .join(Booking, Booking.id == PurchaseSession.booking_id)
    .where(
        Purchase.status == PurchaseStatus.SOLD, Booking.status.in_([BookingStatus.CONFIRMED, *CANCELLED, *TOOK_PLACE])
    )
)


def back_for_sessions(purchase: str | None = None) -> int:
    """What is due for what became of all that was bought, or bought with one purchase."""
    every = select(Purchase).order_by(Purchase.id)
    found = db.session.scalars(every.where(Purchase.public_id == purchase) if purchase else every)
    sales = settle_queries.frozen_sales(db.session(), found)
    return sum(each.back.minor for sale in sales.values() for each in settle(sale))


def _with_us() -> Iterator[str]:
    paid = select(Payment.purchase_id).where(Payment.status == PaymentStatus.PAID)
    gifts = select(Purchase.id).where(Purchase.gross_minor == 0)
    unsold = (Purchase.status == PurchaseStatus.SOLD) & Purchase.id.not_in(paid) & Purchase.id.not_in(gifts)
    occupied = select(Occupancy.booking_id)
    checks = {
        "unpaid purchases": select(Purchase.id).where(Purchase.status == PurchaseStatus.UNPAID),
        "sold and not paid": select(Purchase.id).where(unsold),
        "neither confirmed nor over": select(Booking.id).where(
            Booking.status.not_in([BookingStatus.CONFIRMED, *LAPSED, *CANCELLED, *TOOK_PLACE])
        ),
        "over and not free": select(Booking.id).where(Booking.status.in_(LAPSED | CANCELLED), Booking.id.in_(occupied)),
        "commands unanswered": select(StripeCommand.id).where(StripeCommand.status == CommandStatus.WAITING),
        "refunds not made": select(Refund.id).where(Refund.status != RefundStatus.SUCCEEDED),
        "transfers not made": select(Transfer.id).where(Transfer.status == TransferStatus.OWED),
        "reversals not made": select(TransferReversal.id).where(TransferReversal.status == ReversalStatus.OWED),
        "events not done": select(StripeEvent.id).where(StripeEvent.status != "done"),
        "fees not booked": select(Payment.id).where(
            Payment.status == PaymentStatus.PAID, Payment.stripe_fee_minor.is_(None)
        ),
    }
    for what, statement in checks.items():
        if rows := db.session.scalars(statement).all():
            yield f"{what}: {rows}"


def _of_mentors(world: World) -> Iterator[str]:
    """Whoever has earned something has it, less what was given back of it; nobody owes or is owed."""
    books, theirs = balances(db.session()), world.stripe.get("/v1/transfers", limit=100)["data"]
    earned = sum(each.share.minor for each in settle_queries.all_dues(db.session()))
    went = sum(each["amount"] - each["amount_reversed"] for each in theirs)
    if went != earned:
        yield f"{went} went to mentors, and {earned} is theirs"
    for account in (Account.MENTOR_PAYABLE, Account.MENTOR_RECEIVABLE, Account.MENTOR_WAITING):
        if books[account, "EUR"]:
            yield f"{account} is left with {books[account, 'EUR']}"


def _exchanged(world: World) -> Iterator[str]:
    """What Stripe holds in a currency in which nothing was sold is what our books say."""
    books = balances(db.session())
    for each in world.stripe.get("/v1/balance")["available"]:
        code = each["currency"].upper()
        if code != "EUR" and each["amount"] != books[Account.STRIPE_CLEARING, code]:
            yield f"Stripe holds {each['amount']} {code}, and our books {books[Account.STRIPE_CLEARING, code]}"


def _letters() -> Iterator[str]:
    """One to each of two people for each session that is confirmed, over or cancelled, one for each refund of money
    that bought nothing; nobody is told the same twice."""
    told = Counter(db.session.scalars(select(MailRow.fact)))
    stood = [BookingStatus.CONFIRMED, *TOOK_PLACE]
    confirmed = db.session.scalar(select(func.count()).where(Booking.status.in_(stood))) or 0
    cancelled = db.session.scalar(select(func.count()).where(Booking.status.in_(CANCELLED))) or 0
    refunds = db.session.scalar(select(func.count()).where(Refund.reason.in_(BOUGHT_NOTHING)))
    expected = {
        "booking:booked": 2 * (confirmed + cancelled),
        "booking:cancelled": 2 * cancelled,
        "payments:refunded": refunds or 0,
    }
    for fact, number in expected.items():
        if told[fact] != number:
            yield f"{fact}: told {told[fact]} times, not {number}"
