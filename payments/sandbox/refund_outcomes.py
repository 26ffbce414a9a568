"""What becomes of a refund: at once, or later when it was pending or the bank sent it back.

`amount_refunded` of the charge counts refunds from the moment they are asked for until they fail, so that no refund
exceeds what is left. Money leaves the balance when a refund succeeds or its bank is at work (`processing`), not while
it waits for funds; what left and then failed comes back as a transaction of its own.
"""

from payments.sandbox import events
from payments.sandbox.books import booked_later
from payments.sandbox.call import Origin
from payments.sandbox.errors import refused
from payments.sandbox.fraud_warnings import settle_warnings
from payments.sandbox.store import Body, Tx

_PENDING = {"pending": "processing", "insufficient_funds": "insufficient_funds"}
AT_ONCE = "expired_or_canceled_card"


def begin(tx: Tx, origin: Origin, charged: Body, made: Body, outcome: str) -> Body:
    """`outcome` is succeeded, pending, insufficient_funds (pending too) or failed."""
    if outcome == "failed":
        failed = tx.add(origin.account, made | {"status": "failed", "failure_reason": AT_ONCE})
        for told in ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated"):
            events.record(tx, origin, told, failed)
        return failed
    if outcome in _PENDING:
        made |= {"status": "pending", "pending_reason": _PENDING[outcome]}
    if made.get("pending_reason") != "insufficient_funds":
        made = _booked(tx, origin, made)
    tx.add(origin.account, made)
    before = {key: charged[key] for key in ("amount_refunded", "refunded")}
    after = tx.save(_counted(charged, made["amount"]))
    events.record(tx, origin, "refund.created", made)
    events.record(tx, origin, "charge.refunded", after, before)
    if after["refunded"]:
        settle_warnings(tx, origin, after["id"])
    if made["status"] == "succeeded":
        events.record(tx, origin, "refund.updated", made, {"destination_details": {"card": {}}})
    return made


def succeed(tx: Tx, origin: Origin, made: Body) -> Body:
    """Raises ApiError unless it is pending."""
    if made["status"] != "pending":
        raise refused(f"The refund {made['id']} is {made['status']}, not pending.")
    if made["balance_transaction"] is None:
        made = _booked(tx, origin, made)
    done = tx.save({key: value for key, value in made.items() if key != "pending_reason"} | {"status": "succeeded"})
    _tell(tx, origin, done, {"pending_reason": made["pending_reason"], "status": "pending"})
    return done


def fail(tx: Tx, origin: Origin, made: Body, reason: str) -> Body:
    """From pending, or from succeeded days later: what had left is booked back. Raises ApiError if it failed before."""
    if made["status"] == "failed":
        raise refused(f"The refund {made['id']} has failed already.")
    failed = {key: value for key, value in made.items() if key != "pending_reason"}
    failed |= {"status": "failed", "failure_reason": reason}
    if made["balance_transaction"]:
        back = booked_later(tx, origin, made, made["amount"], kind="refund_failure")
        failed["failure_balance_transaction"] = back["id"]
    tx.save(failed)
    row = tx.row(made["charge"])
    if row:
        tx.save(_counted(row[1], -made["amount"]))
    _tell(tx, origin, failed, {"status": made["status"]})
    events.record(tx, origin, "refund.failed", failed)
    return failed


def _tell(tx: Tx, origin: Origin, made: Body, before: Body) -> None:
    """Two events that say one thing, as Stripe sends them."""
    events.record(tx, origin, "refund.updated", made, before)
    events.record(tx, origin, "charge.refund.updated", made, before)


def _booked(tx: Tx, origin: Origin, made: Body) -> Body:
    return made | {"balance_transaction": booked_later(tx, origin, made, -made["amount"])["id"]}


def _counted(charged: Body, amount: int) -> Body:
    total = charged["amount_refunded"] + amount
    return charged | {"amount_refunded": total, "refunded": total == charged["amount"]}
