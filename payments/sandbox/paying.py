"""What a press on the hosted page does; no key is asked for, as at Stripe: who has the page may pay.

Everything is one transaction, and a session that is not open, or no longer, is left as it is.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from payments.sandbox import charge_details, discounts, events, invoices
from payments.sandbox.books import book_charge
from payments.sandbox.call import Origin
from payments.sandbox.checkout import expire
from payments.sandbox.money_objects import charge, intent
from payments.sandbox.session_objects import customer
from payments.sandbox.store import Body, Store, Tx


class Outcome(StrEnum):
    PAID = "paid"
    PROCESSING = "processing"  # complete and unpaid: the slow method has promised
    DECLINED = "declined"
    ASKED = "asked"  # the bank wants to know whether it was the buyer
    NOT_AUTHENTICATED = "not_authenticated"
    NOT_OPEN = "not_open"


Result = TypeVar("Result")
Act = Callable[[Tx, Origin, Body], tuple[Result, Body]]


def visit(store: Store, session_id: str) -> Body | None:
    """The session with its hidden lines, whoever made it."""
    with store.reading() as tx:
        row = tx.row(session_id)
    return row[1] if row and row[1]["object"] == "checkout.session" else None


def at_open(store: Store, session_id: str, now: int, act: Act[Result]) -> tuple[Result | Outcome, Body | None]:
    """Acts on the session if it can still be paid at this second."""
    with store.writing() as tx:
        row = tx.row(session_id)
        if row is None or row[1]["object"] != "checkout.session" or row[1]["status"] != "open":
            return Outcome.NOT_OPEN, row[1] if row else None
        origin, body = Origin(row[0], now), row[1]
        if body["expires_at"] <= now:
            return Outcome.NOT_OPEN, expire(tx, origin, body)
        return act(tx, origin, body)


def pay(store: Store, session_id: str, now: int, *, authenticated: bool = False) -> tuple[Outcome, Body | None]:
    """By card: the money comes at once. `authenticated` is after 3-D Secure."""

    def act(tx: Tx, origin: Origin, body: Body) -> tuple[Outcome, Body]:
        done = _completed(body)
        if done["amount_total"]:
            card = charge_details.card(authenticated=authenticated)
            done |= {"payment_intent": _take_money(tx, origin, done, card), "payment_status": "paid"}
        return Outcome.PAID, _tell_completed(tx, origin, done)

    return at_open(store, session_id, now, act)


def pay_authenticated(store: Store, session_id: str, now: int) -> tuple[Outcome, Body | None]:
    """By card, after the buyer told the bank yes."""
    return pay(store, session_id, now, authenticated=True)


def pay_slowly(store: Store, session_id: str, now: int) -> tuple[Outcome, Body | None]:
    """By direct debit: complete and unpaid, until `settling` says whether the money came. Nothing to pay is paid."""

    def act(tx: Tx, origin: Origin, body: Body) -> tuple[Outcome, Body]:
        done = _completed(body)
        if not done["amount_total"]:
            return Outcome.PAID, _tell_completed(tx, origin, done)
        done |= {"payment_method_types": ["card", "sepa_debit"], "payment_method_options": {}}
        done["payment_intent"] = _promise_money(tx, origin, done)
        return Outcome.PROCESSING, _tell_completed(tx, origin, done)

    return at_open(store, session_id, now, act)


def decline(store: Store, session_id: str, now: int, reason: str = "generic_decline") -> tuple[Outcome, Body | None]:
    """The session stays open; its intent keeps the failed charge. Raises KeyError for a reason that is not known."""
    message = charge_details.DECLINES[reason]

    def act(tx: Tx, origin: Origin, body: Body) -> tuple[Outcome, Body]:
        if not body["amount_total"]:
            return Outcome.DECLINED, body
        tried = intent_of(tx, origin, body)
        failed = _charge(tried, body, charge_details.card(), origin.now) | {
            "amount_captured": 0,
            "captured": False,
            "failure_code": "card_declined",
            "failure_message": message,
            "outcome": charge_details.declined(reason),
            "paid": False,
            "status": "failed",
        }
        tx.add(origin.account, failed)
        error = charge_details.payment_error(message, "card_declined", failed["id"], reason)
        _back_to_the_start(tx, origin, tried | {"latest_charge": failed["id"]}, error)
        events.record(tx, origin, "charge.failed", failed)
        return Outcome.DECLINED, tx.save(body | {"payment_intent": tried["id"]})

    return at_open(store, session_id, now, act)


def ask_bank(store: Store, session_id: str, now: int) -> tuple[Outcome, Body | None]:
    """3-D Secure begins: the intent waits for the buyer's yes (`pay`) or no (`refuse_bank`)."""

    def act(tx: Tx, origin: Origin, body: Body) -> tuple[Outcome, Body]:
        if not body["amount_total"]:
            return Outcome.PAID, _tell_completed(tx, origin, _completed(body))
        asked = intent_of(tx, origin, body) | {
            "next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}},
            "status": "requires_action",
        }
        events.record(tx, origin, "payment_intent.requires_action", tx.save(asked))
        return Outcome.ASKED, tx.save(body | {"payment_intent": asked["id"]})

    return at_open(store, session_id, now, act)


