"""What becomes of a slow payment days after the session was complete."""

from payments.sandbox import charge_details, events
from payments.sandbox.books import book_charge
from payments.sandbox.call import Origin
from payments.sandbox.errors import refused
from payments.sandbox.paying import tell_received
from payments.sandbox.store import Body, Tx

_MESSAGE = "The customer's bank account could not be debited."


def succeed(tx: Tx, origin: Origin, session: Body) -> Body:
    """The money came. Raises ApiError unless the payment is processing."""
    tried, charged = _processing(tx, session)
    booked = tx.save(book_charge(tx, origin, charged | {"paid": True, "status": "succeeded"}))
    tell_received(tx, origin, tried, booked)
    paid = tx.save(session | {"payment_status": "paid"})
    events.record(tx, origin, "checkout.session.async_payment_succeeded", paid)
    return paid


def fail(tx: Tx, origin: Origin, session: Body) -> Body:
    """The money never comes: the session stays complete and unpaid. Raises ApiError unless it is processing."""
    tried, charged = _processing(tx, session)
    failed = tx.save(
        charged
        | {
            "amount_captured": 0,
            "captured": False,
            "failure_code": "insufficient_funds",
            "failure_message": _MESSAGE,
            "outcome": charge_details.declined("insufficient_funds"),
            "status": "failed",
        }
    )
    error = charge_details.payment_error(_MESSAGE, "payment_intent_payment_attempt_failed", failed["id"])
    again = tried | {"last_payment_error": error, "payment_method": None, "status": "requires_payment_method"}
    events.record(tx, origin, "payment_intent.payment_failed", tx.save(again))
    events.record(tx, origin, "charge.failed", failed)
    events.record(tx, origin, "checkout.session.async_payment_failed", session)
    return session


def _processing(tx: Tx, session: Body) -> tuple[Body, Body]:
    """Its intent and its charge."""
    intent = tx.row(session["payment_intent"]) if session["payment_intent"] else None
    charge = tx.row(intent[1]["latest_charge"]) if intent and intent[1]["status"] == "processing" else None
    if intent is None or charge is None:
        raise refused(f"The payment of {session['id']} is not processing.")
    return intent[1], charge[1]
