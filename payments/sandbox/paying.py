"""What a press on the hosted page does; no key is asked for, as at Stripe: who has the page may pay."""

from enum import StrEnum

from payments.sandbox import events
from payments.sandbox.call import Origin
from payments.sandbox.checkout import expire
from payments.sandbox.money_objects import balance_transaction, charge, intent, processing_fee
from payments.sandbox.session_objects import customer
from payments.sandbox.store import Body, Store, Tx


class Outcome(StrEnum):
    PAID = "paid"
    DECLINED = "declined"
    NOT_OPEN = "not_open"


def visit(store: Store, session_id: str) -> Body | None:
    """The session with its hidden lines, whoever made it."""
    with store.reading() as tx:
        row = tx.row(session_id)
    return row[1] if row and row[1]["object"] == "checkout.session" else None


def pay(store: Store, session_id: str, now: int) -> tuple[Outcome, Body | None]:
    """All or nothing, in one transaction; a session that is not open, or no longer, is left as it is."""
    with store.writing() as tx:
        row = tx.row(session_id)
        if row is None or row[1]["object"] != "checkout.session" or row[1]["status"] != "open":
            return Outcome.NOT_OPEN, row[1] if row else None
        origin, body = Origin(row[0], now), row[1]
        if body["expires_at"] <= now:
            return Outcome.NOT_OPEN, expire(tx, origin, body)
        return Outcome.PAID, _complete(tx, origin, body)


def _complete(tx: Tx, origin: Origin, body: Body) -> Body:
    buyer = customer(body["customer_email"] or "buyer@example.com", "Test Buyer")
    done = body | {"status": "complete", "url": None, "customer_details": buyer}
    if done["amount_total"]:
        done |= {"payment_intent": _take_money(tx, origin, done), "payment_status": "paid"}
    tx.save(done)
    events.record(tx, origin, "checkout.session.completed", done)
    return done


def _take_money(tx: Tx, origin: Origin, done: Body) -> str:
    """Intent, charge and balance transaction; returns the intent's id."""
    paid = intent(done, origin.now)
    charged = charge(paid, done["customer_details"], origin.now)
    amount = charged["amount"]
    booked = balance_transaction(charged, amount, processing_fee(amount), origin.now)
    paid["latest_charge"], charged["balance_transaction"] = charged["id"], booked["id"]
    for made in (paid, charged, booked):
        tx.add(origin.account, made)
    events.record(tx, origin, "payment_intent.succeeded", paid)
    events.record(tx, origin, "charge.succeeded", charged)
    return str(paid["id"])