def refuse_bank(store: Store, session_id: str, now: int) -> tuple[Outcome, Body | None]:
    """The buyer told the bank no: nothing was charged, and the session stays open."""

    def act(tx: Tx, origin: Origin, body: Body) -> tuple[Outcome, Body]:
        tried = intent_of(tx, origin, body)
        message = "We are unable to authenticate your payment method. Please choose a different one and try again."
        error = charge_details.payment_error(message, "payment_intent_authentication_failure")
        _back_to_the_start(tx, origin, tried, error)
        return Outcome.NOT_AUTHENTICATED, tx.save(body | {"payment_intent": tried["id"]})

    return at_open(store, session_id, now, act)


def intent_of(tx: Tx, origin: Origin, body: Body) -> Body:
    """The session's own, made when the first method is tried; a discount since then counts."""
    row = tx.row(body["payment_intent"]) if body["payment_intent"] else None
    if row is None:
        return tx.add(origin.account, intent(body, origin.now))
    return row[1] | {"amount": body["amount_total"]}


def _back_to_the_start(tx: Tx, origin: Origin, tried: Body, error: Body) -> None:
    again = {"last_payment_error": error, "next_action": None, "status": "requires_payment_method"}
    events.record(tx, origin, "payment_intent.payment_failed", tx.save(tried | again))


def _completed(body: Body) -> Body:
    buyer = customer(body["customer_email"] or "buyer@example.com", "Test Buyer")
    return body | {"status": "complete", "url": None, "customer_details": buyer}


def _tell_completed(tx: Tx, origin: Origin, done: Body) -> Body:
    if done["invoice_creation"]["enabled"]:
        done |= {"invoice": tx.add(origin.account, invoices.invoice(done, origin.now))["id"]}
    tx.save(done)
    discounts.redeem(tx, done)
    events.record(tx, origin, "checkout.session.completed", done)
    return done


def _charge(tried: Body, body: Body, details: Body, now: int) -> Body:
    buyer = body["customer_details"] or customer(body["customer_email"], None)
    charged = charge(tried, buyer, details, now)
    return charged | {"receipt_url": invoices.address(body["_base_url"], charged["id"])}


def _take_money(tx: Tx, origin: Origin, done: Body, details: Body) -> str:
    """Intent, charge and balance transaction; returns the intent's id."""
    tried = intent_of(tx, origin, done)
    charged = tx.add(origin.account, _charge(tried, done, details, origin.now))
    charged = tx.save(book_charge(tx, origin, charged))
    tell_received(tx, origin, tried, charged)
    return str(tried["id"])


def tell_received(tx: Tx, origin: Origin, tried: Body, charged: Body) -> None:
    """The intent has its money, and both events say so."""
    paid = tried | {
        "amount_received": charged["amount"],
        "last_payment_error": None,
        "latest_charge": charged["id"],
        "next_action": None,
        "payment_method": charged["payment_method"],
        "status": "succeeded",
    }
    events.record(tx, origin, "payment_intent.succeeded", tx.save(paid))
    events.record(tx, origin, "charge.succeeded", charged)


def _promise_money(tx: Tx, origin: Origin, done: Body) -> str:
    tried = intent_of(tx, origin, done)
    waiting = {"paid": False, "status": "pending", "amount_captured": done["amount_total"]}
    charged = tx.add(origin.account, _charge(tried, done, charge_details.direct_debit(), origin.now) | waiting)
    promised = tried | {
        "last_payment_error": None,
        "latest_charge": charged["id"],
        "next_action": None,
        "payment_method": charged["payment_method"],
        "payment_method_options": {},
        "payment_method_types": ["card", "sepa_debit"],
        "status": "processing",
    }
    events.record(tx, origin, "payment_intent.processing", tx.save(promised))
    events.record(tx, origin, "charge.pending", charged)
    return str(promised["id"])
