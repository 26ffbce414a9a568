"""Reading what was paid: intents, charges, balance transactions, the balance."""

from collections import Counter

from payments.sandbox import payouts
from payments.sandbox.accounts import account_with
from payments.sandbox.call import Call
from payments.sandbox.listing import LISTING, found, listed
from payments.sandbox.params import Group, Text
from payments.sandbox.store import Body, equals

LIST_TRANSACTIONS = Group({**LISTING, "currency": Text(), "source": Text(), "type": Text()})


def retrieve_intent(call: Call, intent: str) -> Body:
    return found(call, "payment_intent", intent, "intent")


def retrieve_charge(call: Call, charge: str) -> Body:
    return found(call, "charge", charge, "id")


def retrieve_transaction(call: Call, transaction: str) -> Body:
    return found(call, "balance_transaction", transaction, "id")


def list_transactions(call: Call) -> Body:
    where = [equals(name, call.params[name]) for name in ("currency", "source", "type") if name in call.params]
    return listed(call, "balance_transaction", "/v1/balance_transactions", where)


def retrieve_balance(call: Call) -> Body:
    """Everything is available at once; an account that never took money has a zero, as Stripe shows it."""
    net: Counter[str] = Counter()
    if call.connected is not None:
        connected = account_with(call.tx, call.account, call.connected, call.now)
        net.update(payouts.balances_of(call.tx, call.account, connected["id"]))
    else:
        for transaction in call.tx.page(call.account, "balance_transaction"):
            net[transaction["currency"]] += transaction["net"]
    amounts = sorted(net.items()) or [("usd", 0)]
    available = [{"amount": amount, "currency": code, "source_types": {"card": amount}} for code, amount in amounts]
    pending = [{"amount": 0, "currency": code, "source_types": {"card": 0}} for code, _ in amounts]
    return {"object": "balance", "available": available, "livemode": False, "pending": pending}
