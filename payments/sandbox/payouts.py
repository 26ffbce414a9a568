"""What recipients have on their balances, and what Stripe pays out of them to their banks by itself."""

from collections import Counter

from payments.sandbox import events
from payments.sandbox.accounts import account_with
from payments.sandbox.call import Call, Origin, new_id
from payments.sandbox.listing import LISTING, found, listed
from payments.sandbox.params import Group, Text, words
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, Store, Tx, equals

URL = "/v1/payouts"
LIST_PAYOUTS = Group({**LISTING, "status": Text(one_of=words("pending paid failed canceled"))})
OUTCOMES = words("paid failed on_its_way canceled")
FAILURES = {
    "account_closed": "The bank account has been closed.",
    "could_not_process": "This bank was not able to take the payout.",
    "invalid_account_number": "This bank has no such account number.",
    "no_account": "This bank found nobody with such an account.",
    "unsupported_card": "This card takes payouts no more.",
}
"""Why a bank sends one back, by Stripe's code; Stripe has more, and words of its own."""
TAKES_SECONDS = 2 * 24 * 60 * 60
_CAME_BACK = words("failed canceled")
_PLATFORMS_OWN = ("json_extract(body, '$._connected') IS NULL", ())


def balances_of(tx: Tx, key: str, account: str) -> Counter[str]:
    """By currency: what was transferred there, less what was reversed and what was paid out."""
    net: Counter[str] = Counter()
    for transfer in tx.page(key, "transfer", [equals("destination", account)]):
        net[transfer["currency"]] += transfer["amount"] - transfer["amount_reversed"]
    for payout in tx.page(key, "payout", [equals("_connected", account)]):
        net[payout["currency"]] -= payout["amount"] if payout["status"] not in _CAME_BACK else 0
    return net


def on_balance(tx: Tx, key: str, account: str, currency: str) -> int:
    return balances_of(tx, key, account)[currency]


def pay_out(tx: Tx, origin: Origin, account: str, outcome: str, code: str = "account_closed") -> list[Body]:
    """One for each currency in which there is something; `code` is why one failed."""
    amounts = sorted(balances_of(tx, origin.account, account).items())
    made = [_payout(account, amount, currency, origin.now) for currency, amount in amounts if amount > 0]
    for each in made:
        events.record(tx, origin, "payout.created", tx.add(origin.account, each), connected=account)
    return [become(tx, origin, each, outcome, code) for each in made]


def become(tx: Tx, origin: Origin, payout: Body, outcome: str, code: str = "account_closed") -> Body:
    """What has become of one, which is told. One that was paid may fail days later, as at Stripe."""
    changes: Body = {"status": outcome}
    if outcome == "on_its_way":
        changes = {"status": "in_transit", "arrival_date": origin.now + TAKES_SECONDS}
    elif outcome == "failed":
        wrong = {"failure_code": code, "failure_message": FAILURES[code]}
        changes |= {"failure_balance_transaction": new_id("txn"), **wrong}
    ended = tx.save(payout | changes)
    name = "updated" if outcome == "on_its_way" else outcome
    events.record(tx, origin, f"payout.{name}", ended, {"status": payout["status"]}, connected=payout["_connected"])
    return ended


def arrive_overdue(store: Store, now: float) -> None:
    """What is on its way arrives on its day; the writer's lock is taken only if something does."""
    with store.reading() as tx:
        if not tx.arrived_payouts(now):
            return
    with store.writing() as tx:
        for key, body in tx.arrived_payouts(now):
            become(tx, Origin(key, int(now)), body, "paid")


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
    if call.connected:
        account_with(call.tx, call.account, call.connected, call.now)
    where = [equals("_connected", call.connected) if call.connected else _PLATFORMS_OWN]
    if "status" in call.params:
        where.append(equals("status", call.params["status"]))
    return listed(call, "payout", URL, where)


def retrieve_payout(call: Call, payout: str) -> Body:
    return public(found(call, "payout", payout, "payout"))
