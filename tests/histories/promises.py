"""What must be true of the site and the stand-in after every move, and what must be true once all is quiet.

The names I1 to I15 are those of docs/testing.md.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from booking.domain.states import PENDING, TOOK_PLACE, BookingStatus
from marketplace.core.clock import utcnow
from payments.domain.states import PAYABLE, PaymentStatus, PurchaseStatus, RefundStatus
from payments.models.sales import StripeCommand, StripeEvent
from payments.queries import ledger as queries_ledger
from tests.histories import promises_of_mentors, promises_of_programmes
from tests.histories.sold import Sold, sold
from tests.stripe_side import StripeSide

LONGEST_HEARING = timedelta(hours=48 + 8 * 24 + 1)
"""The window, a day for the answer to each thing that can be said, and the time of a sweep."""


def at_every_moment(session: Session, stripe: StripeSide, forgotten: set[str]) -> list[str]:
    """Broken promises, one line each; also right after a death. `forgotten` purchases had their rows set back."""
    sales, theirs = sold(session), stripe.sessions()
    return [
        *_payable(sales, theirs, forgotten),
        *_totals(sales, theirs),
        *(f"I6 the books: {line}" for line in queries_ledger.violations(session)),
        *promises_of_programmes.at_every_moment(session, sales),
        *_errors(session),
    ]


def when_quiet(session: Session, stripe: StripeSide, forgotten: set[str]) -> list[str]:
    """Broken promises after the last sweep: no payment, hold, refund or event waits for anything or anybody."""
    sales, theirs = sold(session), stripe.sessions()
    return [
        *at_every_moment(session, stripe, forgotten),
        *_still_open(session, sales, theirs),
        *_over(sales),
        *_every_charge(sales, theirs),
        *promises_of_mentors.when_quiet(session, stripe, sales),
        *_every_refund(sales, stripe.refunds()),
    ]


def _is_payable(theirs: Any) -> bool:
    return bool(theirs["status"] == "open" and theirs["expires_at"] > utcnow().timestamp())


def _payable(sales: list[Sold], theirs: list[Any], forgotten: set[str]) -> list[str]:
    """A session that can be paid has its time held, in every instant: release comes after expiry, never before."""
    payable = Counter(each["metadata"]["purchase"] for each in theirs if _is_payable(each))
    bookings = {each.purchase.public_id: {booking.state for booking in each.bookings} for each in sales}
    several = [f"I4 {count} payable sessions of {purchase}" for purchase, count in payable.items() if count > 1]
    free = [
        f"I4 {purchase} can be paid and its bookings are {bookings.get(purchase)}"
        for purchase in payable.keys() - forgotten
        if not bookings.get(purchase, {None}) <= PENDING
    ]
    return several + free


def _totals(sales: list[Sold], theirs: list[Any]) -> list[str]:
    known = {each["id"]: each for each in theirs}
    wrong = []
    for each in sales:
        if each.purchase.status == PurchaseStatus.SOLD and each.buys:
            paid = known[str(each.payment.stripe_session_id)]
            details = paid["total_details"]
            on_top = 0 if each.purchase.tax_included else details["amount_tax"]
            due = each.purchase.gross_minor - details["amount_discount"] + on_top
            if not each.purchase.total_minor == paid["amount_total"] == due:
                wrong.append(f"I7 {each.purchase.public_id} sold for {each.purchase.total_minor}, due {due}")
    return wrong


def _errors(session: Session) -> list[str]:
    """An event may fail for Stripe's silence, and for nothing else."""
    errors = session.scalars(select(StripeEvent.error).where(StripeEvent.error.is_not(None)))
    expected = ("GatewayUnavailable", "StripeBroke", "It names an object")
    return [f"event: {error}" for error in errors if not str(error).startswith(expected)]


def _still_open(session: Session, sales: list[Sold], theirs: list[Any]) -> list[str]:
    waiting = [
        f"payment {each.payment.id} is {each.payment.status}" for each in sales if each.payment.status in PAYABLE
    ]
    bookings = [booking for each in sales for booking in each.bookings]
    held = [f"booking {each.id} is {each.status}" for each in bookings if each.state in PENDING]
    unpaid = [f"purchase {each.purchase.id} is unpaid" for each in sales if each.purchase.status == "unpaid"]
    open_there = [f"session {each['id']} is open at Stripe" for each in theirs if each["status"] == "open"]
    events = session.execute(select(StripeEvent.type, StripeEvent.status, StripeEvent.object_id))
    undone = [f"event {row.type} of {row.object_id} is {row.status}" for row in events if row.status != "done"]
    return [f"not quiet: {line}" for line in (*waiting, *held, *unpaid, *open_there, *undone)]


def _over(sales: list[Sold]) -> list[str]:
    """I11: what is over has come to an end, or waits for an operator and for nobody else."""
    late = utcnow() - LONGEST_HEARING
    bookings = {booking.id: booking for each in sales for booking in each.bookings}
    return [
        f"I11 booking {number} is {booking.status}, and over since {booking.ends_at}"
        for number, booking in bookings.items()
        if booking.ends_at <= late
        and booking.state in {BookingStatus.CONFIRMED, *TOOK_PLACE}
        and booking.settled_at is None
        and (booking.state is BookingStatus.CONFIRMED or booking.settle_at is not None)
    ]


