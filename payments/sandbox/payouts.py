"""What recipients have on their balances, and what Stripe pays out of them to their banks by itself."""

from collections import Counter

from payments.sandbox import events
from payments.sandbox.call import Call, Origin, new_id
from payments.sandbox.listing import LISTING, found, listed
from payments.sandbox.params import Group, Text, words
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, Tx, equals

URL = "/v1/payouts"
LIST_PAYOUTS = Group({**LISTING, "status": Text(one_of=words("pending paid failed canceled"))})
_PLATFORMS_OWN = ("json_extract(body, '$._connected') IS NULL", ())


def balances_of(tx: Tx, key: str, account: str) -> Counter[str]:
    """By currency: what was transferred there, less what was reversed and what was paid out."""
    net: Counter[str] = Counter()
    for transfer in tx.page(key, "transfer", [equals("destination", account)]):
        net[transfer["currency"]] += transfer["amount"] - transfer["amount_reversed"]
    for payout in tx.page(key, "payout", [equals("_connected", account)]):
        net[payout["currency"]] -= payout["amount"] if payout["status"] != "failed" else 0
    return net


def on_balance(tx: Tx, key: str, account: str, currency: str) -> int:
    return balances_of(tx, key, account)[currency]


def pay_out(tx: Tx, origin: Origin, account: str, *, failed: bool = False) -> list[Body]:
    """One for each currency in which there is something."""
    amounts = sorted(balances_of(tx, origin.account, account).items())
    return [_paid(tx, origin, account, amount, code, failed) for code, amount in amounts if amount > 0]


def _paid(tx: Tx, origin: Origin, account: str, amount: int, currency: str, failed: bool) -> Body:
    """Created, and paid or failed at once; each is told."""
    made = tx.add(origin.account, _payout(account, amount, currency, origin.now))
    events.record(tx, origin, "payout.created", made, connected=account)
    ended = made | {"status": "paid"}
    if failed:
        wrong = {"failure_code": "account_closed", "failure_message": "The bank account has been closed."}
        ended = made | {"status": "failed", "failure_balance_transaction": new_id("txn"), **wrong}
    tx.save(ended)
    events.record(tx, origin, f"payout.{ended['status']}", ended, {"status": "pending"}, connected=account)
    return ended


def _payout(account: str, amount: int, currency: str, now: int) -> Body:
    return {
        "id": new_id("po"),
        "object": "payout",
        "_connected": account,
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": now,
        "automatic": True,
        "balance_transaction": new_id("txn"),
        "created": now,
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "destination": new_id("ba"),
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "pending",
        "trace_id": None,
        "type": "bank_account",
    }


def list_payouts(call: Call) -> Body:
    """Of the account of `Stripe-Account`; the platform's own has none, since it is paid by hand."""
    where = [equals("_connected", call.connected) if call.connected else _PLATFORMS_OWN]
    if "status" in call.params:
        where.append(equals("status", call.params["status"]))
    return listed(call, "payout", URL, where)


def retrieve_payout(call: Call, payout: str) -> Body:
    return public(found(call, "payout", payout, "payout"))