def _every_charge(sales: list[Sold], theirs: list[Any]) -> list[str]:
    """I2: whoever paid has exactly one of what they bought and all of the money back, or owed; of what they bought and
    was cancelled, what is due, once. Of a sum of nothing (a discount of everything) that came too late, nothing can go
    back."""
    by_session = {each.payment.stripe_session_id: each for each in sales}
    wrong, bought = [], Counter[int]()
    for charge in theirs:
        if charge["status"] != "complete" or charge["payment_status"] not in {"paid", "no_payment_required"}:
            continue
        ours = by_session.get(charge["id"])
        if ours is None or ours.payment.status != PaymentStatus.PAID:
            wrong.append(f"I2 {charge['id']} is paid and we do not know it")
        elif ours.for_nothing or ours.is_covered:
            back = sum(ours.for_nothing) + ours.back
            if back + ours.lost != charge["amount_total"] or (not ours.lost and len(ours.for_nothing) > 1):
                wrong.append(f"I2 {charge['id']} was not given back once and in full")
        elif charge["amount_total"] or ours.purchase.status == PurchaseStatus.SOLD:
            bought[ours.purchase.id] += 1
            if not ours.is_bought:
                wrong.append(f"I2 {charge['id']} has neither booking nor refund: {ours.booking.status}")
            if not _is_right(ours):
                due = f"{ours.due} and {ours.given} is due"
                says = f"{ours.for_sessions} goes back and {ours.gone} is gone, and {due}"
                wrong.append(f"I2 of {charge['id']} {says}")
    wrong += [f"I2 purchase {purchase} was paid {count} times" for purchase, count in bought.items() if count > 1]
    had = {each.purchase.id for each in sales if each.is_bought}
    return [*wrong, *(f"I2 purchase {purchase} was bought and not paid" for purchase in had - bought.keys())]


def _is_right(ours: Sold) -> bool:
    """What is due has reached the mentee, by refunds or by a bank; by refunds alone no more than is due, and all
    together no more than was paid."""
    if not ours.gone and not ours.given:
        return ours.for_sessions == ours.due
    back, due = ours.back, ours.total_due + ours.given
    return back <= due <= back + ours.gone <= (ours.payment.paid_minor or 0)


def _every_refund(sales: list[Sold], theirs: list[Any]) -> list[str]:
    """I3: at Stripe each was made once; ours says the same; what the bank sent back is owed, in the queue. What was
    promised of a payment of which a bank took a part for good, Stripe refuses to send: reconcile has to say so."""
    there = {each["id"]: each for each in theirs}
    ours = [refund for each in sales for refund in each.refunds]
    refused = {
        refund.id for each in sales if each.lost for refund in each.refunds if refund.status == RefundStatus.OWED
    }
    came_back = {each.stripe_refund_id for sale in sales for each in sale.covered}
    known = {each.stripe_refund_id for each in ours} | came_back
    wrong = [f"I3 refund {found} is not ours" for found in there.keys() - known]
    went = {found for found in came_back & there.keys() if there[found]["status"] == "succeeded"}
    wrong += [f"I3 refund {found} went back, and a bank gave it too" for found in went]
    for refund in ours:
        if refund.id in refused:
            continue
        found = there.get(str(refund.stripe_refund_id))
        expected = RefundStatus.SUCCEEDED if found and found["status"] == "succeeded" else RefundStatus.FAILED
        if found is None or (refund.status, refund.amount_minor) != (expected, found["amount"]):
            wrong.append(f"I3 refund {refund.id} is {refund.status}, at Stripe {found and found['status']}")
    return wrong


def keys(session: Session, posted: dict[str, set[tuple[str, str]]]) -> list[str]:
    """I10: whatever made something at Stripe had a key of the outbox, and said the same whenever it was used."""
    known = set(session.scalars(select(StripeCommand.business_key)))
    unknown = [f"I10 no command has the key {key}" for key in posted if key.split(":")[0] not in known]
    return unknown + [
        f"I10 {key} was used for {len(bodies)} things" for key, bodies in posted.items() if len(bodies) > 1
    ]


def state(session: Session, stripe: StripeSide) -> object:
    """All that a repeated event must not change."""
    rows = [
        (
            each.payment.id,
            each.payment.status,
            each.payment.paid_minor,
            each.purchase.status,
            each.purchase.total_minor,
            tuple(booking.status for booking in each.bookings),
            tuple((part.row.to_book, part.row.returned_at) for part in each.parts),
            tuple((refund.id, refund.status, refund.stripe_refund_id) for refund in each.refunds),
        )
        for each in sold(session)
    ]
    there = [(each["id"], each["status"], each["payment_status"]) for each in stripe.sessions()]
    books = sorted(queries_ledger.balances(session).items())
    letters = session.execute(text("SELECT count(*) FROM mail_outbox")).scalar_one()
    session.rollback()
    return rows, there, [(each["id"], each["status"]) for each in stripe.refunds()], books, letters
